package reproduce

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// metadataOfMembers picks the questions of share members to brokers about who leads.
func metadataOfMembers(m *proxy.Message) bool {
	return !m.Response && m.API == kmsg.Metadata && m.Link.Kind == proxy.ClientLink && strings.HasPrefix(m.Client, consumerID)
}

// pointMembersTo has the members learn that a broker leads: those who have learnt as much of the controller's decisions as that
// broker may answer. A client that is told of another leader by a broker from which the trace keeps the controller's log asks
// that broker again and again (NetworkClient.leastLoadedNode).
func (rp *replay) pointMembersTo(leader int) (stop func()) {
	const name = "share-metadata"
	deaf := maps.Clone(rp.learning.deaf)
	wrong := func(m *proxy.Message) bool { return metadataOfMembers(m) && deaf[m.Link.Node] != deaf[leader] }
	rp.cluster.Traffic.Hold(name, wrong)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for {
			m, err := rp.cluster.Traffic.Await(ctx, wrong)
			if err != nil {
				return
			}
			rp.cluster.Traffic.Let(m, proxy.Breaks)
		}
	}()
	return func() {
		cancel()
		rp.cluster.Traffic.Open(name)
	}
}

// deposedLearn lets the controller's log through to brokers that the trace never lets learn that another leads, and that have no
// part in what is to come. A member goes on fetching from the leader that its session is with, whatever metadata it has, until that
// leader names another (ShareConsumeRequestManager.shareSessionLeaderMap, 4.4); the model lets it ask the new one at once.
func (rp *replay) deposedLearn(leader int) {
	for b := 1; b <= rp.replicas; b++ {
		last := rp.ahead(func(s *verdict.Step) bool { return brokerOf(s) == b }) < 0
		if b != leader && rp.learning.deaf[b] && !rp.learning.deaf[leader] && last && rp.cluster.Node(b).Running() {
			rp.hears(b)
			rp.learning.learnt[b] = len(rp.learning.decisions)
			rp.note("b%d learns of its deposition before the trace has it: the member asks it alone", b)
		}
	}
}

// joinTime is how long a member is given to join the group and to open its session with the leader.
const joinTime = 3 * time.Second

// joinAhead has the first member join before the first step, so that it knows the leader that the trace begins with: the node that
// it asks first knows every move at once. It fetches nothing but in its polls (share.acquire.mode=record_limit).
func (rp *replay) joinAhead(ctx context.Context) error {
	m, err := rp.sharer(ctx, model.MemberFirst)
	if err != nil {
		return err
	}
	for begin := time.Now(); time.Since(begin) < joinTime; {
		if records, err := m.player.SharePoll(ctx, m.name, 200*time.Millisecond); err != nil || len(records) > 0 {
			return left("the first polls end with %v and %v", records, err)
		}
	}
	return nil
}

// readsStateAhead asks the share coordinator for the state as the leader does that the trace has read it, where no member fetches
// from that leader before. What the leader then knows it reads again with the first fetch; what counts until then is that the
// coordinator knows of the newer leader epoch and fences the older one (ShareCoordinatorShard.readStateAndMaybeUpdateLeaderEpoch).
func (rp *replay) readsStateAhead(ctx context.Context, s *verdict.Step) error {
	d, err := rp.partition.Decided(ctx)
	if err != nil {
		return err
	}
	if b := brokerOf(s); d.Leader != b {
		return unforceable{fmt.Sprintf("b%d reads the state although b%d leads, and no member fetches from it", b, d.Leader)}
	}
	return rp.cluster.ReadShareState(ctx, rp.app.group, rp.partition, d.Epoch)
}

// deadLetterTopic is the topic of the dead-letter queue; empty for none.
func (rp *replay) deadLetterTopic() string {
	if rp.settings["group.errors.deadletterqueue.topic.name"] == "" {
		return ""
	}
	return "dlq." + rp.partition.Topic
}

// prepareDeadLetters creates the topic of the dead-letter queue. Where the trace has it refuse a record, every record is too large
// for it.
func (rp *replay) prepareDeadLetters(ctx context.Context) error {
	configs := map[string]string{"errors.deadletterqueue.group.enable": "true"}
	if rp.has("DeadLetterIsRefused") {
		configs["max.message.bytes"] = "1"
	}
	return rp.cluster.CreateTopic(ctx, rp.deadLetterTopic(), []int{cluster.ServiceNode}, configs)
}

// deadLetters are the records in the dead-letter queue.
func (rp *replay) deadLetters() (int, error) {
	records, err := rp.cluster.Partition(rp.deadLetterTopic(), 0).Log(cluster.ServiceNode)
	return len(records), err
}

// recordIsDeadLettered waits until the dead-letter queue has another record, upon which the message counts as processed.
func (rp *replay) recordIsDeadLettered(ctx context.Context, s *verdict.Step) error {
	before := rp.app.dead
	err := rp.awaitThat(ctx, "the record in the dead-letter queue", func() (bool, error) {
		n, err := rp.deadLetters()
		rp.app.dead = n
		return n > before, err
	})
	if err == nil {
		rp.app.process(s.Params.Message)
	}
	return err
}

// deadLetterIsRefused waits a while, and looks that the dead-letter queue has nothing new.
func (rp *replay) deadLetterIsRefused(ctx context.Context, _ *verdict.Step) error {
	rp.wait(ctx, 3*time.Second)
	if n, err := rp.deadLetters(); err != nil || n > rp.app.dead {
		return left("the dead-letter queue has %d records, not %d (%v)", n, rp.app.dead, err)
	}
	return nil
}
