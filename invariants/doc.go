// Package invariants turns the delivery guarantees that people ask for into properties of the model.
//
// A guarantee is one value of one registry (guarantees.go): a claim in Kafka's words, the properties that must hold for
// it, its witnesses - states that must be reachable, so that nothing passes because nothing happened - and what the log
// alone owes it. A property is one value too: its predicate, what it says of a counterexample, the messages that it
// blames, what can be seen of it from outside.
//
//	guarantee            violated when                                               witness
//	at-most-once         a message is processed twice                                a message processed
//	at-least-once        a counted message is lost                                   a counted message
//	exactly-once         either                                                      both
//	no-acked-loss        an acknowledged message is lost                             an acknowledged message
//	no-duplicate-in-log  a message is twice in what consumers can read               a readable record
//	order                a message is first processed after one that was sent later  two messages processed
//	committed-stays      a record that consumers could read is missing at a leader   a readable record
//	log-agreement        in-sync replicas differ below both high watermarks          two with a high watermark
//	availability         only faults are possible, a wanted message is not done      a message processed
//	uninterrupted        only faults and recoveries are possible, likewise           a message processed
//
// A message is lost when it is unprocessed and no copy is left from which it could be processed, or when nothing but a
// fault can happen any more and it is still unprocessed. That this local notion is the whole truth rests on the model
// having no cycle of steps without a fault, which its tests check.
//
// Package plan decides which models are explored to check a guarantee.
package invariants
