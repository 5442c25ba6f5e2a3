package repair

import (
	"slices"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// settings is the lattice: every setting that may be changed, and every value that it may be changed to.
var settings = kafkaconf.PricedSettings()

// find is the effective setting behind one of the names; nil where the configuration has none.
func find(s *kafkaconf.Priced, effective []kafkaconf.EffectiveSetting) *kafkaconf.EffectiveSetting {
	for i := range effective {
		if e := &effective[i]; e.Read && slices.Contains(s.Names, e.Name()) {
			return e
		}
	}
	return nil
}
