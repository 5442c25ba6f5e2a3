package explore

import (
	"fmt"
	"reflect"
	"strings"
)

// checkOptional returns an error if the model has a method that was probably
// meant to implement an optional interface and does not.
func checkOptional[S comparable](m Model[S]) error {
	_, canonicalizes := m.(Canonicalizer[S])
	_, sizes := m.(Sizer)
	t := reflect.TypeOf(m)
	for i := range t.NumMethod() {
		name := t.Method(i).Name
		lower := strings.ToLower(name)
		if !canonicalizes && strings.HasPrefix(lower, "canon") {
			return fmt.Errorf("%s has the method %s, but is no Canonicalizer, whose method is Canonical(s *%s): rename it, or it would not be called", t, name, reflect.TypeFor[S]())
		}
		if !sizes && (strings.HasPrefix(lower, "statesize") || lower == "sizeofstate") {
			return fmt.Errorf("%s has the method %s, but is no Sizer, whose method is StateSize() int: rename it, or it would not be called", t, name)
		}
	}
	return nil
}
