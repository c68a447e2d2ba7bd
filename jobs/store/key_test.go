package store

import (
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// A key that is accepted is a clean, local path: it cannot lead out of the
// root, and no other key names the same file.
func FuzzCheckKey(f *testing.F) {
	for _, s := range []string{"a", "a/b.csv", "../a", "/a", "a//b", "a/./b", ".x.partial", "a/.concord.lock", "..", "...", "a\x00", "ä/ö"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if CheckKey(key) != nil {
			return
		}
		if !filepath.IsLocal(key) || path.Clean(key) != key || strings.HasPrefix(key, "/") {
			t.Errorf("key %q is accepted", key)
		}
		if reserved(path.Base(key)) {
			t.Errorf("key %q is reserved and accepted", key)
		}
	})
}
