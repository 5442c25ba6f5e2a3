package certificate

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// maxHead is the length of the longest claim, without its states, that is read.
const maxHead = 16 << 20

// Refusal is what is wrong with a certificate, or with what it claims. Every other error is about reading it.
type Refusal struct{ Reason string }

// Error implements error.
func (r *Refusal) Error() string { return r.Reason }

func refuse(format string, args ...any) error { return &Refusal{fmt.Sprintf(format, args...)} }

// Verify reads a certificate and checks its claims one after the other; each that is right is passed to verified. memory
// bounds the bytes of the states of a claim. A [*Refusal] says what is wrong with the certificate.
func Verify(ctx context.Context, r io.Reader, memory int64, verified func(*Claim)) error {
	unzipped, err := gzip.NewReader(r)
	if err != nil {
		return refuse("it is no certificate of kcheck")
	}
	in := newReader(unzipped)
	first := make([]byte, len(magic))
	if _, err := io.ReadFull(in, first); err != nil || string(first) != magic {
		return refuse("it is no certificate of kcheck")
	}
	for n := 1; ; n++ {
		c, err := readClaim(in)
		switch {
		case err == io.EOF && n == 1:
			return refuse("it claims nothing")
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := c.verify(ctx, in, memory); err != nil {
			var refusal *Refusal
			if errors.As(err, &refusal) {
				return refuse("claim %d, %s: %s", n, c.Guarantee, refusal.Reason)
			}
			return err
		}
		verified(c)
	}
}

func newReader(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, 1<<16) }

// readClaim reads the line of a claim; io.EOF is the end of the certificate.
func readClaim(in *bufio.Reader) (*Claim, error) {
	var line []byte
	for {
		piece, err := in.ReadSlice('\n')
		line = append(line, piece...)
		switch {
		case err == nil:
			c := new(Claim)
			d := json.NewDecoder(bytes.NewReader(line))
			d.DisallowUnknownFields()
			if err := d.Decode(c); err != nil {
				p := formats.JSONProblem("", line, err)
				return nil, refuse("a claim cannot be read: %s", strings.TrimPrefix(p.Key+": "+p.Message, ": "))
			}
			return c, nil
		case err == io.EOF && len(line) == 0:
			return nil, io.EOF
		case err == bufio.ErrBufferFull && len(line) < maxHead:
		case err == bufio.ErrBufferFull:
			return nil, refuse("a claim is longer than %d bytes", maxHead)
		default:
			return nil, broken(err)
		}
	}
}

// broken is the error of a certificate that ends too early or whose compression is damaged.
func broken(err error) error { return refuse("it is damaged: %v", err) }

// verify reads the states of the claim and checks it. A configuration or a state that no kcheck wrote can make the model
// panic; that is a refusal.
func (c *Claim) verify(ctx context.Context, in io.Reader, memory int64) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = refuse("the model cannot take what stands in it: %v", p)
		}
	}()
	parts, err := c.prepare()
	if err != nil {
		return refuse("%v", err)
	}
	if len(parts) != len(c.Parts) {
		return refuse("it has %d parts, and the question has %d", len(c.Parts), len(parts))
	}
	for i := range parts {
		v := verifier{part: &parts[i], said: &c.Parts[i], model: parts[i].Check.Model, first: i == 0}
		if err := v.read(in, memory); err != nil {
			return err
		}
		if err := v.verify(ctx); err != nil {
			return err
		}
	}
	return nil
}

// verifier checks one part of a claim.
type verifier struct {
	part  *plan.Part
	said  *Part
	model *model.Model
	first bool
	set   pieces
	out   explore.Out[model.State]
	key   []byte // scratch
}

// read reads the rows. Memory is taken as they come, not as many as are announced.
func (v *verifier) read(in io.Reader, memory int64) error {
	p := v.said
	switch {
	case p.StateSize != v.model.StateSize() || p.Kinds != len(v.part.Budget):
		return refuse("its states are those of another model: of %d bytes and %d kinds of faults, not %d and %d",
			p.StateSize, p.Kinds, v.model.StateSize(), len(v.part.Budget))
	case p.States > uint64(memory)/uint64(p.width()):
		return fmt.Errorf("%d states of %d bytes are more than %d bytes; allow more with --memory", p.States, p.width(), memory)
	}
	v.set = pieces{width: p.width()}
	if err := v.set.read(in, int(p.States)); err != nil {
		return err
	}
	for i := 1; i < v.set.Len(); i++ {
		if bytes.Compare(v.set.row(i-1), v.set.row(i)) >= 0 {
			return refuse("states %d and %d are not in order", i, i+1)
		}
	}
	return nil
}

// pieceRows is how many rows a piece has.
const pieceRows = 1 << 14

// pieces is a list of rows that was read: in pieces, so that neither more memory is taken than rows come nor any is copied.
type pieces struct {
	width int
	rows  int
	data  [][]byte
}

// Len is how many rows there are.
func (p *pieces) Len() int { return p.rows }

// row is the i-th row.
func (p *pieces) row(i int) []byte { return p.data[i/pieceRows][i%pieceRows*p.width:][:p.width] }

// read reads so many rows.
func (p *pieces) read(in io.Reader, rows int) error {
	for p.rows < rows {
		n := min(rows-p.rows, pieceRows)
		piece := make([]byte, n*p.width)
		switch _, err := io.ReadFull(in, piece); err {
		case nil:
			p.data, p.rows = append(p.data, piece), p.rows+n
		case io.EOF, io.ErrUnexpectedEOF:
			return refuse("it ends before its last state")
		default:
			return broken(err)
		}
	}
	return nil
}

// verify checks the set, then the witnesses.
func (v *verifier) verify(ctx context.Context) error {
	none := make([]int, v.said.Kinds)
	for _, s := range v.model.Initial(nil) {
		if !v.contains(s, none) {
			return refuse("the initial state is missing")
		}
	}
	for i := range v.set.Len() {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := v.state(i); err != nil {
			return err
		}
	}
	if !v.first {
		return nil
	}
	return v.witnesses()
}

// state checks the i-th state: that it is what the search writes, is no violation, and that its successors are there.
func (v *verifier) state(i int) error {
	s, faults := v.decode(v.set.row(i))
	if !v.budgeted(faults) {
		return refuse("state %d has more faults than the budget", i+1)
	}
	if v.canonical(s) != s {
		return refuse("state %d is not canonical", i+1)
	}
	if v.model.BoundHit(&s) {
		return refuse("state %d fills a log of the model: what follows it is not known", i+1)
	}
	if p := v.brokenIn(&s); p != "" {
		return refuse("state %d breaks the guarantee (%s)", i+1, p)
	}
	return v.successors(i, s, faults)
}

// successors checks what the i-th state leads to.
func (v *verifier) successors(i int, s model.State, faults []int) error {
	step, recovery := false, false
	after := make([]int, len(faults))
	table := v.model.Transitions()
	for _, to := range v.out.Of(v.model, &s) {
		copy(after, faults)
		switch t := table[to.ID]; t.Class {
		case explore.Step:
			step = true
		case explore.Recovery:
			recovery = true
		case explore.Fault:
			if !v.count(after, t.Fault) {
				continue
			}
		}
		for _, p := range v.part.Check.Properties {
			if p.StepInvariant != nil && !p.StepInvariant(&s, to.ID, &to.State) {
				return refuse("%s from state %d breaks the guarantee (%s)", table[to.ID], i+1, p.Name)
			}
		}
		if !v.contains(to.State, after) {
			return refuse("%s from state %d leads to a state that is missing", table[to.ID], i+1)
		}
	}
	for _, p := range v.part.Check.Properties {
		if !step && (p.Stuck != nil && !p.Stuck(&s) || !recovery && p.Quiescent != nil && !p.Quiescent(&s)) {
			return refuse("state %d, in which nothing goes on, breaks the guarantee (%s)", i+1, p.Name)
		}
	}
	return nil
}

// brokenIn names a property that a state breaks.
func (v *verifier) brokenIn(s *model.State) string {
	for _, p := range v.part.Check.Properties {
		if p.Invariant != nil && !p.Invariant(s) {
			return p.Name
		}
	}
	return ""
}

// count adds one fault of a kind and says whether the budget allows that. Kinds that may occur any number of times are not
// counted, by the search either.
func (v *verifier) count(faults []int, kind int) bool {
	if v.part.Budget[kind] == explore.Any {
		return true
	}
	faults[kind]++
	return v.budgeted(faults)
}

// budgeted says whether the budget allows these faults.
func (v *verifier) budgeted(faults []int) bool {
	total := 0
	for i, n := range faults {
		if n > v.part.Budget[i] {
			return false
		}
		total += n
	}
	return v.part.MaxFaults == 0 || total <= v.part.MaxFaults
}

// canonical is the state that stands for s; s itself where symmetry is not used.
func (v *verifier) canonical(s model.State) model.State {
	if !v.model.Config().NoReductions {
		v.model.Canonical(&s)
	}
	return s
}

// contains says whether the set has the state with these faults or a part of them.
func (v *verifier) contains(s model.State, faults []int) bool {
	c := v.canonical(s)
	v.key = appendRow(v.key[:0], &c, v.said.StateSize, nil)
	n := v.set.Len()
	i := sort.Search(n, func(i int) bool { return bytes.Compare(v.set.row(i)[:v.said.StateSize], v.key) >= 0 })
	for ; i < n && bytes.Equal(v.set.row(i)[:v.said.StateSize], v.key); i++ {
		if within(v.set.row(i)[v.said.StateSize:], faults) {
			return true
		}
	}
	return false
}

// within says whether the faults of a row are a part of these.
func within(row []byte, faults []int) bool {
	for i, n := range row {
		if int(n) > faults[i] {
			return false
		}
	}
	return true
}

// decode reads a row.
func (v *verifier) decode(row []byte) (s model.State, faults []int) {
	for i := range v.said.StateSize / 8 {
		s[i] = binary.BigEndian.Uint64(row[8*i:])
	}
	faults = make([]int, v.said.Kinds)
	for i, n := range row[v.said.StateSize:] {
		faults[i] = int(n)
	}
	return s, faults
}

// witnesses follows the run to each witness.
func (v *verifier) witnesses() error {
	wanted := v.part.Check.Witnesses
	if len(v.said.Witnesses) != len(wanted) {
		return refuse("it has %d witnesses, and the guarantee has %d", len(v.said.Witnesses), len(wanted))
	}
	for i, run := range v.said.Witnesses {
		s, err := v.follow(run)
		if err != nil {
			return err
		}
		if !wanted[i].Reached(&s) {
			return refuse("the run to the witness %q does not end in it", wanted[i].Name)
		}
	}
	return nil
}

// follow takes the steps of a run, within the budget.
func (v *verifier) follow(run Run) (model.State, error) {
	initial := v.model.Initial(nil)
	if run.Initial < 0 || run.Initial >= len(initial) {
		return model.State{}, refuse("a run begins in no initial state")
	}
	s, faults := initial[run.Initial], make([]int, v.said.Kinds)
	for n, choice := range run.Choices {
		next := v.out.Of(v.model, &s)
		if choice < 0 || choice >= len(next) {
			return s, refuse("step %d of a run is not possible", n+1)
		}
		if t := v.model.Transitions()[next[choice].ID]; t.Class == explore.Fault {
			if !v.count(faults, t.Fault) {
				return s, refuse("step %d of a run is a fault beyond the budget", n+1)
			}
		}
		s = next[choice].State
	}
	return s, nil
}
