// Command kcheck checks a Kafka configuration against a delivery guarantee: it explores every interleaving of steps
// and faults within a stated scope, and prints the shortest counterexample or says what it exhausted.
//
//	kcheck check --producer producer.properties --topic topic.properties
package main

import (
	"io"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], streams{out: os.Stdout, err: os.Stderr}))
}

// streams are where the command writes, the result to out, everything else to err, and where it reads.
type streams struct {
	out, err io.Writer
	stdin    io.Reader // os.Stdin when nil
	answers  io.Reader // where somebody answers questions; the terminal, if there is one, when nil
	files    *files
}
