package pipeline

import (
	"fmt"
	"maps"
	"runtime"
	"strings"
	"testing"
)

// notes are what an observer was told.
type notes struct {
	Silent
	texts []string
}

func (n *notes) Note(text string, _ ...any) { n.texts = append(n.texts, text) }

// A run that keeps its records on disk writes the bytes that one in memory
// does.
func TestSameBytesWithRecordsOnDisk(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("spilling is built for Linux")
	}
	files := newTown(4 * townSize).files()
	published := func(memory string) (map[string]string, string) {
		c := settle(t, townJob+"\nmatch: {budget: {memory: "+memory+"}}\n", files, 2)
		told := &notes{}
		c.Observe = told
		return digests(t, ran(t, c), "snapshots", "state", "quarantine"), strings.Join(told.texts, "; ")
	}
	want, told := published("8GiB")
	if len(want) < 8 || strings.Contains(told, "on disk") {
		t.Fatalf("published %d files in memory: %s", len(want), told)
	}
	got, told := published(fmt.Sprint(baseMemory + 4*townSize*3*bytesSpilled)) // what so many people take
	if !strings.Contains(told, "on disk") {
		t.Fatalf("the run kept its records in memory: %s", told)
	}
	if !maps.Equal(got, want) {
		t.Errorf("other bytes with records on disk than in memory: %v", differing(got, want))
	}
}
