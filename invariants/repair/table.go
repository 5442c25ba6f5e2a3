package repair

import (
	"fmt"
	"io"
	"strings"
)

// WriteCosts writes the lattice with its costs as a table of Markdown.
func WriteCosts(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# What a change of a setting costs\n\n" +
		"Repairs change the settings below to the values below, and nothing else. Effort: 1 a line in the configuration of\n" +
		"a client or topic, 2 a change that the whole cluster sees or a small change of the application, 3 data is copied or\n" +
		"the application is written differently. Latency and throughput: 1 noticeable, 2 a round trip or a wait for other\n" +
		"machines, 3 an order of magnitude. Risk: 1 a margin is smaller, 2 a protection is off, 3 acknowledged messages depend on\n" +
		"one copy, or failures are not reported. The ranks are kcheck's judgement, from the source named. Repairs are compared by\n" +
		"the number of changes, then by the sum of all ranks. Which faults stop writes is no rank: it is computed.\n\n" +
		"| setting | value | effort | latency | throughput | risk | what it means | source |\n" +
		"|---|---|---|---|---|---|---|---|\n")
	for _, s := range settings {
		for _, p := range s.Prices {
			fmt.Fprintf(&b, "| `%s` | `%s` | %d | %d | %d | %d | %s | %s |\n", s.Names[0], p.Value, p.Cost.Effort, p.Cost.Latency,
				p.Cost.Throughput, p.Cost.Risk, p.Cost.Text, p.Cost.Source)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
