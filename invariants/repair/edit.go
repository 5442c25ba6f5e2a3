package repair

import (
	"slices"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Edit makes changes of settings, each with its part and the value to be, in the user's own files, and gives their new texts
// by name. It is false where a change has no place in a file, or where the edited files do not give the same configuration
// as the changes.
func Edit(request kafkaconf.Request, resolved *kafkaconf.Resolved, values map[string]string) (files map[string]string, ok bool) {
	var changes []Change
	for i := range resolved.Effective {
		e := &resolved.Effective[i]
		if to, changed := values[e.Name()]; changed {
			changes = append(changes, Change{Key: e.Name(), From: e.Value, To: to, Source: e.Source, at: e.At})
		}
	}
	if len(changes) != len(values) {
		return nil, false
	}
	p := &patcher{request: request, resolved: resolved, documents: map[string]*document{}}
	for i := range changes {
		p.change(&changes[i])
	}
	if len(p.names) == 0 || len(p.notes) > 0 || !p.verified(changes) {
		return nil, false
	}
	files = map[string]string{}
	for _, name := range slices.Sorted(slices.Values(p.names)) {
		files[name] = p.documents[name].text
	}
	return files, true
}
