package player

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Share makes a consumer of a share group (KafkaShareConsumer).
func (p *Player) Share(ctx context.Context, name, topic string, settings map[string]string) error {
	return p.do(ctx, "share", name, append([]string{topic}, pairs(settings)...)...)
}

// SharePoll calls poll once.
func (p *Player) SharePoll(ctx context.Context, consumer string, wait time.Duration) ([]Record, error) {
	text, err := p.ask(ctx, CallLimit, "share-poll", consumer, strconv.FormatInt(wait.Milliseconds(), 10))
	if err != nil {
		return nil, err
	}
	var records []Record
	for _, w := range strings.Fields(text) {
		r, err := readRecord(w)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}

// ShareCommit acknowledges what the last poll returned, each record by its offset as it says (ACCEPT, RELEASE, REJECT), and
// calls commitSync. Implicitly it only calls commitSync, with no types. It returns the class of the exception with which
// the acknowledgement failed; "" where it did not.
func (p *Player) ShareCommit(ctx context.Context, consumer string, types map[int]string) (failed string, err error) {
	var args []string
	for offset, kind := range types {
		args = append(args, strconv.Itoa(offset)+"="+kind)
	}
	return p.ask(ctx, CallLimit, "share-commit", consumer, args...)
}

// ShareClose closes a consumer of a share group.
func (p *Player) ShareClose(ctx context.Context, consumer string) error {
	return p.do(ctx, "share-close", consumer)
}
