//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// lockFile waits for the exclusive lock on f, which closing f releases.
func lockFile(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// syncFolder makes renames in a folder durable.
func syncFolder(f *os.File) error { return f.Sync() }
