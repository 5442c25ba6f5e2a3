// Command peerbench compares the speed of package explore with that of other
// model checkers: those of specs/peers that are installed. All explore the same
// models, one after the other and again from the start, so that what else the
// machine does concerns all alike, and what is printed are medians, as a table
// in Markdown.
//
//	go run ./explore/peerbench -runs 3 -instance replog-2-2-2-2 -instance twophase-8
//
// Every checker runs as a process of its own; its time is from start to end,
// and its memory what was resident at most. Where the machine has other work
// too, the time for which a checker had a core says more. Of random probes, that
// is independent loads from a table as large as the visited set, the machine can
// do only so many a second; the last column says what part of that a checker
// reaches in transitions, each of which must look up a state.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/explore/peerbench/checkers"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "peerbench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "explore" {
		return exploreHere(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "probe" {
		return probeHere(args[1:])
	}
	b := bench{}
	var names []string
	flags := flag.NewFlagSet("peerbench", flag.ContinueOnError)
	flags.IntVar(&b.runs, "runs", 3, "runs of each checker; an odd number has a median")
	flags.IntVar(&b.maxThreads, "threads", 2, "most threads of a checker")
	flags.StringVar(&b.only, "only", "", "only checkers whose names contain one of these, separated by commas")
	flags.DurationVar(&b.limit, "limit", 0, "leave a checker out after a run that took longer; 0 means never")
	flags.BoolVar(&b.targets, "targets", false, "measure memory and the specs of specs/bench too, and print all targets; takes half an hour")
	flags.Func("instance", "a model and its constants, such as twophase-8 or replog-2-2-2-2; may be repeated", func(s string) error {
		names = append(names, s)
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	if len(names) == 0 {
		names = []string{"replog-2-2-2-1", "twophase-8"}
	}
	for _, name := range names {
		in, err := parseInstance(strings.Split(name, "-"))
		if err != nil {
			return err
		}
		b.instances = append(b.instances, in)
	}
	return b.run(ctx, os.Stdout)
}

// known are sizes of spaces, from other checkers too; a checker that finds
// another number is reported.
var known = map[string][2]uint64{
	"twophase-6":     {50_816, 402_306},
	"twophase-7":     {296_448, 2_744_706},
	"twophase-8":     {1_745_408, 18_507_778},
	"twophase-9":     {10_340_352, 123_558_402},
	"replog-2-1-3-2": {233_090, 838_603},
	"replog-2-2-2-1": {1_292_414, 5_370_083},
	"replog-2-2-2-2": {6_973_259, 27_886_018},
	"replog-2-2-3-2": {15_095_575, 62_109_242},
}

// parseInstance reads the words of an instance.
func parseInstance(words []string) (checkers.Instance, error) {
	var n []int
	for _, w := range words[1:] {
		v, err := strconv.Atoi(w)
		if err != nil {
			return checkers.Instance{}, fmt.Errorf("instance %s: %w", strings.Join(words, "-"), err)
		}
		n = append(n, v)
	}
	size := known[strings.Join(words, "-")]
	switch {
	case words[0] == "twophase" && len(n) == 1:
		return checkers.TwoPhase(n[0], size[0], size[1]), nil
	case words[0] == "replog" && len(n) == 4:
		return checkers.Log(n[0], n[1], n[2], n[3], size[0], size[1]), nil
	}
	return checkers.Instance{}, fmt.Errorf("no instance %q: it is twophase-N or replog-MESSAGES-ATTEMPTS-EPOCHS-CRASHES", strings.Join(words, "-"))
}
