// Package plan decides which models are explored to answer a question about a guarantee, and explores them.
//
// The plain way is to explore the model of everything. Most questions have a cheaper answer that is as good: the log
// apart from its consumer ([Search]), the log once for several guarantees ([Together]), all minimal sets of faults in one
// search ([FindFaultSets]). Each of these is tested against the plain search over configurations drawn at random.
package plan
