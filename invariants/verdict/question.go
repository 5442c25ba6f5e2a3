package verdict

import (
	"slices"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/cache"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Question is one configuration and one guarantee. Config and Guarantee are enough; the rest is what a report says
// about where the question came from.
type Question struct {
	Config    model.Config // with scope and fault budget
	Guarantee string
	Counted   model.Counted // which messages must not be lost

	Spec     string  // name of the spec, for the report
	About    string  // what the spec says it is about
	Expected Verdict // what the spec expects; empty for nothing
	// Reproduce is the command that asks the question again, for the report.
	Reproduce string
	// Settings are the effective settings that were read or given, for the report.
	Settings []Setting
	// Notes are sentences about the configuration, such as what Kafka changes silently.
	Notes []string
	// Refused are the reasons why Kafka would not start. With one, nothing is explored.
	Refused []string
	// Informational says that nobody asked for the guarantee: it is told for information.
	Informational bool
}

// Questions are what a resolved configuration asks: one question for each guarantee, in its order.
func Questions(r *kafkaconf.Resolved) []Question {
	q := Question{Config: r.Config, Counted: r.Counted, About: r.About, Settings: settings(r), Notes: r.Notes}
	if r.Spec {
		q.Spec = r.File
	}
	for _, p := range r.Refused {
		q.Refused = append(q.Refused, refusal(p))
	}
	questions := make([]Question, len(r.Guarantees))
	for i, g := range r.Guarantees {
		questions[i] = q
		questions[i].Guarantee = g
		questions[i].Expected = Verdict(r.Expect[g])
		if p, refused := r.RefusedOf[g]; refused {
			questions[i].Refused = append(slices.Clone(q.Refused), refusal(p))
		}
		questions[i].Informational = slices.Contains(r.Informational, g)
	}
	return questions
}

// Deciding are the questions of a resolved configuration but for those that are told for information.
func Deciding(r *kafkaconf.Resolved) []Question {
	return slices.DeleteFunc(Questions(r), func(q Question) bool { return q.Informational })
}

// counted names the messages that must not be lost; empty for a guarantee that does not ask.
func (q *Question) counted() string {
	g, err := invariants.Lookup(q.Guarantee)
	if err != nil {
		return ""
	}
	return g.Counted(q.Counted, q.Config.App.OutputKafka)
}

// refusal is the reason why Kafka refuses a configuration, as a sentence that can stand without the place.
func refusal(p Problem) string {
	if p.Key == "" {
		return p.Message
	}
	return p.Key + ": " + p.Message
}

// settings lists the effective settings that belong into a report: those that were read and those that were given.
func settings(r *kafkaconf.Resolved) []Setting {
	list := []Setting{}
	for _, e := range r.Effective {
		if e.Read || e.Given {
			list = append(list, SettingOf(e))
		}
	}
	return list
}

// SettingOf is an effective setting as a report shows it, without what may be a secret.
func SettingOf(e kafkaconf.EffectiveSetting) Setting {
	s := Setting{Key: kafkaconf.ShownKey(e.Name()), Value: kafkaconf.Shown(e.Part, e.Key, e.Value), Source: e.Source, Read: e.Read}
	switch {
	case e.Given:
		s.Origin = Given
	case e.Source == string(Assumed):
		s.Origin = Assumed
	default:
		s.Origin = Default
	}
	return s
}

// Options says how to search. The zero value searches breadth first with all cores and half of the memory.
type Options struct {
	Strategy explore.Strategy
	Seed     uint64
	Workers  int   // 0: all cores
	Memory   int64 // bytes; 0: half of the machine, see [explore.DefaultMemory]
	// Exhaust notes a violation and explores the rest of the scope all the same.
	Exhaust bool
	// NoReductions explores the plain state space.
	NoReductions bool
	// Timeout is the limit on time behind the context, for the command that asks again; 0 for none. The context counts.
	Timeout time.Duration
	// Early, if set, is told of each of several guarantees, before any is searched to the end, what a short look at runs with few
	// faults shows of it: a violation, or up to how many there is none, see [Result.UpTo].
	Early func(*Question, *Result)
	// Coverage puts how often each action fired into the result.
	Coverage bool
	// Unexplained leaves out Cause, Fix, RestsOn and Beyond, which are many searches of their own.
	Unexplained bool
	// Answered, if set, is told each question with its answer as soon as it is known.
	Answered func(*Question, *Result)
	// Found, if set, is called by [CheckFiles] with each result as soon as its verdict is known, before Cause, Fix, RestsOn and
	// Beyond are looked for.
	Found func(*Result)
	// Cache, if set, keeps final results, see [OpenCache].
	Cache *cache.Store
	// Disk, if set, is where searches keep what does not fit into the memory. Those for Cause, Fix, RestsOn and Beyond are small
	// and do without.
	Disk *explore.Disk
	// Checkpoint, if set, is where searches write down how far they are, see [OpenCheckpoint].
	Checkpoint *explore.Checkpoint
	// Progress, if set, is called about once a second, or every ProgressEvery.
	Progress      func(*Question, explore.Progress)
	ProgressEvery time.Duration

	states   uint64 // where it is not 0, a search ends with so many states
	bare     bool   // the verdict alone is wanted, without the parts that tell a story
	together *plan.Together
	logs     *plan.Logs // what the searches for causes know about logs already
}
