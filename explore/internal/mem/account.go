// Package mem allocates the large tables of the engine outside the garbage
// collector's heap, in huge pages where the system has them, and keeps account
// of what is used, so that a limit can be obeyed before it is hit.
package mem

import "sync/atomic"

// Account counts bytes against a limit. It may be used by several goroutines.
type Account struct {
	limit      int64
	used, peak atomic.Int64
}

// NewAccount returns an account with the given limit.
func NewAccount(limit int64) *Account { return &Account{limit: limit} }

// Limit returns the limit.
func (a *Account) Limit() int64 { return a.limit }

// Reserve books n bytes, unless they exceed the limit.
func (a *Account) Reserve(n int64) bool {
	used := a.used.Add(n)
	if used > a.limit {
		a.used.Add(-n)
		return false
	}
	for {
		peak := a.peak.Load()
		if used <= peak || a.peak.CompareAndSwap(peak, used) {
			return true
		}
	}
}

// Release gives n bytes back.
func (a *Account) Release(n int64) { a.used.Add(-n) }

// Used returns the bytes booked now.
func (a *Account) Used() int64 { return a.used.Load() }

// Peak returns the most bytes that were ever booked.
func (a *Account) Peak() int64 { return a.peak.Load() }
