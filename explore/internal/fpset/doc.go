// Package fpset is the visited set of the engine: an insert-only hash set of
// fingerprints that several goroutines fill at once.
//
// # Layout
//
// An element is known by two independent hashes. Pos says where it belongs, Fp
// is what is stored. Slots are words of 8 bytes, in lines of 8 that are one
// cache line; an element goes to the first free slot from its home line on. A
// slot is filled once, by compare-and-swap, and never moved or emptied while
// the set is in use, so that a search that meets a free slot has seen all there
// is to see.
//
//	Pos  [ segment 7 | extra 16 |        unused         ]
//	Fp   [               word 63                    | 0 ]
//
//	line = (extra : word) scaled to the lines of the segment
//	slot = word | later flag,  beside it, in another array: extra
//
// The place of a word tells more than the word. Two elements can be mistaken
// for each other only if they agree in the word and in the line: 63 bits, and
// up to 23 more, at 10 bytes a slot. The extra bits are kept because they are
// needed when the segment grows; a search does not look at them.
//
// # Growth
//
// While the set is small and there is memory for it all segments double
// together. Later they grow one after the other, each by a twelfth, so that the set as a whole is never much
// larger than it must be and never twice in memory: 12 bytes an element. Homes are ordered as the
// positions are: growing is one pass through two arrays.
//
// Batches hold a lock for reading; growing takes it for writing. That is one
// lock for some hundred elements, and the fast path knows nothing of growth.
//
// # Speed
//
// A random access to a large table is a cache miss, and waiting for it costs
// more than everything else. Insert therefore works on batches: it computes all
// places, prefetches a slot of each, looks at these in a loop without branches,
// and only then inserts what was not found by that.
//
// # Announced elements
//
// A search in layers meets elements that belong to a later layer: it needs to
// know that it has met them, and again, when it gets there, that it has not
// yet been there. The lowest bit of a slot says that the element was announced
// and not yet inserted. With values, the values serve that purpose.
package fpset
