package cli

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"concord/transforms/report"
)

// TestMain lets the scripts run this test binary as concord.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"concord": func() { os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// Every script of testdata/script is a session at the command line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"gzip":   gzipFile,
			"cut":    cut,
			"repeat": repeat,
			"bytes":  writeBytes,
			"absent": absent,
			"peak":   peak,
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, errors.New("unknown condition")
		},
	})
}

// exits CODE concord ARG… runs a command and checks its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("run %s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// gzip FILE… replaces each file by its gzip, FILE.gz.
func gzipFile(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := z.Write([]byte(ts.ReadFile(name)))
		ts.Check(err)
		ts.Check(z.Close())
		ts.Check(os.WriteFile(ts.MkAbs(name)+".gz", b.Bytes(), 0o666))
		ts.Check(os.Remove(ts.MkAbs(name)))
	}
}

// cut FILE N keeps the first N bytes of a file; a negative N drops as many
// from its end.
func cut(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if n < 0 {
		n += int(info.Size())
	}
	ts.Check(os.Truncate(ts.MkAbs(args[0]), int64(n)))
}

// repeat FILE TEXT N appends a text N times to a file. In the text, \n is a
// line's end and % the number of the repetition.
func repeat(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	text := strings.ReplaceAll(args[1], `\n`, "\n")
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	ts.Check(err)
	w := bufio.NewWriterSize(f, 1<<20)
	for i := range n {
		_, err = w.WriteString(strings.ReplaceAll(text, "%", strconv.Itoa(i)))
		ts.Check(err)
	}
	ts.Check(errors.Join(w.Flush(), f.Close()))
}

// bytes FILE TEXT appends a Go string's content, such as a\x00b.
func writeBytes(ts *testscript.TestScript, _ bool, args []string) {
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(appendTo(ts.MkAbs(args[0]), text))
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// absent TEXT PATH… checks that a text is in none of the files, or of the
// files below a folder, named by their ends: absent marker out .json .html.
func absent(ts *testscript.TestScript, _ bool, args []string) {
	text, root, ends := args[0], ts.MkAbs(args[1]), args[2:]
	looked := 0
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		wanted := len(ends) == 0
		for _, e := range ends {
			wanted = wanted || strings.HasSuffix(path, e)
		}
		if !wanted {
			return nil
		}
		looked++
		content, err := os.ReadFile(path)
		if err == nil && bytes.Contains(bytes.ToLower(content), []byte(strings.ToLower(text))) {
			ts.Fatalf("%s contains %s", path, text)
		}
		return err
	}))
	if looked == 0 {
		ts.Fatalf("no file of %v below %s: nothing was looked at", ends, root)
	}
}

// peak MIB FILE checks that the run of a manifest held at most MIB mebibytes.
func peak(ts *testscript.TestScript, _ bool, args []string) {
	limit, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	files, err := filepath.Glob(ts.MkAbs(args[1]))
	ts.Check(err)
	if len(files) != 1 {
		ts.Fatalf("%s names %d files", args[1], len(files))
	}
	text, err := os.ReadFile(files[0])
	ts.Check(err)
	var m report.Manifest
	ts.Check(json.Unmarshal(text, &m))
	if got := m.Timing.Peak >> 20; got == 0 || got > limit {
		ts.Fatalf("the run held %d MiB, more than %d", got, limit)
	}
}
