package kafkaconf

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// cInteger matches what strtol with base 0 takes from the beginning of a text.
var cInteger = regexp.MustCompile(`^\s*([+-]?(?:0[xX][0-9a-fA-F]+|\d+))`)

// understood writes a value as its client's own parser understands it. librdkafka compares words and booleans without
// regard to case, takes t, 1, f and 0 for booleans, and of a number what strtol takes (rd_kafka_anyconf_set_prop and
// rd_kafka_conf_s2i_find in rdkafka_conf.c). Java's clients compare as the value is written.
func (k *key) understood(text string) string {
	text = strings.TrimSpace(text)
	if k == nil || k.family != rdkafkaKeys || strings.Contains(text, "${") {
		return text
	}
	switch k.kindIn(model.Newest) {
	case "boolean":
		return cBoolean(text)
	case "int", "short", "long":
		if m := cInteger.FindStringSubmatch(text); m != nil {
			if n, err := strconv.ParseInt(m[1], 0, 64); err == nil {
				return strconv.FormatInt(n, 10)
			}
		}
		return strings.ToLower(text) // a word that stands for a number, such as all
	}
	for _, word := range strings.Split(k.validIn(model.Newest), "|") {
		if strings.EqualFold(word, text) {
			return word
		}
	}
	return text
}

// cBoolean writes one of librdkafka's booleans as true or false; anything else stays.
func cBoolean(text string) string {
	switch strings.ToLower(text) {
	case "true", "t", "1":
		return "true"
	case "false", "f", "0":
		return "false"
	}
	return text
}

// isFlags says whether a setting of librdkafka's takes several words, each with a sign before it: debug=+broker,-topic.
func (k *key) isFlags() bool { return k.family == rdkafkaKeys && k.name == "debug" }

// checkFlags checks a list of flags.
func checkFlags(text, valid string) string {
	for _, flag := range strings.Split(strings.ToLower(text), ",") {
		flag = strings.TrimLeft(strings.TrimSpace(flag), "+-")
		if wrong := checkWord(flag, valid); flag != "" && wrong != "" {
			return wrong
		}
	}
	return ""
}
