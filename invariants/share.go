package invariants

import (
	"fmt"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/describe"
)

// withdrawn says by which step of a run a share group was done with a message that it had not processed; empty for none.
func (k *Check) withdrawn(t *Trace, msg int) string {
	if !k.Model.Shares() {
		return ""
	}
	pre, last := t.Initial, ""
	for i := range t.Steps {
		post := t.Steps[i].State
		before, after := describe.PassedOver(k.Model.View(&pre), msg), describe.PassedOver(k.Model.View(&post), msg)
		if before == "" && after != "" {
			last = k.doneBy(k.Model.Step(&pre, t.Steps[i].ID, &post), after)
		}
		pre = post
	}
	return last
}

// doneBy says how a step ended the deliveries of a record; otherwise where the step does not say.
func (k *Check) doneBy(step model.Step, otherwise string) string {
	limit := fmt.Sprintf("no delivery was left (share.delivery.count.limit=%d), so that it was archived", k.Model.Config().Group.DeliveryLimit)
	switch step.Action {
	case "ShareMemberCrashes", "ShareLockRunsOut", "ShareLockIsGivenUp":
		return limit
	case "ShareProcessingThrows":
		if step.Outcome == "ended" {
			return limit
		}
	case "ShareConnectionIsLost":
		if step.Outcome == "released" {
			return limit
		}
		return "the group has accepted it, and the member did not hear so"
	case "ShareMemberAcknowledges":
		return map[string]string{"taken": "the group has accepted it", "archived": limit, "rejected": "it was rejected and archived"}[step.Outcome]
	case "DeadLetterIsRefused":
		return "the dead-letter queue refused it, and it was archived"
	case "ShareStateIsRead":
		return "the group began behind it"
	}
	return otherwise
}
