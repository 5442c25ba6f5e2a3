package certificate

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

// certified are small questions whose guarantee holds: split at the log, of the log alone, with transactions, with a
// keyed effect.
var certified = []question{
	{"acks-all-one-power-loss", "at-least-once"}, {"acks-all-leader-crash-0.8", "at-least-once"},
	{"acks-default-3.0", "at-least-once"}, {"read-below-min-isr-3.7", "committed-stays"},
	{"first-sequence-2.1", "order"}, {"late-endtxn-tv2", "exactly-once"},
	{"random-transactional-id-group-metadata", "exactly-once"}, {"compaction-keeps-latest-value", "at-least-once"},
	{"semantics-exactly-once-4.1", "exactly-once"}, {"min-isr-counts-the-leader-4.1", "availability"},
}

// question is a built-in spec and one of its guarantees.
type question struct{ spec, guarantee string }

// A certificate of a guarantee that holds verifies, split or whole.
func TestVerifies(t *testing.T) {
	t.Parallel()
	for _, c := range claims(t, certified...) {
		for _, plain := range []bool{false, true} {
			c.Config.NoReductions = plain
			var got []string
			written := certify(t, c)
			if err := Verify(t.Context(), bytes.NewReader(written), 1<<30, func(c *Claim) { got = append(got, c.Guarantee) }); err != nil {
				t.Errorf("%s (plain %v): %v", c.Spec, plain, err)
			}
			if diff := cmp.Diff([]string{c.Guarantee}, got); diff != "" {
				t.Errorf("%s: %s", c.Spec, diff)
			}
		}
	}
}

// Faults that may occur any number of times are not counted beside those that a bound counts: what they lead to is looked at.
func TestAnyNumber(t *testing.T) {
	t.Parallel()
	c := claims(t, question{"acks-all-one-power-loss", "at-least-once"})[0]
	c.Config.Faults = model.Budget{model.BrokerCrash: model.Any, model.RequestLost: 1}
	c.Config.Bounds = model.Bounds{Total: model.AtMost(1), Overlap: model.AtMost(1)}
	claim, sets := unpack(t, certify(t, c))
	if err := Verify(t.Context(), bytes.NewReader(certify(t, c)), 1<<30, func(*Claim) {}); err != nil {
		t.Error(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 30 {
		part := r.IntN(len(sets))
		forged := copied(sets)
		forged[part].remove(r.IntN(sets[part].Len()))
		less := *claim
		less.Parts = append([]Part{}, claim.Parts...)
		less.Parts[part].States--
		refused(t, &less, forged, "a row is missing")
	}
}

// A guarantee that does not hold has no certificate, within a budget in which it does not.
func TestNothingToCertify(t *testing.T) {
	t.Parallel()
	for _, c := range claims(t, question{"acks-1-planned-leader-move", "at-least-once"}, question{"commit-after-processing-crash", "at-most-once"}) {
		w, err := NewWriter(io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Add(t.Context(), c, Options{}); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v, want %v", c.Spec, err, ErrNotFound)
		}
	}
}

// A search that is interrupted says so, and not that the guarantee does not hold.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w, err := NewWriter(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range claims(t, certified[:2]...) {
		if err := w.Add(ctx, c, Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want %v", c.Spec, err, context.Canceled)
		}
		if err := w.Add(t.Context(), c, Options{Memory: 1}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v, want %v", c.Spec, err, ErrTooLarge)
		}
	}
}

// A certificate with one row missing, or with one row changed, is refused: each is needed. So is what does not belong to
// the question.
func TestForged(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for _, c := range claims(t, question{"acks-all-leader-crash-4.1", "at-least-once"}, question{"semantics-exactly-once-4.1", "exactly-once"}) {
		claim, sets := unpack(t, certify(t, c))
		for range 40 {
			part := r.IntN(len(sets))
			i := r.IntN(sets[part].Len())
			forged := copied(sets)
			forged[part].remove(i)
			less := *claim
			less.Parts = append([]Part{}, claim.Parts...)
			less.Parts[part].States--
			refused(t, &less, forged, "a row is missing")

			forged = copied(sets)
			row := forged[part].row(i)
			row[r.IntN(len(row))] ^= 1 << r.IntN(8)
			sort.Sort(forged[part])
			refused(t, claim, forged, "a row is changed")
		}
		for what, change := range map[string]func(c *Claim){
			"another guarantee":  func(c *Claim) { c.Guarantee = "order" },
			"a larger budget":    func(c *Claim) { c.Config.Faults[model.BrokerCrash]++; c.Config.Faults[model.ConsumerCrash]++ },
			"one part":           func(c *Claim) { c.Parts = c.Parts[:1] },
			"no witness":         func(c *Claim) { c.Parts[0].Witnesses = nil },
			"an idle run":        func(c *Claim) { c.Parts[0].Witnesses[0].Choices = nil },
			"an impossible step": func(c *Claim) { c.Parts[0].Witnesses[0].Choices[0] = 1000 },
			"other rows":         func(c *Claim) { c.Parts[0].StateSize += 8 },
			"too many rows":      func(c *Claim) { c.Parts[0].States += 10 },
			"no model":           func(c *Claim) { c.Config.Topic.Replicas = 99 },
			"no client":          func(c *Claim) { c.Config.Prod.Client = 200 },
		} {
			changed, sets := unpack(t, certify(t, c))
			change(changed)
			if what != "no client" { // it may be a word that the model does not read
				refused(t, changed, sets, what)
			}
		}
	}
}

// Whatever happens to the bytes of a certificate, it is refused or says the same, without a panic.
func TestDamaged(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	whole := certify(t, claims(t, question{"acks-all-leader-crash-4.1", "at-least-once"})[0])
	plain := unzip(t, whole)
	for range 300 {
		data := bytes.Clone(plain[:1+r.IntN(len(plain)-1)])
		if r.IntN(2) == 0 {
			data = bytes.Clone(plain)
			for range 1 + r.IntN(3) {
				data[r.IntN(len(data))] = byte(r.IntN(256))
			}
		}
		if bytes.Equal(data, plain) {
			continue
		}
		var refusal *Refusal
		err := Verify(t.Context(), bytes.NewReader(zipped(t, data)), 1<<26, func(*Claim) {})
		if err != nil && !errors.As(err, &refusal) && !strings.Contains(err.Error(), "--memory") {
			t.Errorf("%v", err)
		}
	}
	for range 100 {
		if err := Verify(t.Context(), bytes.NewReader(whole[:r.IntN(len(whole)-8)]), 1<<26, func(*Claim) {}); err == nil {
			t.Error("half a file is verified")
		}
	}
}

// claims are those of built-in specs, without parts.
func claims(t testing.TB, questions ...question) []Claim {
	t.Helper()
	var all []Claim
	for _, q := range questions {
		path := specs.Lookup(q.spec)
		if len(path) != 1 {
			t.Fatalf("%s: %d specs of that name", q.spec, len(path))
		}
		resolved, err := kafkaconf.Load(kafkaconf.Request{Files: path, ReadFile: specs.ReadFile})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Claim{Spec: q.spec, Guarantee: q.guarantee, Counted: resolved.Counted.String(), Config: resolved.Config})
	}
	return all
}

// FuzzVerify feeds anything to the verifier, beneath a compression that is right: it is a refusal, or the certificate that
// was written.
func FuzzVerify(f *testing.F) {
	whole := unzip(f, certify(f, claims(f, question{"acks-all-leader-crash-4.1", "at-least-once"})[0]))
	f.Add(whole)
	f.Add(whole[:bytes.LastIndexByte(whole, '}')+2])
	f.Fuzz(func(t *testing.T, data []byte) {
		var refusal *Refusal
		err := Verify(t.Context(), bytes.NewReader(zipped(t, data)), 1<<26, func(*Claim) {})
		if err != nil && !errors.As(err, &refusal) && !strings.Contains(err.Error(), "--memory") {
			t.Error(err)
		}
	})
}

// unzip takes the compression off.
func unzip(t testing.TB, data []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func certify(t testing.TB, c Claim) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add(t.Context(), c, Options{Workers: 2}); err != nil {
		t.Fatalf("%s %s: %v", c.Spec, c.Guarantee, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpack takes a certificate of one claim apart.
func unpack(t *testing.T, data []byte) (*Claim, []*rows) {
	t.Helper()
	all := unzip(t, data)[len(magic):]
	c, err := readClaim(newReader(bytes.NewReader(all)))
	if err != nil {
		t.Fatal(err)
	}
	all = all[bytes.IndexByte(all, '\n')+1:]
	var sets []*rows
	for _, p := range c.Parts {
		set := newRows(p.width())
		set.data, all = all[:int(p.States)*p.width()], all[int(p.States)*p.width():]
		sets = append(sets, set)
	}
	return c, sets
}

func copied(sets []*rows) []*rows {
	var all []*rows
	for _, s := range sets {
		c := newRows(s.width)
		c.data = bytes.Clone(s.data)
		all = append(all, c)
	}
	return all
}

func (r *rows) remove(i int) { r.data = append(r.data[:i*r.width], r.data[(i+1)*r.width:]...) }

// refused wants a claim with these sets to be refused.
func refused(t *testing.T, c *Claim, sets []*rows, what string) {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.write(c, sets); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var refusal *Refusal
	if err := Verify(t.Context(), &b, 1<<30, func(*Claim) {}); !errors.As(err, &refusal) {
		t.Errorf("%s: %s: %v, want a refusal", c.Spec, what, err)
	}
}

func zipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
