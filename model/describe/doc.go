// Package describe puts states and steps of the model into words and pictures: sentences, sequence diagrams, the fate of
// each message, ledgers. It reads views and steps, and nothing reads what it writes.
package describe
