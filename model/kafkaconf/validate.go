package kafkaconf

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// check applies the type and the valid values that Kafka defines for a key (org.apache.kafka.common.config.ConfigDef)
// and says what is wrong with a value and what would be right; "" when Kafka accepts it. A value that is filled in
// later, such as ${env:X}, cannot be checked.
func (k *key) check(text string, v model.Version) string {
	text = k.understood(text)
	if strings.Contains(text, "${") {
		return ""
	}
	valid := k.validIn(v)
	if k.isFlags() {
		return checkFlags(text, valid)
	}
	switch k.kindIn(v) {
	case "boolean":
		return checkBoolean(text)
	case "int":
		return checkNumber(text, valid, math.MinInt32, math.MaxInt32)
	case "short":
		return checkNumber(text, valid, math.MinInt16, math.MaxInt16)
	case "long":
		return checkNumber(text, valid, math.MinInt64, math.MaxInt64)
	case "double":
		return checkDouble(text, valid)
	case "list":
		return checkList(text, valid)
	}
	return checkWord(text, valid)
}

// checkList checks every item of a list. An empty one is no list of words and always right, unless Kafka wants an item.
func checkList(text, valid string) string {
	if text == "" && valid != "non-empty" {
		return ""
	}
	for _, item := range strings.Split(text, ",") {
		if wrong := checkWord(strings.TrimSpace(item), valid); wrong != "" {
			return wrong
		}
	}
	return ""
}

func checkBoolean(text string) string {
	if strings.EqualFold(text, "true") || strings.EqualFold(text, "false") {
		return ""
	}
	return fmt.Sprintf("%s is not a boolean; write true or false", formats.QuoteWord(text))
}

// checkNumber checks a whole number against the range of its type and that of the key, "0..", "1..9" or "1..9 or -1".
func checkNumber(text, valid string, low, high int64) string {
	if strings.HasSuffix(valid, " or all") && text == "all" {
		return ""
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(text, "+"), 10, 64)
	if err != nil {
		return fmt.Sprintf("%s is not a whole number", formats.QuoteWord(text))
	}
	bounds, also, _ := strings.Cut(valid, " or ")
	if also != "" && text == also {
		return ""
	}
	if from, to, found := strings.Cut(bounds, ".."); found {
		if l, err := strconv.ParseInt(from, 10, 64); err == nil {
			low = max(low, l)
		}
		if h, err := strconv.ParseInt(to, 10, 64); err == nil {
			high = min(high, h)
		}
	}
	if n < low || n > high {
		return fmt.Sprintf("%d is outside the valid range; write a number from %d to %d", n, low, high)
	}
	return ""
}

func checkDouble(text, valid string) string {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Sprintf("%s is not a number", formats.QuoteWord(text))
	}
	from, to, _ := strings.Cut(valid, "..")
	low, errLow := strconv.ParseFloat(from, 64)
	high, errHigh := strconv.ParseFloat(to, 64)
	if errLow == nil && x < low || errHigh == nil && x > high {
		return fmt.Sprintf("%s is outside the valid range %s", text, valid)
	}
	return ""
}

// checkWord checks a word against a list of words, "a|b", or "~A|B" in any case.
func checkWord(text, valid string) string {
	words := strings.Split(strings.TrimPrefix(valid, "~"), "|")
	switch {
	case valid == "non-empty":
		if text == "" {
			return "the value is empty; Kafka requires one"
		}
		return ""
	case valid == "offset-reset": // AutoOffsetResetStrategy, 4.0 (KIP-1106)
		return checkOffsetReset(text, "earliest", "latest", "none")
	case valid == "share-offset-reset": // ShareGroupAutoOffsetResetStrategy, 4.1 (KIP-932)
		return checkOffsetReset(text, "earliest", "latest")
	case !strings.Contains(valid, "|") || strings.Contains(valid, ".."):
		return ""
	case slices.Contains(words, text):
		return ""
	case valid[0] == '~' && slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, text) }):
		return ""
	}
	return fmt.Sprintf("%s is not a valid value; write %s", formats.QuoteWord(text), formats.OrList(words))
}

// checkOffsetReset: one of the words, or by_duration: and an ISO-8601 duration that is not negative.
func checkOffsetReset(text string, words ...string) string {
	if slices.Contains(words, text) {
		return ""
	}
	if d, found := strings.CutPrefix(text, "by_duration:"); found && strings.HasPrefix(d, "P") && len(d) > 2 {
		return ""
	}
	return fmt.Sprintf("%s is not a valid value; write %s", formats.QuoteWord(text),
		formats.OrList(append(words, "by_duration:PnDTnHnMn.nS")))
}
