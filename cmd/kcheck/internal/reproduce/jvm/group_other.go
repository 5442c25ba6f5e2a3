//go:build !unix

package jvm

import (
	"os"
	"syscall"
)

// ownGroup has no meaning here.
func ownGroup() *syscall.SysProcAttr { return nil }

// signalGroup ends the process, whatever the signal: there are no others here.
func signalGroup(pid int, _ syscall.Signal) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
	}
}

func pauseGroup(int)  {}
func resumeGroup(int) {}
