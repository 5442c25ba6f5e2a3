// Package invariants turns the delivery guarantees that people ask for into properties of the model.
//
// A guarantee is a claim in Kafka's words, the properties that must hold for it in every state, and its witnesses:
// states that must be reachable, so that nothing passes because nothing happened.
//
//	guarantee            never                                                       witness
//	at-most-once         a message processed twice                                   a message processed
//	at-least-once        a counted message lost                                      a counted message
//	exactly-once         either                                                      both
//	no-acked-loss        an acknowledged message lost                                an acknowledged message
//	no-duplicate-in-log  a message twice in what consumers can read                  a readable record
//	order                a message first processed after one that was sent later     two messages processed
//	committed-stays      a record that consumers could read missing at a later leader  a readable record
//	log-agreement        in-sync replicas that differ below both high watermarks     two with a high watermark
//	availability         only faults possible, a wanted message not done             a message processed
//	uninterrupted        only faults and recoveries possible, likewise               a message processed
//
// A message is lost when it is unprocessed and no copy is left from which it could be processed, or when nothing but a
// fault can happen any more and it is still unprocessed. That this local notion is the whole truth rests on the model
// having no cycle of steps without a fault, which its tests check.
package invariants
