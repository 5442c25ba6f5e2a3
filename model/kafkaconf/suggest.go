package kafkaconf

import "github.com/kcheck/kcheck/model/kafkaconf/nearest"

// didYouMean is the known name that somebody who wrote name most likely meant, as the end of a message, with what to do
// when there is none.
func didYouMean(name string, known []string, otherwise string) string {
	if s := nearest.Of(name, known); s != "" {
		return "did you mean " + s + "?"
	}
	return otherwise
}
