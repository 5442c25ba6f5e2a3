package player

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Place is a partition, as clients name it.
type Place struct {
	Topic string
	Index int32
}

func (p Place) words() []string { return []string{p.Topic, strconv.Itoa(int(p.Index))} }

// Record is a record that a poll returned.
type Record struct {
	Message   string // its value, without what fills it up
	Offset    int
	Partition int32
}

// Producer makes a producer with some settings.
func (p *Player) Producer(ctx context.Context, name string, settings map[string]string) error {
	return p.do(ctx, "producer", name, pairs(settings)...)
}

// Partitions has a producer learn of a topic.
func (p *Player) Partitions(ctx context.Context, producer, topic string) error {
	return p.do(ctx, "partitions", producer, topic)
}

// Send calls send for a message, whose record is filled up to a size in bytes. The answer comes when the call returns; what
// becomes of the record is an [Event].
func (p *Player) Send(producer string, to Place, message string, size int) <-chan Answer {
	return p.tell("send", producer, append(to.words(), message, strconv.Itoa(size))...)
}

// InitTransactions calls initTransactions.
func (p *Player) InitTransactions(producer string) <-chan Answer { return p.tell("init", producer) }

// BeginTransaction calls beginTransaction.
func (p *Player) BeginTransaction(ctx context.Context, producer string) error {
	return p.do(ctx, "begin", producer)
}

// End says how a transaction is ended.
type End string

// The ways.
const (
	CommitTransaction End = "commit-transaction"
	AbortTransaction  End = "abort-transaction"
)

// EndTransaction calls commitTransaction or abortTransaction.
func (p *Player) EndTransaction(producer string, end End) <-chan Answer {
	return p.tell(string(end), producer)
}

// SendOffsets calls sendOffsetsToTransaction with a consumer's group, with the member's metadata or only the group's name.
func (p *Player) SendOffsets(ctx context.Context, producer, consumer, group string, metadata bool, input Place, offset int) error {
	args := append([]string{consumer, group, strconv.FormatBool(metadata)}, input.words()...)
	return p.do(ctx, "offsets", producer, append(args, strconv.Itoa(offset))...)
}

// Subscribe makes a consumer that is a member of the group of its settings.
func (p *Player) Subscribe(ctx context.Context, name, topic string, settings map[string]string) error {
	return p.do(ctx, "consumer", name, append([]string{topic, "0", "subscribe"}, pairs(settings)...)...)
}

// Assign makes a consumer of one partition, without a group.
func (p *Player) Assign(ctx context.Context, name string, of Place, settings map[string]string) error {
	return p.do(ctx, "consumer", name, append(append(of.words(), "assign"), pairs(settings)...)...)
}

// Poll calls poll once. It returns the records, and whether the consumer has any partition.
func (p *Player) Poll(ctx context.Context, consumer string, wait time.Duration) (records []Record, assigned bool, err error) {
	text, err := p.ask(ctx, CallLimit, "poll", consumer, strconv.FormatInt(wait.Milliseconds(), 10))
	if err != nil {
		return nil, false, err
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, false, fmt.Errorf("poll: the player says nothing")
	}
	for _, w := range words[1:] {
		r, err := readRecord(w)
		if err != nil {
			return nil, false, fmt.Errorf("poll: %q: %w", w, err)
		}
		records = append(records, r)
	}
	return records, words[0] != "0", nil
}

// readRecord reads VALUE@OFFSET@PARTITION.
func readRecord(word string) (Record, error) {
	parts := strings.Split(word, "@")
	if len(parts) != 3 {
		return Record{}, fmt.Errorf("not a record")
	}
	offset, err := strconv.Atoi(parts[1])
	if err != nil {
		return Record{}, err
	}
	partition, err := strconv.ParseInt(parts[2], 10, 32)
	return Record{parts[0], offset, int32(partition)}, err
}

// Commit calls commitSync for an offset.
func (p *Player) Commit(ctx context.Context, consumer string, of Place, offset int) error {
	return p.do(ctx, "commit", consumer, append(of.words(), strconv.Itoa(offset))...)
}

// Seek sets a consumer's position.
func (p *Player) Seek(ctx context.Context, consumer string, of Place, offset int) error {
	return p.do(ctx, "seek", consumer, append(of.words(), strconv.Itoa(offset))...)
}

// Position asks a consumer for its position.
func (p *Player) Position(ctx context.Context, consumer string, of Place) (int, error) {
	text, err := p.ask(ctx, CallLimit, "position", consumer, of.words()...)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(text)
}

// CloseConsumer closes a consumer, which leaves its group.
func (p *Player) CloseConsumer(ctx context.Context, name string) error {
	return p.do(ctx, "close-consumer", name)
}

func (p *Player) do(ctx context.Context, verb, client string, args ...string) error {
	_, err := p.ask(ctx, CallLimit, verb, client, args...)
	return err
}

// pairs writes settings as key=value, in order.
func pairs(settings map[string]string) []string {
	var all []string
	for _, k := range slices.Sorted(maps.Keys(settings)) {
		all = append(all, k+"="+settings[k])
	}
	return all
}
