package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A full part is followed by another with the same header, and no row is lost
// or broken between them.
func TestPartsAreSplitBetweenRows(t *testing.T) {
	dir := t.TempDir()
	for _, ext := range []string{".csv", ".jsonl.gz"} {
		k := sink{folder: filepath.Join(dir, ext), ext: ext, header: []byte("head\n"), limit: 40}
		var want strings.Builder
		for i := range 100 {
			row := padded([]byte("row "), i, 3)
			row = append(row, '\n')
			want.Write(row)
			if err := k.write(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := k.close(); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(k.folder)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) < 20 || entries[0].Name() != "part-00000"+ext {
			t.Fatalf("%s: %d parts, the first %s", ext, len(entries), entries[0].Name())
		}
		var got strings.Builder
		for _, e := range entries {
			body, found := strings.CutPrefix(text(t, filepath.Join(k.folder, e.Name())), "head\n")
			if !found || len(body) > 48 {
				t.Errorf("%s: a part without header or of %d bytes", ext, len(body))
			}
			got.WriteString(body)
		}
		if got.String() != want.String() {
			t.Errorf("%s: the parts together are not the rows written", ext)
		}
	}
}

func TestSinkWithoutRowsLeavesNoFile(t *testing.T) {
	k := sink{folder: filepath.Join(t.TempDir(), "none"), ext: ".csv"}
	if err := k.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(k.folder); !os.IsNotExist(err) {
		t.Errorf("stat of the folder: %v, want that it does not exist", err)
	}
}
