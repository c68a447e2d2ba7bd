//go:build unix

package store_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"concord/jobs/store"
)

// crashEnv names the directory that a copy of this test binary, started by
// TestKilledWriter, writes to until it is killed.
const crashEnv = "CONCORD_STORE_CRASH_TEST"

// A writer that is killed without warning, wherever it is, leaves nothing that
// a reader takes for an object.
func TestKilledWriter(t *testing.T) {
	if path := os.Getenv(crashEnv); path != "" {
		writeForever(t, path)
	}
	d, path := openDirectory(t)
	exe, err := os.Executable()
	if err != nil {
		t.Skip("the test binary does not know its path:", err)
	}
	for round := range 5 {
		cmd := exec.Command(exe, "-test.run=^TestKilledWriter$")
		cmd.Env = append(os.Environ(), crashEnv+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		signs := make([]byte, 3+round) // so many objects were committed
		_, err = io.ReadFull(out, signs)
		if killErr := cmd.Process.Kill(); killErr != nil || err != nil {
			t.Fatal(err, killErr)
		}
		_ = cmd.Wait() // "signal: killed"
		checkWhole(t, d)
	}
}

// writeForever commits objects that begin with their own checksum, in small
// writes, with a sign of life after each.
func writeForever(t *testing.T, path string) {
	d, err := store.OpenDirectory(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		body := bytes.Repeat([]byte{byte(i)}, 50_000+i)
		sum := sha256.Sum256(body)
		w, err := d.Create(t.Context(), fmt.Sprintf("k/%d", i%7))
		if err != nil {
			t.Fatal(err)
		}
		for part := append(sum[:], body...); len(part) > 0; {
			n, err := w.Write(part[:min(4096, len(part))])
			if err != nil {
				t.Fatal(err)
			}
			part = part[n:]
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		fmt.Print(".")
	}
}

func checkWhole(t *testing.T, d *store.Directory) {
	list, err := d.List(t.Context(), store.Scope{})
	if err != nil || len(list) == 0 {
		t.Fatalf("listed %v, %v", list, err)
	}
	for _, i := range list {
		data, _, err := d.Get(t.Context(), i.Key)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data[min(sha256.Size, len(data)):]); !bytes.HasPrefix(data, sum[:]) {
			t.Errorf("object %s: %d bytes that nobody committed", i.Key, len(data))
		}
	}
}
