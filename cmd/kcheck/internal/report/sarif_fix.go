package report

import (
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// sarifFixes is the fix of a result as a change of lines, where each of its settings stands on a line of its own in a
// .properties file; elsewhere the message alone has it.
func sarifFixes(r *verdict.Result) []sarifFix {
	if r.Fix == nil || len(r.Fix.Changes) == 0 {
		return nil
	}
	fix := sarifFix{Description: sarifMessage{Text: fixText(r)}}
	for _, c := range r.Fix.Changes {
		at, ok := placeOf(c.Source)
		_, key, dotted := strings.Cut(c.Key, ".")
		if !ok || !dotted || !strings.HasSuffix(at.file, ".properties") {
			return nil
		}
		fix.Changes = append(fix.Changes, sarifChange{sarifArtifact{uriOf(at.file)}, []sarifReplacement{
			{Deleted: sarifRegion{StartLine: at.line}, Inserted: sarifMessage{Text: key + "=" + c.To}}}})
	}
	return []sarifFix{fix}
}
