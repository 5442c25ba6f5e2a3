package reproduce

import (
	"math"

	"github.com/kcheck/kcheck/model"
)

// fate is what became of a message by the end of a run.
type fate struct {
	told, acked bool
	processed   int // how often
	copies      int // in the leader's log at the end
}

// broken says, by guarantee, for which messages it is broken. Which messages must not be lost is asked where that makes a
// difference: with counted accepted, a message whose send was reported as failed does not count.
var broken = map[string]func(f fate, counted model.Counted) bool{
	"at-least-once":       lostOf,
	"no-acked-loss":       func(f fate, _ model.Counted) bool { return lostOf(f, model.CountAcked) },
	"at-most-once":        func(f fate, _ model.Counted) bool { return f.processed > 1 },
	"no-duplicate-in-log": func(f fate, _ model.Counted) bool { return f.copies > 1 },
	"exactly-once":        func(f fate, c model.Counted) bool { return f.processed > 1 || lostOf(f, c) },
}

// lostOf says that a message counts and was never processed.
func lostOf(f fate, counted model.Counted) bool {
	counts := f.acked || counted == model.CountAttempted
	return counts && f.processed == 0
}

// share is a share of messages with its confidence interval.
type share struct {
	Broken int     `json:"broken"`
	Of     int     `json:"of"`
	Share  float64 `json:"share"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	// Bunched is how many times larger the variance is than that of messages which share nothing: one crash meets many.
	Bunched float64 `json:"bunched"`
}

// normal95 is the quantile of the normal distribution for an interval of 95 %.
const normal95 = 1.959964

// shareOf counts, in the order in which the messages were sent, those that are hit. The interval is Wilson's, for as many
// messages as would say as much if they were independent.
func shareOf(hit []bool) share {
	s := share{Of: len(hit), Bunched: bunched(hit)}
	for _, h := range hit {
		if h {
			s.Broken++
		}
	}
	if s.Of == 0 {
		return share{High: 1, Bunched: 1}
	}
	s.Share = float64(s.Broken) / float64(s.Of)
	s.Low, s.High = wilson(s.Share, float64(s.Of)/s.Bunched)
	return s
}

// wilson is the score interval of 95 % for a share that was seen in n independent trials (E. B. Wilson, JASA 22, 1927).
func wilson(p, n float64) (low, high float64) {
	z2 := normal95 * normal95
	middle := (p + z2/(2*n)) / (1 + z2/n)
	half := normal95 / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	low, high = max(0, middle-half), min(1, middle+half)
	if p == 0 {
		low = 0
	}
	if p == 1 {
		high = 1
	}
	return low, high
}

// batches is into how many parts a run is cut to see how much its shares scatter.
const batches = 30

// bunched is the design effect (L. Kish, Survey Sampling, 1965): the variance of the shares of consecutive batches over that of
// independent messages; at least 1.
func bunched(hit []bool) float64 {
	size := len(hit) / batches
	if size < 2 {
		return 1
	}
	var shares [batches]float64
	mean := 0.0
	for b := range shares {
		for _, h := range hit[b*size : (b+1)*size] {
			if h {
				shares[b] += 1 / float64(size)
			}
		}
		mean += shares[b] / batches
	}
	scatter := 0.0
	for _, x := range shares {
		scatter += (x - mean) * (x - mean) / (batches - 1)
	}
	independent := mean * (1 - mean) / float64(size)
	if independent == 0 {
		return 1
	}
	return max(1, scatter/independent)
}
