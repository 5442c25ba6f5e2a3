package certificate

import (
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
)

// ErrTooLarge says that the states do not fit into the memory that Options allows.
var ErrTooLarge = errors.New("the states of the certificate need more memory; allow more with --memory")

// ErrNotFound says that a search did not show that the guarantee holds, so that there is nothing to certify.
var ErrNotFound = errors.New("the guarantee was not shown to hold")

// Writer writes a certificate of several claims to one file.
type Writer struct {
	out *gzip.Writer
	// Claims is how many were written.
	Claims int
}

// NewWriter begins a certificate.
func NewWriter(w io.Writer) (*Writer, error) {
	out := gzip.NewWriter(w)
	_, err := io.WriteString(out, magic)
	return &Writer{out: out}, err
}

// Close ends the certificate. It does not close the writer below.
func (w *Writer) Close() error { return w.out.Close() }

// Options are the limits of the searches that make a certificate.
type Options struct {
	Workers int
	Memory  int64 // bytes, of the search and of the states that are kept each; 0: explore.DefaultMemory
}

// Add searches for what the claim needs and writes it. The claim has no parts yet. The space is split where that is
// enough, unless the configuration has NoReductions. The error is [ErrNotFound] where the guarantee does not hold within
// the limits, and that of ctx when it ends.
func (w *Writer) Add(ctx context.Context, c Claim, o Options) error {
	counted, err := countedOf(c.Counted)
	if err != nil {
		return err
	}
	k, err := invariants.Prepare(c.Guarantee, c.Config, counted)
	if err != nil {
		return err
	}
	parts, err := plan.Parts(k)
	if err != nil {
		return err
	}
	sets, err := c.explore(ctx, parts, o)
	if errors.Is(err, ErrNotFound) && len(parts) > 1 {
		sets, err = c.explore(ctx, []plan.Part{plan.Product(k)}, o)
	}
	if err != nil {
		return err
	}
	return w.write(&c, sets)
}

// explore explores the parts, puts what is said of them into the claim, and returns their states.
func (c *Claim) explore(ctx context.Context, parts []plan.Part, o Options) ([]*rows, error) {
	c.Parts = nil
	var sets []*rows
	for i := range parts {
		part, set, err := explorePart(ctx, &parts[i], i == 0, o)
		if err != nil {
			return nil, err
		}
		c.Parts, sets = append(c.Parts, part), append(sets, set)
	}
	return sets, nil
}

// explorePart explores one part; the first has the witnesses.
func explorePart(ctx context.Context, part *plan.Part, first bool, o Options) (Part, *rows, error) {
	m := part.Check.Model
	reached := newCollector(m.StateSize(), len(part.Budget))
	if reached.limit = o.Memory; reached.limit == 0 {
		reached.limit = explore.DefaultMemory()
	}
	limited, stop := context.WithCancel(ctx)
	reached.stop = stop
	defer stop()
	plain := m.Config().NoReductions
	r, err := explore.Check(limited, part.Check.Spec(explore.Options[model.State]{
		Workers: o.Workers, Memory: o.Memory, Budget: part.Budget, MaxFaults: part.MaxFaults,
		Dominance: !plain, NoSymmetry: plain, Bound: m.BoundHit, WitnessTrace: first, Expanded: reached.add,
	}))
	switch {
	case err != nil:
		return Part{}, nil, err
	case ctx.Err() != nil:
		return Part{}, nil, ctx.Err()
	case reached.full, r.Stopped == explore.OutOfMemory:
		return Part{}, nil, ErrTooLarge
	case r.Violation != nil || !r.Complete || r.Stopped != explore.Exhausted:
		return Part{}, nil, ErrNotFound
	}
	p := Part{States: uint64(reached.rows.Len()), StateSize: m.StateSize(), Kinds: len(part.Budget), Witnesses: []Run{}}
	for i, t := range r.WitnessTraces {
		if !r.Witnesses[i] {
			return Part{}, nil, ErrNotFound
		}
		p.Witnesses = append(p.Witnesses, runOf(m, t))
	}
	sort.Sort(reached.rows)
	return p, reached.rows, nil
}

// write writes a claim and its sets.
func (w *Writer) write(c *Claim, sets []*rows) error {
	head, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if _, err := w.out.Write(append(head, '\n')); err != nil {
		return err
	}
	for _, set := range sets {
		if _, err := w.out.Write(set.data); err != nil {
			return err
		}
	}
	w.Claims++
	return nil
}

// collector takes the states that a search reaches, from several goroutines.
type collector struct {
	mu    sync.Mutex
	size  int // of a state
	kinds int
	rows  *rows
	limit int64 // bytes
	full  bool
	stop  func() // the search, when it is full
}

func newCollector(size, kinds int) *collector {
	return &collector{size: size, kinds: kinds, rows: newRows(size + kinds)}
}

func (c *collector) add(faults []int, s *model.State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if int64(len(c.rows.data)) >= c.limit {
		c.full = true
		c.stop()
		return
	}
	c.rows.data = appendRow(c.rows.data, s, c.size, faults)
}

// appendRow appends the words of a state, the most significant byte first, and the faults.
func appendRow(data []byte, s *model.State, size int, faults []int) []byte {
	for i := range size / 8 {
		data = binary.BigEndian.AppendUint64(data, s[i])
	}
	for _, n := range faults {
		data = append(data, byte(n))
	}
	return data
}

// countedOf reads which messages count.
func countedOf(word string) (model.Counted, error) {
	for _, c := range []model.Counted{model.CountAccepted, model.CountAcked, model.CountAttempted} {
		if c.String() == word {
			return c, nil
		}
	}
	return 0, fmt.Errorf("counted is %q; want accepted, acked or attempted", word)
}
