//go:build unix || windows

package input

import "syscall"

// withoutWaiting opens a named pipe without waiting for who writes it.
const withoutWaiting = syscall.O_NONBLOCK
