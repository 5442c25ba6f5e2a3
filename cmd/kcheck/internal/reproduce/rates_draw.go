package reproduce

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// draws are the random draws of one source - the crashes of a broker, say. Each source has a stream of its own, so that what is
// drawn for it depends on the seed alone and not on what else happens. Several goroutines may draw.
type draws struct {
	mu  sync.Mutex
	rng *rand.Rand
}

// newDraws is the stream of a source.
func newDraws(seed uint64, source string) *draws {
	h := fnv.New64a()
	_, _ = h.Write([]byte(source))
	return &draws{rng: rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// after is the time until what happens so often in a second happens next: exponentially distributed. It is as good as never
// where the rate is 0.
func (d *draws) after(perSecond float64) time.Duration {
	if perSecond <= 0 {
		return math.MaxInt64
	}
	return d.lasts(1 / perSecond)
}

// lasts is an exponentially distributed time with a mean in seconds.
func (d *draws) lasts(mean float64) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Duration(min(d.rng.ExpFloat64()*mean*float64(time.Second), math.MaxInt64/2))
}

// happens says whether what has a probability happens.
func (d *draws) happens(probability float64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rng.Float64() < probability
}

// one is a number below n.
func (d *draws) one(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rng.IntN(n)
}
