package invariants

import (
	"testing"

	"github.com/kcheck/kcheck/model"
)

func TestTxnK48(t *testing.T) {
	f := func(kv ...any) (b model.Budget) {
		for i := 0; i < len(kv); i += 2 {
			b[kv[i].(model.FaultKind)] = uint8(kv[i+1].(int))
		}
		return
	}
	try := func(label, g string, c model.Config) {
		t.Logf("%s %s %s", label, g, txnRun(t, g, c, true, true))
	}
	try("k48-1", "exactly-once", k48(f(model.Delay, 1, model.ProducerCrash, 1, model.BrokerCrash, 1)))
	try("k48-2", "exactly-once", k48(f(model.ResponseLost, 1, model.Delay, 1, model.ProducerCrash, 1, model.BrokerCrash, 1)))
	try("k48-3", "exactly-once", k48(f(model.RequestLost, 1, model.ResponseLost, 1, model.Delay, 1, model.ProducerCrash, 1, model.BrokerCrash, 1, model.Rebalance, 1)))
}
