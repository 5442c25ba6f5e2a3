package explore

// Spec is what is to be checked: a model, what has to hold of it, and how far
// and in which way its states are explored.
type Spec[S comparable] struct {
	// Model is the transition system.
	Model Model[S]
	// Properties must hold. Without any, the states are only counted.
	Properties []Property[S]
	// Witnesses must be reachable, or the verdict is vacuous. Without any,
	// nothing shows that the properties were ever put to the test, and the
	// verdict says so, see Result.Verdict.
	Witnesses []Witness[S]

	Options[S]
}
