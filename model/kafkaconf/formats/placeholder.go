package formats

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// springPlaceholder matches ${NAME} and ${NAME:default}; composeVariable ${NAME}, ${NAME:-default}, ${NAME-default} and
// $NAME. "$$" is a dollar sign.
var (
	springPlaceholder = regexp.MustCompile(`\$\{([^{}:]+)(?::([^{}]*))?\}`)
	composeVariable   = regexp.MustCompile(`\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^{}]*))?[^{}]*\}`)
)

// placeholder fills in the defaults of ${NAME:default}, inner ones first, and says so. One without a default stays: it
// cannot be known, which matters only where the setting does.
func (s *springReader) placeholder(p springProperty) string {
	text := p.text
	for range 8 {
		next := springPlaceholder.ReplaceAllStringFunc(text, func(found string) string {
			if m := springPlaceholder.FindStringSubmatch(found); strings.Contains(found, ":") {
				return m[2]
			}
			return found
		})
		if next == text {
			break
		}
		text = next
	}
	if text != p.text {
		s.note("%s: %s=%s is read with its default, %s", p.keyAt, p.name, p.text, text)
	}
	return text
}

// variable fills in the defaults of variables in a compose file, and says so.
func (r *reading) variable(p Property) string {
	text := composeVariable.ReplaceAllStringFunc(p.Value, func(found string) string {
		m := composeVariable.FindStringSubmatch(found)
		switch {
		case found == "$$":
			return "$"
		case strings.Contains(found, "-"):
			return m[2]
		}
		return found
	})
	if text != p.Value && !strings.Contains(p.Value, "$$") {
		r.note("%s: %s=%s is read with its default, %s", p.KeyAt, p.Key, p.Value, text)
	}
	return text
}

// milliseconds turns a duration as Spring writes it, "5s", "PT5S" or "5000", into milliseconds; anything else stays.
func milliseconds(text string) string {
	text = strings.TrimSpace(text)
	if _, err := strconv.Atoi(text); err == nil {
		return text
	}
	simple := strings.ToLower(strings.TrimPrefix(strings.ToUpper(text), "PT"))
	if d, err := time.ParseDuration(simple); err == nil {
		return strconv.FormatInt(d.Milliseconds(), 10)
	}
	return text
}
