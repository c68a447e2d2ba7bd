package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// tagOf is the tag of a content: its SHA-256. A pointer that goes back to an
// earlier content has its earlier tag again, so pointers name the run that
// wrote them.
func tagOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// checkPointer refuses objects that are too large to be read at once.
func checkPointer(op, key string, size int64) error {
	if size > MaxPointer {
		return fmt.Errorf("%s %q: %d bytes, at most %d are read or written at once", op, key, size, MaxPointer)
	}
	return nil
}
