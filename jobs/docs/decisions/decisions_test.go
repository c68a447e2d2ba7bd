// Package decisions checks the decision records.
package decisions

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

func records(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("[0-9]*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no decision records: %v", err)
	}
	texts := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	return texts
}

func TestEveryDirectDependencyHasARecord(t *testing.T) {
	text, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, r := range records(t) {
		all.WriteString(r)
	}
	direct := 0
	for _, r := range mod.Require {
		if r.Indirect {
			continue
		}
		direct++
		// A record may leave out the host and a major version.
		short := strings.TrimPrefix(r.Mod.Path, "github.com/")
		if name, _, ok := cutMajor(short); ok {
			short = name
		}
		if !strings.Contains(all.String(), short) {
			t.Errorf("%s is a direct dependency and no decision record says why", r.Mod.Path)
		}
	}
	if direct == 0 {
		t.Fatal("go.mod has no direct dependency: is this still the file?")
	}
}

var major = regexp.MustCompile(`^(.+)/(v[0-9]+)$`)

// cutMajor splits a path from its major version.
func cutMajor(path string) (name, version string, ok bool) {
	m := major.FindStringSubmatch(path)
	if m == nil {
		return path, "", false
	}
	return m[1], m[2], true
}

// A record is numbered as its file is, has a status and says what was decided
// and what was rejected.
func TestRecordsAreComplete(t *testing.T) {
	seen := map[string]string{}
	for name, text := range records(t) {
		number := name[:4]
		if other, ok := seen[number]; ok {
			t.Errorf("%s and %s have one number", name, other)
		}
		seen[number] = name
		if !strings.HasPrefix(text, "# "+number+" ") {
			t.Errorf("%s: its title does not begin with %s", name, number)
		}
		for _, want := range []string{"\nStatus: ", "\n## Problem\n", "\n## Decision\n", "\n## Rejected"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", name, strings.TrimSpace(want))
			}
		}
	}
}
