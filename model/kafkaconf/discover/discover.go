// Package discover finds the configurations of Kafka in a folder: which files are any, what each is taken for, and which
// of them belong together.
//
//	found, err := discover.Below(os.DirFS("."), discover.Options{})
//	for _, system := range found.Systems {
//		fmt.Println(system.Files)
//	}
//
// A system is one cluster and one application with the topics of that cluster. What fits several is listed as ambiguous
// and joined to none: an answer about files that do not belong together would be about nobody's system.
package discover

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// Options say what is looked for.
type Options struct {
	// Include are patterns of path.Match for files that are taken although they are tests, by their path or their name.
	Include []string
	// Request chooses where a file has several services, clusters, profiles or topics.
	Request kafkaconf.Request
	// Only says whether a file is looked at; every file when nil.
	Only func(path string) bool
}

// Status is what became of a file.
type Status string

// The statuses.
const (
	Taken     Status = "taken"     // a part of one or more systems
	Ambiguous Status = "ambiguous" // a configuration of Kafka that fits several, or contradicts itself
	Skipped   Status = "left out"  // a test, or a profile that is not active
)

// File is a configuration of Kafka that was found.
type File struct {
	Path   string
	Format string
	Parts  []kafkaconf.Part
	Status Status
	Why    string // why it is ambiguous or left out
}

// System is one question: files that belong together, the cluster's first.
type System struct {
	Files []string
}

// Name names a system by its files.
func (s System) Name() string { return strings.Join(s.Files, " + ") }

// Found is what there is below a folder.
type Found struct {
	Specs   []string // specs; where there is one, the files around it are its business
	Systems []System
	Files   []File
	// Unreadable are files and folders that could not be read.
	Unreadable []string
}

// The bounds of a search: what is found must be a configuration that somebody wrote.
const (
	maxFiles  = 50_000    // files that are looked at by name
	maxBytes  = 256 << 20 // bytes that are read in all
	maxPerDoc = input.MaxText
)

// leftOut are the folders that hold nobody's own configurations.
var leftOut = []string{".git", ".hg", ".svn", ".idea", ".gradle", ".terraform", ".venv", ".cache", ".tox", "node_modules", "vendor", "target", "build", "dist", "bench", "__pycache__", "venv"}

// endings are those of files that may be configurations.
var endings = []string{".properties", ".conf", ".cfg", ".config", ".ini", ".yml", ".yaml", ".json", ".env", ".tf", ".txt", ".out"}

// search walks over a folder.
type search struct {
	ctx   context.Context
	fsys  fs.FS
	o     Options
	found Found
	all   []candidate
	// programs are lists of dependencies, which say with which client library a program is built.
	programs []candidate
	files    int
	bytes    int
}

// candidate is a configuration that was read.
type candidate struct {
	path   string
	dir    string
	source kafkaconf.Source
}

// Below finds the configurations below the root of a file system.
func Below(ctx context.Context, fsys fs.FS, o Options) (Found, error) {
	s := &search{ctx: ctx, fsys: fsys, o: o}
	if err := fs.WalkDir(fsys, ".", s.visit); err != nil {
		return s.found, err
	}
	if len(s.found.Specs) == 0 {
		s.join()
	}
	slices.SortFunc(s.found.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return s.found, nil
}

// visit looks at one entry of the tree.
func (s *search) visit(name string, entry fs.DirEntry, err error) error {
	switch {
	case s.ctx.Err() != nil:
		return s.ctx.Err()
	case err != nil && name == ".":
		return err
	case err != nil:
		s.found.Unreadable = append(s.found.Unreadable, name)
		return nil
	case entry.IsDir():
		base := path.Base(name)
		if name != "." && slices.Contains(leftOut, base) {
			return fs.SkipDir
		}
		return nil
	case !entry.Type().IsRegular() || !MayBe(name) || s.o.Only != nil && !s.o.Only(name):
		return nil
	}
	if s.files++; s.files > maxFiles {
		return errors.New("more files than kcheck looks at; name a folder below")
	}
	return s.read(name)
}

// MayBe says whether a file's name is one that a configuration may have.
func MayBe(name string) bool {
	base := strings.ToLower(path.Base(name))
	return slices.Contains(endings, path.Ext(base)) || formats.IsDependencyName(base) || strings.HasPrefix(base, ".env") || strings.HasSuffix(base, ".env")
}

// read reads a file and takes it when it is a configuration.
func (s *search) read(name string) error {
	data, err := s.head(name)
	if err != nil {
		s.found.Unreadable = append(s.found.Unreadable, name)
	}
	if data == nil {
		return nil
	}
	if s.bytes += len(data); s.bytes > maxBytes {
		return errors.New("more bytes than kcheck looks at; name a folder below")
	}
	if kafkaconf.IsSpec(name, data) && isYAML(name) && len(data) > 0 {
		s.found.Specs = append(s.found.Specs, name)
		return nil
	}
	if formats.IsDependencies(name, data) {
		if source, problems := s.o.Request.ReadSource(name, data); !problems.Failed() && len(source.Values) > 0 && !isTest(name) {
			s.programs = append(s.programs, candidate{name, path.Dir(name), source})
		}
		return nil
	}
	if !mentionsKafka(data) {
		return nil
	}
	source, problems := s.o.Request.ReadSource(name, data)
	c := candidate{name, path.Dir(name), source}
	switch {
	case problems.Failed() && !s.recognised(name, data, source):
	case isTest(name) && !s.included(name):
		s.list(c, Skipped, "a test (--include '"+path.Base(name)+"' takes it)")
	case problems.Failed():
		s.list(c, Ambiguous, firstFailure(problems))
	case len(source.Given) > 0 || source.Brokers > 0 || source.IsSpring() || len(source.Topics) > 0:
		s.all = append(s.all, c)
	}
	return nil
}

// recognised says whether a file that cannot be read is one of Kafka's all the same.
func (s *search) recognised(name string, data []byte, source kafkaconf.Source) bool {
	format := formats.Recognise(name, data)
	return format != "" && format != formats.Properties && format != formats.JSON && formats.Surely(format) && len(source.Given) > 0
}

// head reads a file that is not too long; nil for one that is.
func (s *search) head(name string) ([]byte, error) {
	f, err := s.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPerDoc+1))
	if err != nil || len(data) > maxPerDoc {
		return nil, err
	}
	return data, nil
}

// kafkaWords matches what stands in every configuration of Kafka: its name, or a setting that hardly anything else has.
var kafkaWords = regexp.MustCompile(`(?i)kafka|bootstrap[._-]servers|\backs\b|connector\.class|replication[._-]?factor|min\.insync|mp\.messaging|enable\.auto\.commit|` +
	`auto\.offset\.reset|process\.roles|zookeeper\.connect|broker\.id|ReplicationFactor|(?m:^["']?spring)`)

func mentionsKafka(data []byte) bool { return kafkaWords.Match(data) }

func isYAML(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

// testName matches the names of files for tests, and testFolders are the folders that hold them.
var (
	testName    = regexp.MustCompile(`(?:-test|\.test)\.`)
	testFolders = []string{"test", "tests", "testdata"}
)

// isTest says whether a file is one for tests.
func isTest(name string) bool {
	if testName.MatchString(path.Base(name)) {
		return true
	}
	return slices.ContainsFunc(strings.Split(path.Dir(name), "/"), func(folder string) bool { return slices.Contains(testFolders, folder) })
}

// included says whether a test is taken all the same.
func (s *search) included(name string) bool {
	return slices.ContainsFunc(s.o.Include, func(pattern string) bool {
		whole, _ := path.Match(pattern, name)
		base, _ := path.Match(pattern, path.Base(name))
		return whole || base || strings.HasPrefix(name, strings.TrimSuffix(pattern, "/")+"/")
	})
}

// list notes what became of a file.
func (s *search) list(c candidate, status Status, why string) {
	s.found.Files = append(s.found.Files, File{c.path, c.source.Format, c.source.Given, status, why})
}

func firstFailure(problems kafkaconf.Problems) string {
	return formats.OneLine(problems.Only(kafkaconf.Failure)[0].Message)
}
