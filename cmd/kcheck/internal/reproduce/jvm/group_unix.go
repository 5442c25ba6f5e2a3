//go:build unix

package jvm

import "syscall"

// ownGroup starts a process in a process group of its own, so that all of it can be ended.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// signalGroup sends a signal to a process group.
func signalGroup(pid int, s syscall.Signal) { _ = syscall.Kill(-pid, s) }

func pauseGroup(pid int)  { signalGroup(pid, syscall.SIGSTOP) }
func resumeGroup(pid int) { signalGroup(pid, syscall.SIGCONT) }
