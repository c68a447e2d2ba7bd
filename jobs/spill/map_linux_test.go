package spill

import (
	"os"
	"testing"
)

func TestRoomIsTakenWithoutTheSystemsHelp(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := fill(f, 4096, 3<<20+1); err != nil {
		t.Fatal(err)
	}
	if info, err := f.Stat(); err != nil || info.Size() != 4096+3<<20+1 {
		t.Errorf("%v, %v", info, err)
	}
}
