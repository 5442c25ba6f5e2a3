package reproduce

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// clockFaults are the faults that a clock can bring about.
var clockFaults = []model.FaultKind{model.BrokerCrash, model.CleanRestart, model.LeaderMove, model.ReplicaLag, model.RequestLost,
	model.ResponseLost, model.ProducerCrash, model.ConsumerCrash}

// clockSteps are the steps whose times can be set on a cluster, with the setting or the handle that does it. The others take as
// long as they take.
var clockSteps = map[string]string{
	"steps.fetch":            "a proxy holds each fetch of a follower",
	"steps.process":          "the application waits",
	"steps.commit":           "auto.commit.interval.ms is twice that",
	"steps.metadata-age":     "metadata.max.age.ms is twice that",
	"steps.restart":          "how long a broker stays down before its process is started",
	"steps.session-timeout":  "broker.session.timeout.ms",
	"steps.request-timeout":  "request.timeout.ms",
	"steps.delivery-timeout": "delivery.timeout.ms",
	"steps.max-block":        "max.block.ms",
}

// RateProblem says why rates, or a question, cannot be played by a clock; empty if they can.
func RateProblem(q *verdict.Question, rates *risk.Rates) string {
	for _, v := range rates.List() {
		name, fault := strings.CutPrefix(v.Key, "faults.")
		kind, err := model.ParseFault(name)
		switch {
		case fault && err == nil && rates.Number(v.Key) > 0 && !slices.Contains(clockFaults, kind):
			return fmt.Sprintf("%s cannot be brought about by a clock (known are %s); write none, or `defaults: none` at the top of the file",
				v.Key, kindNames(clockFaults))
		case strings.HasPrefix(v.Key, "steps.") && v.Source != risk.SourceDefault && clockSteps[v.Key] == "":
			return fmt.Sprintf("%s cannot be set on a cluster; it takes as long as it takes, and is measured where that is possible", v.Key)
		}
	}
	if broken[q.Guarantee] == nil {
		return q.Guarantee + " is not counted"
	}
	return appProblem(&q.Config)
}

// appProblem says what an application does that is not played by a clock.
func appProblem(c *model.Config) string {
	a := &c.App
	for _, x := range []struct {
		not  bool
		what string
	}{
		{a.OutputKafka, "app.output: kafka is not played by a clock"},
		{a.Share != model.ShareNone, "app.share is not played by a clock"},
		{a.Send != model.SendCallback, "app.send: only callback is played by a clock"},
		{a.ResendOnError, "app.on-send-error: resend is not played by a clock"},
		{a.ResendOnRestart, "app.on-restart: resend is not played by a clock"},
		{a.Handoff, "app.process: only inline is played by a clock"},
		{a.Effect != model.EffectPlain, "each processing is counted; write app.effect: plain"},
		{a.NewGroup, "app.group: only existing is played by a clock"},
		{a.Commit > model.CommitAuto, "app.commit: only after-processing, before-processing and auto are played by a clock"},
		{c.ReplicateFromDisk, "model.replicate-from: disk is not what Kafka's followers do"},
	} {
		if x.not {
			return x.what
		}
	}
	return ""
}

// kindNames lists faults.
func kindNames(kinds []model.FaultKind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.String())
	}
	return strings.Join(names, ", ")
}

// given is the mean time of a step in seconds where the file of rates says it; 0 where it does not.
func given(rates *risk.Rates, key string) float64 {
	for _, v := range rates.List() {
		if v.Key == key && v.Source != risk.SourceDefault {
			return rates.Number(key)
		}
	}
	return 0
}

// faultRate is how often a fault comes in a second, or its probability.
func faultRate(rates *risk.Rates, k model.FaultKind) float64 {
	return rates.Number("faults." + k.String())
}
