// Package whatif answers what the what-if page asks: a configuration with some settings switched and some faults allowed.
//
// The page is one HTML file with kcheck in it, as WebAssembly. The same functions answer the program, which writes the
// page with a first answer in it, and the page itself: folder engine is the program that runs in the page, folder build
// makes it, and folder page is what the command puts together. A question is a [kafkaconf.Request] that is packed, so that it
// needs no file and has no secret in it; a switch of the page is one more --set.
package whatif
