//go:build !unix && !windows

package input

// withoutWaiting is nothing where there are no named pipes, as in a browser.
const withoutWaiting = 0
