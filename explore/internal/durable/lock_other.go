//go:build !unix || aix || solaris || illumos

package durable

import "os"

// lock does nothing: this system has no lock that ends with the process.
func lock(*os.File) error { return nil }
