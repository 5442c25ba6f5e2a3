package jvm

import "syscall"

// ownGroup starts a process in a process group of its own, so that all of it can be ended. The kernel ends the process when
// the thread that started it ends, also with SIGKILL: nothing is left running behind a kcheck that is killed.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
