package verdict_test

import (
	"context"
	"fmt"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// A service keeps "our configuration loses nothing when one broker crashes" as a test beside its code.
func ExampleCheck() {
	config := model.DefaultConfig() // acks=all, idempotence, three replicas
	config.Topic.MinISR = 2
	config.Faults = model.Budget{}
	config.Faults[model.BrokerCrash] = 1

	for _, acks := range []model.Acks{model.AcksAll, model.AcksOne} {
		config.Prod.Acks = acks
		config.Prod.Idempotent = acks == model.AcksAll
		result, err := verdict.Check(context.Background(), verdict.Question{
			Config:    config,
			Guarantee: "at-least-once",
		}, verdict.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("acks=%d: %s\n", acks, result.Verdict)
	}
	// Output:
	// acks=-1: holds
	// acks=1: violated
}
