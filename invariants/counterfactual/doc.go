// Package counterfactual asks what would have been: which single settings or assumptions, changed alone, remove a
// violation ([Causes]), which of the changes keeps the guarantee in the whole fault budget ([Fix]), and which assumptions a
// guarantee that holds rests on ([RestsOn]).
//
// Nothing is guessed from a trace. Each answer is a check of its own, of the configuration with one value changed.
package counterfactual
