package formats

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// profileExpression is a condition on the active profiles as Spring writes it: names with !, &, | and parentheses
// (org.springframework.core.env.ProfilesParser).
type profileExpression struct {
	text string
	at   int
}

// matchesProfiles says whether a condition holds for the active profiles, and what is wrong with one that cannot be read.
func matchesProfiles(condition string, active []string) (bool, string) {
	p := &profileExpression{text: condition}
	holds, wrong := p.or(active, 0)
	if wrong == "" && p.next() != 0 {
		wrong = fmt.Sprintf("unexpected %q", string(p.next()))
	}
	return holds, wrong
}

// next is the character at which the parser stands, past blanks; 0 at the end.
func (p *profileExpression) next() byte {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t') {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

// or reads terms joined by |, and reads terms joined by &.
func (p *profileExpression) or(active []string, depth int) (bool, string) {
	return p.joined(active, depth, '|', func(a, b bool) bool { return a || b }, p.and)
}

func (p *profileExpression) and(active []string, depth int) (bool, string) {
	return p.joined(active, depth, '&', func(a, b bool) bool { return a && b }, p.term)
}

func (p *profileExpression) joined(active []string, depth int, operator byte, join func(a, b bool) bool,
	read func([]string, int) (bool, string)) (bool, string) {
	holds, wrong := read(active, depth)
	for wrong == "" && p.next() == operator {
		p.at++
		var more bool
		more, wrong = read(active, depth)
		holds = join(holds, more)
	}
	return holds, wrong
}

// term reads a name, !term or (expression).
func (p *profileExpression) term(active []string, depth int) (bool, string) {
	if depth > maxDepth {
		return false, "too many parentheses"
	}
	switch c := p.next(); c {
	case '!':
		p.at++
		holds, wrong := p.term(active, depth+1)
		return !holds, wrong
	case '(':
		p.at++
		holds, wrong := p.or(active, depth+1)
		if wrong == "" && p.next() != ')' {
			wrong = "a parenthesis is not closed"
		}
		p.at++
		return holds, wrong
	}
	begin := p.at
	for p.at < len(p.text) && !strings.ContainsRune("!&|()", rune(p.text[p.at])) {
		p.at++
	}
	name := strings.TrimSpace(p.text[begin:p.at])
	if name == "" {
		return false, "a profile is missing"
	}
	return slices.Contains(active, name), ""
}

// profileFile matches the name of a file that counts only for a profile: application-prod.yml.
var profileFile = regexp.MustCompile(`(?i)^(?:application|bootstrap)-(.+)\.(?:ya?ml|properties)$`)

// SpringProfile is the profile that a file counts for by its name; "" where it counts always.
func SpringProfile(file string) string {
	if m := profileFile.FindStringSubmatch(filepath.Base(file)); m != nil {
		return m[1]
	}
	return ""
}

// profileList splits a list of profiles.
func profileList(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' })
}
