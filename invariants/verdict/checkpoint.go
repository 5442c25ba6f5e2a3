package verdict

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// checkpointName is the file in a folder of checkpoints that says what they are of.
const checkpointName = "question.json"

// checkpointRemedy says what to do where a folder has the checkpoints of something else.
const checkpointRemedy = "name another folder, or delete it to begin anew"

// about is what checkpoints are of: the program, and each question by what its answer depends on.
type about struct {
	Kcheck    string   `json:"kcheck"`
	Questions [][]fact `json:"questions"`
}

// fact is one of the things on which an answer depends.
type fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// OpenCheckpoint makes a folder ready for the checkpoints of everything that requests ask with these options, for
// [Options].Checkpoint: searches write down there how far they are, every ten minutes and when the context ends, and the
// same questions, asked again, go on from there. The error says what is wrong with the folder, or in what the questions
// differ from those whose checkpoints it has.
func OpenCheckpoint(dir string, requests []kafkaconf.Request, o Options) (*explore.Checkpoint, error) {
	if o.Strategy != explore.BFS {
		return nil, errors.New("a checkpoint needs the strategy bfs")
	}
	want := about{Kcheck: Version + ", " + Build(), Questions: [][]fact{}}
	for _, request := range requests {
		resolved, err := kafkaconf.Load(request)
		if err != nil || resolved == nil {
			continue // whoever asks it says why
		}
		for _, q := range Questions(resolved) {
			want.Questions = append(want.Questions, q.facts(&o))
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, checkpointName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = want.begin(dir)
	case err == nil:
		err = want.compare(dir, text)
	}
	if err != nil {
		return nil, err
	}
	return &explore.Checkpoint{Dir: dir, Question: want.Kcheck}, nil
}

// facts are what the answer to a question depends on, in the order in which a difference is told.
func (q *Question) facts(o *Options) []fact {
	config := sha256.Sum256(fmt.Appendf(nil, "%#v", q.Config))
	return []fact{
		{"guarantee", q.Guarantee},
		{"counted", q.counted()},
		{"kafka", q.Config.Kafka.String()},
		{"faults", q.Config.Faults.String()},
		{"messages", fmt.Sprint(q.Config.Scope.Messages)},
		{"configuration", hex.EncodeToString(config[:6])},
		{"seed", fmt.Sprint(o.Seed)},
		{"exhaust", fmt.Sprint(o.Exhaust)},
		{"no-reductions", fmt.Sprint(o.NoReductions)},
		{"coverage", fmt.Sprint(o.Coverage)},
	}
}

// begin makes the folder, which must be empty, and notes what its checkpoints are of.
func (a *about) begin(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	file := filepath.Join(dir, checkpointName)
	others, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(others, func(e fs.DirEntry) bool { return e.Name() == checkpointName }) {
		return a.compareFile(file) // another process was faster
	}
	if i := slices.IndexFunc(others, func(e fs.DirEntry) bool { return !strings.HasPrefix(e.Name(), checkpointName) }); i >= 0 {
		return fmt.Errorf("%s has no checkpoint, but other files, such as %s; name an empty folder or a new one", dir, others[i].Name())
	}
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	return a.write(file, append(text, '\n'))
}

// write writes the file whole, unless another process is faster: then it has to be of the same questions.
func (a *about) write(file string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), checkpointName+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = cmp.Or(err, f.Close()); err != nil {
		return err
	}
	err = os.Link(f.Name(), file)
	switch {
	case errors.Is(err, fs.ErrExist):
		return a.compareFile(file)
	case err != nil: // a file system without links
		return os.Rename(f.Name(), file)
	}
	return nil
}

// compareFile is compare with what a file says.
func (a *about) compareFile(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return a.compare(filepath.Dir(file), text)
}

// compare says in what the checkpoints of a folder differ from what is asked now.
func (a *about) compare(dir string, text []byte) error {
	var have about
	if err := json.Unmarshal(text, &have); err != nil {
		return fmt.Errorf("%s is damaged: %w; %s", filepath.Join(dir, checkpointName), err, checkpointRemedy)
	}
	if have.Kcheck != a.Kcheck {
		return fmt.Errorf("%s has a checkpoint of kcheck %s, and this is kcheck %s; %s", dir, have.Kcheck, a.Kcheck, checkpointRemedy)
	}
	if len(have.Questions) != len(a.Questions) {
		return fmt.Errorf("%s has a checkpoint of another question: of %d guarantees, and now there are %d; %s",
			dir, len(have.Questions), len(a.Questions), checkpointRemedy)
	}
	for i, now := range a.Questions {
		for k, f := range now {
			if k >= len(have.Questions[i]) || have.Questions[i][k] != f {
				var was string
				if k < len(have.Questions[i]) {
					was = have.Questions[i][k].Value
				}
				return fmt.Errorf("%s has a checkpoint of another question: its %s is %s, and now it is %s; %s", dir, f.Name, orNone(was), orNone(f.Value), checkpointRemedy)
			}
		}
	}
	return nil
}

// orNone is a value as it is told.
func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}
