package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout))
}

// run compares until its time is up and returns the exit status.
func run(ctx context.Context, args []string, out io.Writer) int {
	fs := flag.NewFlagSet("agree", flag.ContinueOnError)
	fs.SetOutput(out)
	seed := fs.Uint64("seed", uint64(time.Now().UnixNano()), "draws the questions")
	limit := fs.Duration("for", 2*time.Minute, "how long to go on")
	from := fs.Uint64("from", 0, "the number of the first question")
	most := fs.Int("questions", 0, "how many questions to draw at most; 0 is no limit")
	states := fs.Uint64("states", 6000, "the largest plain state space of a question")
	if fs.Parse(args) != nil || fs.NArg() > 0 {
		return 2
	}
	fmt.Fprintf(out, "seed %d\n", *seed)
	ctx, cancel := context.WithTimeout(ctx, *limit)
	defer cancel()
	c := comparison{states: *states}
	for n := *from; (*most == 0 || n < *from+uint64(*most)) && ctx.Err() == nil; n++ {
		q := draw(*seed, n)
		found, err := c.compare(ctx, &q)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			found = err.Error()
		}
		if found != "" {
			small, found := c.shrink(ctx, q, found)
			fmt.Fprintf(out, "question %d: %s\n\n%s", n, found, small.spec())
			return 1
		}
	}
	fmt.Fprintf(out, "%d questions drawn, %d compared: %d violated, %d held; no difference\n", c.drawn, c.violated+c.held, c.violated, c.held)
	return 0
}
