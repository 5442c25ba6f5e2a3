package kafkaconf

import "slices"

// Packed is what was read of the files of a question: it stands for them where they are not, in a page for example. It is
// plain data, can be written as JSON, and has no value that is not shown ([Shown]).
type Packed struct {
	// File is the file that the question is named after, Spec what it says if it is a spec.
	File string      `json:"file,omitempty"`
	Spec *PackedSpec `json:"spec,omitempty"`
	// Sources are what the files say, in the order in which they are laid over each other. The first OfSpec of them are
	// the spec's own.
	Sources []Source `json:"sources,omitempty"`
	OfSpec  int      `json:"ofSpec,omitempty"`
	// Configures says that a configuration file was given beside or instead of a spec.
	Configures bool       `json:"configures,omitempty"`
	Read       []FileRead `json:"read,omitempty"`
	Problems   Problems   `json:"problems,omitempty"`
	Readable   bool       `json:"readable"`
}

// PackedSpec is what a spec says beside the values of its parts.
type PackedSpec struct {
	Parsed     bool                  `json:"parsed"`
	Asks       bool                  `json:"asks"`
	About      string                `json:"about,omitempty"`
	Kafka      *PackedWord           `json:"kafka,omitempty"`
	Guarantees []PackedWord          `json:"guarantees,omitempty"`
	Counted    *PackedWord           `json:"counted,omitempty"`
	Faults     *PackedWord           `json:"faults,omitempty"`
	Expect     map[string]PackedWord `json:"expect,omitempty"`
	ExpectAll  *PackedWord           `json:"expectAll,omitempty"`
}

// PackedWord is a word of a spec and where it stands.
type PackedWord struct {
	Text string   `json:"text"`
	At   Position `json:"at"`
}

// Pack reads the files of a request and gives the same request without need of them: [Load] answers both alike, and what
// is wrong with the files is found by Load too.
func (r Request) Pack() Request {
	if r.Packed != nil {
		return r
	}
	packed := newResolver(r).readFiles()
	for i := range packed.Sources {
		packed.Sources[i].Values = slices.Clone(packed.Sources[i].Values)
		for j := range packed.Sources[i].Values {
			v := &packed.Sources[i].Values[j]
			v.Text = Shown(v.Part, v.Key, v.Text)
			v.Key = ShownKey(v.Key)
		}
	}
	r.Packed, r.ReadFile, r.Sources = &packed, nil, nil
	r.Set = slices.Clone(r.Set)
	for i := range r.Set {
		r.Set[i] = ShownFlag(r.Set[i])
	}
	return r
}

// unpack begins with what was read before.
func (r *resolver) unpack(p *Packed) spec {
	r.out.File, r.out.Read, r.out.Spec = p.File, slices.Clone(p.Read), p.Spec != nil
	r.files, r.readable, r.fromSpec = p.Configures, p.Readable, p.OfSpec
	r.problems = slices.Clone(p.Problems)
	if p.Spec == nil {
		return spec{}
	}
	s := spec{file: p.File, parsed: p.Spec.Parsed, asks: p.Spec.Asks, about: p.Spec.About, kafka: unpackWord(p.Spec.Kafka),
		counted: unpackWord(p.Spec.Counted), faults: unpackWord(p.Spec.Faults), expectAll: unpackWord(p.Spec.ExpectAll)}
	for _, g := range p.Spec.Guarantees {
		s.guarantees = append(s.guarantees, word{g.Text, g.At})
	}
	if p.Spec.Expect != nil {
		s.expect = map[string]word{}
		for name, w := range p.Spec.Expect {
			s.expect[name] = word{w.Text, w.At}
		}
	}
	r.out.About = s.about
	return s
}

// pack is what was read of a spec.
func (s *spec) pack() *PackedSpec {
	p := &PackedSpec{Parsed: s.parsed, Asks: s.asks, About: s.about, Kafka: packWord(s.kafka), Counted: packWord(s.counted),
		Faults: packWord(s.faults), ExpectAll: packWord(s.expectAll)}
	for _, g := range s.guarantees {
		p.Guarantees = append(p.Guarantees, PackedWord{g.text, g.at})
	}
	if s.expect != nil {
		p.Expect = map[string]PackedWord{}
		for name, w := range s.expect {
			p.Expect[name] = PackedWord{w.text, w.at}
		}
	}
	return p
}

func packWord(w *word) *PackedWord {
	if w == nil {
		return nil
	}
	return &PackedWord{w.text, w.at}
}

func unpackWord(w *PackedWord) *word {
	if w == nil {
		return nil
	}
	return &word{w.Text, w.At}
}
