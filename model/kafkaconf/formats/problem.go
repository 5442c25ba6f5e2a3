package formats

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CommandLine stands in [Position.File] for what a flag said.
const CommandLine = "command line"

// Position is a place in a file. Line and Column count from 1; both are 0 for a file as a whole and for flags.
type Position struct {
	File   string
	Line   int
	Column int
}

// String writes the position as "file:line:col", or just the file where there is no line.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Severity is how bad a problem is.
type Severity uint8

// The severities, mildest first.
const (
	// Warning: Kafka starts and kcheck goes on, but what was written may not be what was meant.
	Warning Severity = iota
	// Refusal: Kafka or the client library would not start with this; the result is "refused".
	Refusal
	// Failure: kcheck cannot read this; there is no result.
	Failure
)

// String is the word used in JSON.
func (s Severity) String() string { return [...]string{"warning", "refused", "error"}[s] }

// MarshalText makes JSON carry the word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word back.
func (s *Severity) UnmarshalText(text []byte) error {
	for _, known := range []Severity{Warning, Refusal, Failure} {
		if known.String() == string(text) {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q", text)
}

// Problem is one thing that is wrong with the input: where it is, what it is about, and what would be right.
type Problem struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	Key      string   `json:"key"`
	Message  string   `json:"message"` // "what is wrong; what would be right"
	Severity Severity `json:"severity"`
	// Contradiction says that settings do not fit together which are each right by itself: another change can mend it.
	Contradiction bool `json:"-"`
}

// String writes the problem as one line, "FILE:LINE:COL: KEY: what is wrong; what would be right".
func (p Problem) String() string {
	at := Position{p.File, p.Line, p.Column}.String()
	parts := []string{}
	for _, s := range []string{at, p.Key, p.Message} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return OneLine(strings.Join(parts, ": "))
}

// Problems is everything that is wrong with the input, not just the first thing.
type Problems []Problem

// Error makes Problems an error; one line per problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Failed says whether kcheck could not read something, so that there is no result.
func (ps Problems) Failed() bool { return ps.has(Failure) }

// Refused says whether Kafka or the client would refuse to start.
func (ps Problems) Refused() bool { return ps.has(Refusal) }

// Only gives the problems of one severity.
func (ps Problems) Only(s Severity) Problems {
	var out Problems
	for _, p := range ps {
		if p.Severity == s {
			out = append(out, p)
		}
	}
	return out
}

func (ps Problems) has(s Severity) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.Severity == s })
}

// isPlace matches a place in a file, whose path may be long. Values of others stand in quotes.
var isPlace = regexp.MustCompile(`^[^\s"]+:\d+:\d+$`)

// Sentence writes a sentence about what others wrote: no text in it has a secret, and none is longer than a few lines.
// Places in files are named in full.
func Sentence(format string, args ...any) string {
	for i, arg := range args {
		if text, isText := arg.(string); isText && !isPlace.MatchString(text) {
			args[i] = shortened(WithoutSecrets(text), 1000)
		}
	}
	return fmt.Sprintf(format, args...)
}

// Add appends a problem at a position.
func (ps *Problems) Add(s Severity, at Position, key, format string, args ...any) {
	*ps = append(*ps, Problem{
		File: at.File, Line: at.Line, Column: at.Column, Key: WithoutSecrets(key),
		Message: Sentence(format, args...), Severity: s,
	})
}

// AddContradiction appends a failure about settings that do not fit together.
func (ps *Problems) AddContradiction(at Position, key, format string, args ...any) {
	ps.Add(Failure, at, key, format, args...)
	(*ps)[len(*ps)-1].Contradiction = true
}

// Sorted orders problems by place and drops repetitions; problems of one place keep the order they were found in.
func (ps Problems) Sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(ps)
}

// OneLine makes text fit on one line of a terminal: control characters, of which a binary file is full, become "?", and
// so does what is not seen, such as the marks that turn the direction of the text around them.
func OneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == '\uFFFD' {
			return '?'
		}
		return r
	}, s)
}

// secretAfter matches a word that announces a secret, with what parts it from the secret: a lost line end puts a password
// behind the value of the setting before.
var secretAfter = regexp.MustCompile(`(?i)(passw|pwd|secret|jaas|credential|token|private.?key|user.?info|\.pem)[^\s:="']*["']?[\s:=]+[^\s:=…]|-----BEGIN `)

// longWord matches what is too long to be a word of a name: a line of a private key that stands where a name is expected.
var longWord = regexp.MustCompile(`([A-Za-z0-9+/]{4})[A-Za-z0-9+/]{37,}=*`)

// WithoutSecrets is a text up to a secret that is announced in it, and without what is no word at all.
func WithoutSecrets(s string) string {
	if at := secretAfter.FindStringIndex(s); at != nil {
		s = s[:at[1]-1] + "…"
	}
	return longWord.ReplaceAllString(s, "$1…")
}

// Hidden stands for what is not shown.
const Hidden = "(hidden)"

// userInfo matches what stands before the host in a URL or an address, "user:password@", as generously as it goes: a
// password may have any character but a blank, and a scheme may be misspelt.
var userInfo = regexp.MustCompile(`(\w+://)\S*@|[^\s,;"'=]*:\S*@`)

// WithoutUserInfo is a text in which no URL and no address says by which user and password it is reached.
func WithoutUserInfo(text string) string { return userInfo.ReplaceAllString(text, "${1}"+Hidden+"@") }

// Quote shows a value of the user's in a message: in quotes, on one line, cut when it is long, and without the secrets that
// can be known in it.
func Quote(s string) string {
	return `"` + shortened(OneLine(WithoutUserInfo(WithoutSecrets(s))), 60) + `"`
}

// IsWord says whether a text could be meant as a word or a number. What has "=", "@", a quote inside or a URL is more than
// that: a lost line end has put the next setting behind the value, and that may be a secret under any name.
func IsWord(s string) bool {
	for _, quote := range []string{`"`, "'"} {
		if inner, found := strings.CutPrefix(s, quote); found && strings.HasSuffix(inner, quote) {
			s = strings.TrimSuffix(inner, quote)
			break
		}
	}
	return !strings.ContainsAny(s, "=@\"'#") && !strings.Contains(s, "://")
}

// QuoteWord shows a value of the user's of a setting that takes words or numbers only: as [Quote] does, but its length
// alone where it is more than a word, and nothing of a comment behind it.
func QuoteWord(s string) string {
	if word, _, commented := strings.Cut(s, "#"); commented && IsWord(word) {
		return Quote(word + "#…")
	}
	if !IsWord(s) {
		return fmt.Sprintf("a text of %d characters", utf8.RuneCountInString(s))
	}
	return Quote(s)
}

// shortened is a text of at most so many characters.
func shortened(s string, limit int) string {
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}

// OrList writes words as "a, b or c".
func OrList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
