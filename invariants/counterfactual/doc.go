// Package counterfactual asks what would have been: which single settings or assumptions, changed alone, remove a
// violation ([Question.Causes]), which of the changes keeps the guarantee in the whole fault budget ([Question.Fix]), and what a
// guarantee that holds rests on ([Question.RestsOn]) and gives way to just above the budget ([Question.Beyond]).
//
// Nothing is guessed from a trace. Each answer is a check of its own, of the configuration with one value changed.
package counterfactual
