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

// filledIn fills in the defaults of ${NAME:default}, inner ones first. One without a default stays: it cannot be known,
// which matters only where the setting does.
func filledIn(text string) string {
	for range 8 {
		next := springPlaceholder.ReplaceAllStringFunc(text, func(found string) string {
			if strings.Contains(found, ":") {
				return springPlaceholder.FindStringSubmatch(found)[2]
			}
			return found
		})
		if next == text {
			break
		}
		text = next
	}
	return text
}

// composed fills in the defaults of the variables of a compose file, and makes $$ a dollar sign.
func composed(text string) string {
	return composeVariable.ReplaceAllStringFunc(text, func(found string) string {
		switch {
		case found == "$$":
			return "$"
		case strings.Contains(found, "-"):
			return composeVariable.FindStringSubmatch(found)[2]
		}
		return found
	})
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

// byteCount turns an amount as Spring writes it, "32KB", into bytes; anything else stays.
func byteCount(text string) string {
	m := dataSize.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return text
	}
	n, err := strconv.ParseInt(m[1], 10, 32)
	if err != nil {
		return text
	}
	return strconv.FormatInt(n<<map[string]int{"B": 0, "KB": 10, "MB": 20, "GB": 30}[strings.ToUpper(m[2])], 10)
}

// dataSize matches an amount with its unit (Spring's DataSize).
var dataSize = regexp.MustCompile(`^(\d+)(?i:(B|KB|MB|GB))$`)
