package store

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of keys are those of the stores that may come: 1,024 bytes is
// S3's, 255 for a segment is that of common file systems.
const (
	maxKey     = 1024
	maxSegment = 255
)

// partialSuffix marks, with a leading dot, the files in which a Directory
// keeps objects in the making.
const partialSuffix = ".partial"

// lockName is the file on which processes that share a Directory lock.
const lockName = ".concord.lock"

// CheckKey tells whether a key is well formed: parts between single slashes,
// none empty, "." or "..", none reserved; UTF-8 without control characters.
// Hence a key never leads out of the store. The error is ErrKey.
func CheckKey(key string) error {
	switch {
	case key == "":
		return fmt.Errorf("key %q: empty: %w", key, ErrKey)
	case len(key) > maxKey:
		return fmt.Errorf("key of %d bytes: at most %d: %w", len(key), maxKey, ErrKey)
	case !utf8.ValidString(key) || strings.ContainsFunc(key, unicode.IsControl):
		return fmt.Errorf("key %q: not UTF-8 or with control characters: %w", key, ErrKey)
	}
	for segment := range strings.SplitSeq(key, "/") {
		if err := checkSegment(segment); err != nil {
			return fmt.Errorf("key %q: %w: %w", key, err, ErrKey)
		}
	}
	return nil
}

func checkSegment(s string) error {
	switch {
	case s == "":
		return fmt.Errorf("an empty part, or a slash at either end")
	case s == "." || s == "..":
		return fmt.Errorf("the part %q is a path, not a name", s)
	case len(s) > maxSegment:
		return fmt.Errorf("a part of %d bytes, at most %d", len(s), maxSegment)
	case reserved(s):
		return fmt.Errorf("the name %q is reserved", s)
	}
	return nil
}

// reserved tells whether a file name is the store's own.
func reserved(name string) bool {
	return name == lockName || isPartial(name)
}

// isPartial tells whether a file is an object in the making.
func isPartial(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, partialSuffix)
}

// checkPrefix is CheckKey for the start of a key: its whole parts must be
// parts of keys, and the last one may be the start of any.
func checkPrefix(prefix string) error {
	if i := strings.LastIndexByte(prefix, '/'); i >= 0 {
		return CheckKey(prefix[:i])
	}
	return nil
}

// in tells whether key is in the scope.
func (s Scope) in(key string) bool {
	return strings.HasPrefix(key, s.Prefix) && (s.Segments == 0 || strings.Count(key, "/") < s.Segments)
}
