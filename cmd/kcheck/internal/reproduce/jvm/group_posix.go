//go:build unix && !linux

package jvm

import "syscall"

// ownGroup starts a process in a process group of its own, so that all of it can be ended.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
