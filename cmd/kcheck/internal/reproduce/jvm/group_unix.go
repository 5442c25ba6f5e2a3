//go:build unix

package jvm

import "syscall"

// signalGroup sends a signal to a process group.
func signalGroup(pid int, s syscall.Signal) { _ = syscall.Kill(-pid, s) }

func pauseGroup(pid int)  { signalGroup(pid, syscall.SIGSTOP) }
func resumeGroup(pid int) { signalGroup(pid, syscall.SIGCONT) }
