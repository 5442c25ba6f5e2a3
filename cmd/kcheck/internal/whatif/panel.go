package whatif

import (
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/counterfactual"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Panel is everything that can be switched, with what it is now.
type Panel struct {
	Kafka      string               `json:"kafka"`
	Versions   []string             `json:"versions"` // the newest first
	Guarantees []Guarantee          `json:"guarantees"`
	Counted    string               `json:"counted"`
	Messages   int                  `json:"messages"`
	MaxMessage int                  `json:"maxMessages"`
	Faults     []Fault              `json:"faults"`
	Any        bool                 `json:"any"`     // a fault may be allowed as often as it likes
	Total      int                  `json:"total"`   // the bound of all faults together; -1 for none
	Overlap    int                  `json:"overlap"` // the bound of brokers that are away at a time; -1 for none
	Settings   []Setting            `json:"settings"`
	Read       []kafkaconf.FileRead `json:"read"`
	Problems   []string             `json:"problems"`
	Severities []kafkaconf.Severity `json:"severities"` // of the problems
	Readable   bool                 `json:"readable"`   // otherwise there is nothing but problems
}

// Guarantee is one guarantee that can be asked for.
type Guarantee struct {
	Name  string `json:"name"`
	Claim string `json:"claim"` // when it holds
	Asked bool   `json:"asked"`
}

// Fault is one kind of fault with its part of the budget.
type Fault struct {
	Name  string `json:"name"`
	Doc   string `json:"doc"`
	Count int    `json:"count"` // -1 for as often as it likes
}

// Setting is one setting with its value.
type Setting struct {
	Key     string `json:"key"` // with its part
	Part    string `json:"part"`
	Name    string `json:"name"`
	Value   string `json:"value"`
	Source  string `json:"source"` // where the value comes from
	Origin  string `json:"origin"`
	Read    bool   `json:"read"`    // it can change the verdict
	Default string `json:"default"` // in the version and for the client asked about; "" for none
	Doc     string `json:"doc"`     // what it means
	Cites   string `json:"cites"`   // where in Kafka the meaning was read
	// Values are those that can be chosen; Free says that others can be given too.
	Values []string `json:"values"`
	Free   bool     `json:"free"`
}

// NewPanel is the panel of a question that could be read, or of one that could not.
func NewPanel(r *kafkaconf.Resolved, problems kafkaconf.Problems) *Panel {
	p := &Panel{Problems: []string{}, Severities: []kafkaconf.Severity{}, Read: []kafkaconf.FileRead{}, Settings: []Setting{}, Total: -1, Overlap: -1, MaxMessage: model.MaxMessages}
	for _, problem := range problems {
		p.Problems, p.Severities = append(p.Problems, problem.String()), append(p.Severities, problem.Severity)
	}
	if r == nil {
		return p
	}
	p.Readable = true
	p.Kafka, p.Counted, p.Messages = r.Config.Kafka.String(), r.Counted.String(), r.Config.Scope.Messages
	p.Read = append(p.Read, r.Read...)
	for _, v := range slices.Backward(model.Lines()) {
		p.Versions = append(p.Versions, v.String())
	}
	if !slices.Contains(p.Versions, p.Kafka) {
		p.Versions = append([]string{p.Kafka}, p.Versions...)
	}
	for _, g := range invariants.All() {
		p.Guarantees = append(p.Guarantees, Guarantee{g.Name, g.Claim, slices.Contains(r.Guarantees, g.Name)})
	}
	p.faults(r)
	p.settings(r)
	return p
}

// faults are the budget.
func (p *Panel) faults(r *kafkaconf.Resolved) {
	budget := r.Config.BudgetMap()
	for _, kind := range model.FaultKinds(nil) {
		f := kind.Fault()
		n := budget[f.Name]
		if n == model.Any {
			n = -1
		}
		p.Faults = append(p.Faults, Fault{f.Name, f.Doc, n})
	}
	if n, bounded := r.Config.Bounds.Total.Limit(); bounded {
		p.Total = n
	}
	if n, bounded := r.Config.Bounds.Overlap.Limit(); bounded {
		p.Overlap = n
	}
}

// settings are those that the model reads or somebody gave, and every key of the application.
func (p *Panel) settings(r *kafkaconf.Resolved) {
	listed := map[string]bool{}
	for i := range r.Effective {
		e := &r.Effective[i]
		if (e.Read || e.Given) && e.Part != kafkaconf.Scope {
			listed[e.Name()] = true
			p.Settings = append(p.Settings, newSetting(r, e))
		}
	}
	for _, s := range kafkaconf.Settings(r.Config.Kafka) {
		if s.Part != kafkaconf.App || s.Bearing == kafkaconf.NoBearing {
			continue
		}
		e := kafkaconf.EffectiveSetting{Part: s.Part, Key: s.Name}
		if !listed[e.Name()] {
			p.Settings = append(p.Settings, newSetting(r, &e))
		}
	}
	slices.SortStableFunc(p.Settings, func(a, b Setting) int {
		return slices.Index(kafkaconf.Parts, kafkaconf.Part(a.Part)) - slices.Index(kafkaconf.Parts, kafkaconf.Part(b.Part))
	})
}

// newSetting is one setting.
func newSetting(r *kafkaconf.Resolved, e *kafkaconf.EffectiveSetting) Setting {
	shown := verdict.SettingOf(*e)
	s := Setting{Key: e.Name(), Part: string(e.Part), Name: e.Key, Value: shown.Value, Source: e.Source, Origin: string(shown.Origin), Read: e.Read,
		Values: []string{}, Free: true}
	if e.Source == "" {
		s.Origin = ""
	}
	client := model.Java
	switch e.Part {
	case kafkaconf.Producer:
		client = r.Config.Prod.Client
	case kafkaconf.Consumer, kafkaconf.Downstream:
		client = r.Config.Cons.Client
	}
	found := kafkaconf.Lookup(e.Name())
	i := max(slices.IndexFunc(found, func(known kafkaconf.Setting) bool { return known.Client == client }), 0)
	if len(found) == 0 {
		return s
	}
	known := found[i]
	s.Doc, s.Cites = known.Doc, known.Source
	s.Default, _ = known.Default(r.Config.Kafka, client)
	s.Free = known.Type != "boolean" && !strings.Contains(known.Valid, "|")
	s.Values = counterfactual.ValuesOf(r, &known)
	if s.Value != "" && !slices.ContainsFunc(s.Values, func(v string) bool { return same(e.Key, v, s.Value) }) {
		s.Values = append(s.Values, s.Value)
	}
	return s
}

// same says whether two values of a setting mean the same.
func same(key, a, b string) bool {
	return strings.EqualFold(kafkaconf.CanonicalValue(key, a), kafkaconf.CanonicalValue(key, b))
}
