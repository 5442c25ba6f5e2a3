// Package matrix checks one question under every combination of some settings: a table of verdicts, each linked to the
// counterexample behind it.
//
//	m, problems := matrix.New(request, []matrix.Dimension{{"topic.min.insync.replicas", []string{"1", "2"}}})
//	m.Run(ctx, verdict.Options{}, nil)
//
// Work is shared between the cells: combinations that come to the same effective model are checked once. They are told
// apart by the whole of [model.Config], after what has no effect in a version was levelled; that two configurations
// differ in a setting that happens not to matter is not guessed.
package matrix
