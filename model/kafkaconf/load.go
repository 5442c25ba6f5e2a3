package kafkaconf

import (
	"errors"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// LoadError says that a request cannot be answered: something could not be read. It has everything that is wrong with the
// input, failures and others, in the order of the files.
type LoadError struct{ Problems Problems }

// Error has one line for each problem.
func (e *LoadError) Error() string { return e.Problems.Error() }

// ProblemsOf gives everything that [Load] found wrong, whether there is a result or not.
func ProblemsOf(resolved *Resolved, err error) Problems {
	var failed *LoadError
	switch {
	case errors.As(err, &failed):
		return failed.Problems
	case resolved != nil:
		return resolved.Problems
	}
	return nil
}

// Load answers a request: it reads the files, lays the flags over them, fills in the defaults, applies Kafka's checks
// and resolves the configuration. All problems are reported, not just the first. When one of them is a failure there is
// no result, and the error is a [*LoadError] with all of them. Otherwise [Resolved.Problems] has the warnings and what
// Kafka would refuse, which [Resolved.Refused] repeats.
func Load(request Request) (*Resolved, error) {
	r, s := begin(request)
	r.readFlags()
	r.versions(s)
	r.question(s)
	if r.readable {
		r.validate()
		r.resolve()
	}
	problems := r.problems.Sorted()
	if problems.Failed() {
		return nil, &LoadError{problems}
	}
	r.finish(problems)
	return r.out, nil
}

// resolver holds a question while it is resolved.
type resolver struct {
	request  Request
	out      *Resolved
	problems Problems
	files    bool   // a configuration file was given beside or instead of a spec
	readable bool   // every file could be read, so that what is missing is missing
	fromSpec int    // how many of the sources are the spec: 1, or 0 without one
	stated   []word // the versions of Kafka that files state
	brokers  brokerCount

	presets        []filePreset // the frameworks that files are for
	frameworkNames []string     // the frameworks that the question has

	values map[Part]map[string]Value // what was given, by the key as written; the last one wins
	order  map[Part]map[string]int   // when each was given
	count  int
	given  map[Part]bool // parts that a file gives
	wrong  map[*key]bool // keys whose value was refused, so that nothing more is concluded from it

	kafka     model.Version
	kafkaFlag bool // the version or a client comes from the command line
	producer  Dialect
	consumer  Dialect
	effective map[Part]map[string]int // index into out.Effective plus one
}

// begin reads the files of a request, or takes what was read of them, and lays their values over each other.
func begin(request Request) (*resolver, spec) {
	packed := request.Packed
	if packed == nil {
		read := newResolver(request).readFiles()
		packed = &read
	}
	r := newResolver(request)
	s := r.unpack(packed)
	r.layAll(packed.Sources)
	r.refuseNothing()
	return r, s
}

func newResolver(request Request) *resolver {
	return &resolver{
		request: request, out: &Resolved{}, readable: true,
		values: map[Part]map[string]Value{}, order: map[Part]map[string]int{}, given: map[Part]bool{},
		wrong:     map[*key]bool{},
		effective: map[Part]map[string]int{},
	}
}

// readFiles reads the positional files and those of the part flags. At most one of them may be a spec.
func (r *resolver) readFiles() Packed {
	var s spec
	var sources []Source
	for _, file := range r.request.Files {
		data, ok := r.readFile(file, "")
		if !ok {
			continue
		}
		if !IsSpec(file, data) {
			r.files = true
			source := r.source(file, "", data)
			r.taken(source)
			sources = append(sources, source)
			continue
		}
		if r.out.Spec {
			r.problems.Add(Failure, Position{File: file}, "", "a second spec; %s is the first, check them one at a time", s.file)
			continue
		}
		read, problems := readSpec(file, data, r.request)
		s = read
		r.out.Spec = true
		r.readable = r.readable && s.parsed && !s.unread
		r.problems = append(r.problems, problems...)
		r.fromSpec = 1 // the files that it names are files like others
		for _, source := range s.sources[min(1, len(s.sources)):] {
			if source.Format != formats.Properties {
				r.taken(source)
			}
		}
		sources = append(slices.Clone(s.sources), sources...)
	}
	for _, part := range FileParts {
		file, asked := r.request.PartFiles[part]
		if !asked {
			continue
		}
		if data, ok := r.readFile(file, "--"+string(part)); ok {
			source := r.source(file, part, data)
			if source.Format != formats.Properties {
				r.taken(source)
			}
			sources = append(slices.Concat(sources[:r.fromSpec], withoutPart(sources[r.fromSpec:], part)), source)
		}
	}
	for _, source := range r.request.Sources {
		r.files = true
		r.taken(source)
		sources = append(sources, source)
	}
	sources, problems := formats.Combine(sources, r.request.formatOptions())
	r.failing(problems)
	packed := Packed{File: firstFile(r.request, s), Sources: sources, OfSpec: r.fromSpec, Configures: r.files, Read: r.out.Read,
		Problems: r.problems, Readable: r.readable}
	if r.out.Spec {
		packed.Spec = s.pack()
	}
	return packed
}

// firstFile is the file that the question is named after.
func firstFile(request Request, s spec) string {
	if s.file != "" {
		return s.file
	}
	if len(request.Files) > 0 {
		return request.Files[0]
	}
	for _, part := range FileParts {
		if file, found := request.PartFiles[part]; found {
			return file
		}
	}
	return ""
}

// withoutPart drops what files say of a part whose whole file is given by a flag.
func withoutPart(sources []Source, part Part) []Source {
	out := make([]Source, len(sources))
	for i, s := range sources {
		out[i] = s.Without(part)
	}
	return out
}

func (r *resolver) readFile(file, flag string) ([]byte, bool) {
	data, err := r.request.Read(file)
	if err != nil {
		r.readable = false
		r.problems.Add(Failure, Position{File: file}, flag, "cannot be read: %s", input.Cause(err))
		return nil, false
	}
	return data, true
}

func (r *resolver) source(file string, part Part, data []byte) Source {
	if part != "" && IsSpec(file, data) {
		r.failing(Problems{{File: file, Key: "--" + string(part), Severity: Failure,
			Message: "is a spec; give it without a flag, or give the configuration file of the " + string(part)}})
		return Source{}
	}
	s, problems := r.request.readSource(file, part, data)
	r.failing(problems)
	return s
}

// failing takes over the problems of a file.
func (r *resolver) failing(problems Problems) {
	r.readable = r.readable && !problems.Failed()
	r.problems = append(r.problems, problems...)
}

func (r *resolver) put(v Value) {
	if r.values[v.Part] == nil {
		r.values[v.Part], r.order[v.Part] = map[string]Value{}, map[string]int{}
	}
	r.count++
	r.values[v.Part][v.Key], r.order[v.Part][v.Key] = v, r.count
}

// readFlags lays --set and --messages over the files.
func (r *resolver) readFlags() {
	at := Position{File: CommandLine}
	for _, flag := range r.request.Set {
		name, text, found := strings.Cut(flag, "=")
		partName, key, dotted := strings.Cut(name, ".")
		part, known := ParsePart(partName)
		switch {
		case !found || !dotted || key == "":
			r.problems.Add(Failure, at, "--set", "%s is not part.key=value; write for example --set producer.acks=all", formats.Quote(ShownFlag(flag)))
		case !known:
			r.problems.Add(Failure, at, "--set", "unknown part %s; %s", formats.Quote(partName), didYouMean(partName, partNames(),
				"write "+formats.OrList(partNames())))
		default:
			r.put(Value{Part: part, Key: key, Text: text, KeyAt: at, ValueAt: at, Flag: true})
		}
	}
	if r.request.Messages != "" {
		r.put(Value{Part: Scope, Key: "messages", Text: r.request.Messages, KeyAt: at, ValueAt: at, Flag: true})
	}
}

func partNames() []string {
	names := make([]string, len(Parts))
	for i, p := range Parts {
		names[i] = string(p)
	}
	return names
}

// versions finds out which Kafka and which clients are meant: nothing else can be read without knowing that.
func (r *resolver) versions(s spec) {
	r.kafka = model.Newest
	asked := s.kafka
	switch {
	case r.request.Kafka != "":
	case asked != nil:
		asked = r.agreedVersion(*asked)
	default:
		if asked = r.statedVersion(); asked == nil {
			asked = r.ofZooKeepersTime()
		}
	}
	if r.request.Kafka != "" {
		asked, r.kafkaFlag = &word{r.request.Kafka, Position{File: CommandLine}}, true
	}
	if asked != nil {
		v, err := model.ParseVersion(asked.text)
		if err != nil {
			r.readable = false
			r.problems.Add(Failure, asked.at, "kafka", "%s", err)
		} else {
			r.kafka = v
		}
	}
	r.layFrameworks()
	r.producer = r.dialect("producer-client")
	r.consumer = r.dialect("consumer-client")
}

// dialect reads one of app.producer-client and app.consumer-client.
func (r *resolver) dialect(name string) Dialect {
	v, found := r.values[App][name]
	if !found {
		return DefaultDialect(r.kafka)
	}
	r.kafkaFlag = r.kafkaFlag || v.Flag
	d, err := ParseDialect(strings.TrimSpace(v.Text))
	if err != nil {
		r.readable = false
		r.problems.Add(Failure, v.KeyAt, "app."+name, "%s", err)
		return DefaultDialect(r.kafka)
	}
	return d
}

// dialectOf is the client that reads a part; the brokers' version for parts of the cluster. The reader of the output
// topic has the consumer's client.
func (r *resolver) dialectOf(p Part) Dialect {
	switch p {
	case Producer:
		return r.producer
	case Consumer, Downstream:
		return r.consumer
	}
	return Dialect{model.Java, r.kafka, r.kafka.String()}
}

// note adds a sentence to the notes, once.
func (r *resolver) note(format string, args ...any) {
	if s := formats.Sentence(format, args...); !slices.Contains(r.out.Notes, s) {
		r.out.Notes = append(r.out.Notes, s)
	}
}

// taken remembers what a configuration file was taken for.
func (r *resolver) taken(s Source) {
	if len(s.Given) > 0 {
		r.out.Read = append(r.out.Read, FileRead{s.File, s.Format, s.Given})
	}
}

// finish sets what depends on everything else.
func (r *resolver) finish(problems Problems) {
	for _, f := range r.out.Read {
		r.note("%s is read as %s: %s", f.File, f.Format, f.PartNames())
	}
	r.noteDefects()
	r.out.Problems, r.out.Refused = problems, problems.Only(Refusal)
	r.listGiven()
}
