package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// errTaken says that a file is locked already.
var errTaken = errors.New("locked")

// Lock makes a folder where there is none and keeps it for this process until the function that it returns is called, or
// the process ends.
func Lock(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		_ = f.Close()
		if errors.Is(err, errTaken) {
			return nil, fmt.Errorf("another process uses the folder %s", dir)
		}
		return nil, fmt.Errorf("%s cannot be locked: %w", f.Name(), err)
	}
	return func() { _ = f.Close() }, nil
}
