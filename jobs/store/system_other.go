//go:build !unix

package store

import (
	"errors"
	"os"
)

// lockFile refuses: without a lock that the system releases when its holder
// dies, a conditional write would be a promise that cannot be kept.
func lockFile(*os.File) error {
	return errors.New("conditional writes to a directory need a Unix system")
}

// syncFolder does nothing: where folders cannot be synced, the system orders
// renames by its own journal.
func syncFolder(*os.File) error { return nil }
