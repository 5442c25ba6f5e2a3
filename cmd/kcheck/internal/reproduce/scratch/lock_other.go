//go:build !linux

package scratch

import "os"

// sweeps says that what others have left can be told from what they use.
const sweeps = false

func tryLock(*os.File) bool { return true }
