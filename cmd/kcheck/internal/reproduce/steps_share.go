package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// sharer is a member of a share group, in a process of its own.
type sharer struct {
	player *player.Player
	name   string
	hand   []player.Record
	marks  map[int]string // by offset: ACCEPT, RELEASE, REJECT
	acked  bool           // what is in hand is acknowledged, and not processed yet
}

// lockDuration is share.record.lock.duration.ms where a lock runs out.
const lockDuration = 4 * time.Second

// shares says that the trace is of a share group.
func (rp *replay) shares() bool { s := rp.settings["app.share"]; return s != "" && s != "none" }

func (rp *replay) acknowledgesFirst() bool { return rp.settings["app.commit"] == "before-processing" }

// prepareShare sets what the group sets. A group that has begun begins at the start of the log, which comes to the same.
func (rp *replay) prepareShare(ctx context.Context) error {
	rp.app.sharers = map[model.Member]*sharer{}
	configs := map[string]string{"share.auto.offset.reset": "earliest"}
	for k, v := range rp.settings {
		if key, ok := strings.CutPrefix(k, "group."); ok && v != "" && (key != "share.auto.offset.reset" || rp.settings["app.group"] == "new") {
			configs[key] = v
		}
	}
	if v := rp.settings["broker.group.share.delivery.count.limit"]; v != "" {
		configs["share.delivery.count.limit"] = v
	}
	if rp.has("ShareLockRunsOut", "ShareLockIsGivenUp") {
		configs["share.record.lock.duration.ms"] = fmt.Sprint(lockDuration.Milliseconds())
	}
	if topic := rp.deadLetterTopic(); topic != "" {
		configs["errors.deadletterqueue.topic.name"] = topic
		if err := rp.prepareDeadLetters(ctx); err != nil {
			return fmt.Errorf("the dead-letter queue: %w", err)
		}
	}
	if err := rp.cluster.SetGroupConfigs(ctx, rp.app.group, configs); err != nil || !rp.has("LeaderMoves") || rp.settings["app.group"] == "new" {
		return err
	}
	return rp.joinAhead(ctx)
}

// sharer is the member with a name, which is started where there is none.
func (rp *replay) sharer(ctx context.Context, name model.Member) (*sharer, error) {
	if s := rp.app.sharers[name]; s != nil {
		return s, nil
	}
	p, err := rp.players.Take(rp.event)
	if err != nil {
		return nil, err
	}
	rp.app.consumers++
	s := &sharer{player: p, name: rp.app.consumerName(), marks: map[int]string{}}
	more := map[string]string{"group.id": rp.app.group, "fetch.max.wait.ms": "50", "fetch.min.bytes": "1", "max.poll.records": "4",
		"share.acquire.mode": "record_limit", "share.acknowledgement.mode": rp.settings["app.share"], "metadata.max.age.ms": "3600000"}
	rp.app.sharers[name] = s
	return s, p.Share(ctx, s.name, rp.partition.Topic, rp.clientSettings("consumer", s.name, more))
}

// shareMemberPolls polls until the member has what the model says.
func (rp *replay) shareMemberPolls(ctx context.Context, s *verdict.Step) error {
	m, err := rp.sharer(ctx, s.Params.Member)
	if err != nil {
		return err
	}
	m.hand, m.marks, m.acked = nil, map[int]string{}, false
	if b := brokerOf(s); b > 0 {
		rp.deposedLearn(b)
		defer rp.pointMembersTo(b)()
	}
	err = rp.awaitThat(ctx, fmt.Sprintf("a poll of %s with %v", s.Params.Member, s.Params.Messages), func() (bool, error) {
		records, err := m.player.SharePoll(ctx, m.name, 200*time.Millisecond)
		m.hand = records
		return len(records) > 0, err
	})
	if err != nil {
		return err
	}
	var got []model.MessageID
	for _, r := range m.hand {
		got = append(got, messageIn(r.Message))
	}
	if !slices.Equal(got, s.Params.Messages) {
		return left("%s has %v in hand, not %v", s.Params.Member, got, s.Params.Messages)
	}
	return nil
}

// next is the first record in hand that is not done.
func (m *sharer) next() (player.Record, error) {
	for _, r := range m.hand {
		if m.marks[r.Offset] == "" {
			return r, nil
		}
	}
	return player.Record{}, left("%s has nothing to process", m.name)
}

// shareMemberProcesses is the application's own doing.
func (rp *replay) shareMemberProcesses(ctx context.Context, s *verdict.Step) error {
	m, err := rp.sharer(ctx, s.Params.Member)
	if err != nil {
		return err
	}
	r, err := m.next()
	if err != nil {
		return err
	}
	rp.app.process(messageIn(r.Message))
	m.marks[r.Offset] = "ACCEPT"
	return nil
}

// shareMemberAcknowledges calls commitSync.
func (rp *replay) shareMemberAcknowledges(ctx context.Context, s *verdict.Step) error {
	m, err := rp.sharer(ctx, s.Params.Member)
	if err != nil {
		return err
	}
	types := map[int]string{}
	if rp.settings["app.share"] == "explicit" {
		for _, r := range m.hand {
			if types[r.Offset] = m.marks[r.Offset]; types[r.Offset] == "" {
				types[r.Offset] = "ACCEPT" // before it is processed
			}
		}
	}
	failed, err := m.player.ShareCommit(ctx, m.name, types)
	if err != nil {
		return fmt.Errorf("commitSync(): %w", err)
	}
	fails := s.Outcome == "refused" || s.Outcome == "failed"
	if fails != (failed != "") {
		return left("commitSync() ends with %q, the model's is %s", failed, s.Outcome)
	}
	if m.acked = rp.acknowledgesFirst() && !fails; !m.acked {
		m.hand, m.marks = nil, map[int]string{}
	}
	return nil
}

// shareLocksEnd waits until the locks have run out.
func (rp *replay) shareLocksEnd(ctx context.Context, _ *verdict.Step) error {
	rp.wait(ctx, lockDuration+time.Second)
	return nil
}

// shareStateIsRead has a member poll, where nothing comes of it: the group begins at the end of the log.
func (rp *replay) shareStateIsRead(ctx context.Context, s *verdict.Step) error {
	if rp.settings["app.group"] != "new" {
		for _, m := range rp.app.sharers {
			if rp.acknowledgesLater(m) {
				return rp.readsStateAhead(ctx, s)
			}
		}
		return nil // it happens with the next poll
	}
	m, err := rp.sharer(ctx, model.MemberFirst)
	if err != nil {
		return err
	}
	for begin := time.Now(); time.Since(begin) < 5*time.Second; {
		records, err := m.player.SharePoll(ctx, m.name, 200*time.Millisecond)
		if err != nil || len(records) > 0 {
			return left("the first polls end with %v and %v", records, err)
		}
	}
	return nil
}

// acknowledgesLater says that a member has yet to acknowledge what it has in hand to the leader that delivered it, which
// runs.
func (rp *replay) acknowledgesLater(m *sharer) bool {
	return len(m.hand) > 0 && !m.acked && rp.ahead(func(s *verdict.Step) bool {
		return s.Action == "ShareMemberAcknowledges" && s.Outcome == "failed"
	}) >= 0 && rp.has("LeaderMoves")
}

// shareMemberCrashes kills a member's process.
func (rp *replay) shareMemberCrashes(_ context.Context, s *verdict.Step) error {
	if m := rp.app.sharers[s.Params.Member]; m != nil {
		m.player.Kill()
		rp.breakSharer(m)
		delete(rp.app.sharers, s.Params.Member)
	}
	return nil
}

func (rp *replay) breakSharer(m *sharer) {
	rp.cluster.BreakClients(func(client string) bool { return client == m.name })
}

// shareConnectionIsLost breaks the connections of a member.
func (rp *replay) shareConnectionIsLost(_ context.Context, s *verdict.Step) error {
	if s.Outcome == "acknowledged" {
		return unforceable{"an acknowledgement whose answer is lost is not held"}
	}
	if m := rp.app.sharers[s.Params.Member]; m != nil {
		rp.breakSharer(m)
	}
	return nil
}

// shareProcessingThrows is what the application does with an exception.
func (rp *replay) shareProcessingThrows(ctx context.Context, s *verdict.Step) error {
	m, err := rp.sharer(ctx, s.Params.Member)
	if err != nil {
		return err
	}
	r, err := m.next()
	if err != nil {
		return err
	}
	switch s.Outcome {
	case "ended":
		delete(rp.app.sharers, s.Params.Member)
		defer rp.players.Give(m.player)
		return m.player.ShareClose(ctx, m.name)
	case "nothing":
		return unforceable{"a consumer that says nothing of a record is closed and started again by the application"}
	case "dead-letter":
		rp.app.process(messageIn(r.Message))
	}
	m.marks[r.Offset] = map[string]string{"release": "RELEASE", "reject": "REJECT"}[s.Outcome]
	if m.marks[r.Offset] == "" {
		m.marks[r.Offset] = "ACCEPT"
	}
	return nil
}

// shareOn has the members finish what they have in hand, and a member read until nothing comes any more.
func (rp *replay) shareOn(ctx context.Context) error {
	if _, err := rp.awaitReplicated(ctx); err != nil {
		return err
	}
	for _, m := range rp.app.sharers {
		for _, r := range m.hand {
			if m.marks[r.Offset] == "" {
				rp.app.process(messageIn(r.Message))
			}
		}
		m.player.Kill()
		rp.breakSharer(m)
	}
	rp.app.sharers = map[model.Member]*sharer{}
	m, err := rp.sharer(ctx, model.MemberFirst)
	if err != nil {
		return err
	}
	for quiet := time.Now(); time.Since(quiet) < 8*time.Second; {
		records, err := m.player.SharePoll(ctx, m.name, 200*time.Millisecond)
		if err != nil {
			return err
		}
		if len(records) == 0 {
			continue
		}
		quiet = time.Now()
		types := map[int]string{}
		for _, r := range records {
			rp.app.process(messageIn(r.Message))
			types[r.Offset] = "ACCEPT"
		}
		if rp.settings["app.share"] != "explicit" {
			types = nil
		}
		if _, err := m.player.ShareCommit(ctx, m.name, types); err != nil {
			return err
		}
	}
	return nil
}
