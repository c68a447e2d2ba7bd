//go:build unix

// Command foreign gives three Parquet readers damaged, mistyped and encrypted
// files and counts what they make of them. Decision record 0004 quotes it.
//
//	go run ./foreign
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	// cases is how many damaged files every reader gets: one byte changed in
	// each, every other one in the footer.
	cases = 400
	// memoryLimit is what a reader may use for a file of some kilobytes.
	memoryLimit = 2 << 30
	patience    = 5 * time.Second
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == "child" {
		child(os.Args[2], os.Args[3])
		return
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "foreign:", err)
		os.Exit(1)
	}
}

func run() error {
	fmt.Printf("%d files, one byte changed in each; %d MiB of memory allowed\n", cases, memoryLimit>>20)
	fmt.Printf("%-12s %8s %8s %8s %8s %8s %8s\n", "reader", "error", "same", "other", "panic", "died", "stuck")
	for _, r := range readers {
		counts, err := try(r.name)
		if err != nil {
			return err
		}
		fmt.Printf("%-12s %8d %8d %8d %8d %8d %8d\n", r.name, counts["error"], counts["same"], counts["other"], counts["panic"], counts["died"], counts["stuck"])
	}
	fmt.Println("\nother: values that were never written, and no error; died: the process ran out of memory or into a fatal error; stuck: no answer in", patience)
	for _, special := range []string{"mistyped", "encrypted"} {
		fmt.Printf("\n%s file\n", special)
		for _, r := range readers {
			outcome, _, err := ask(r.name, special)
			if err != nil {
				return err
			}
			fmt.Printf("%-12s %s\n", r.name, strings.Join(outcome, ""))
		}
	}
	return nil
}

// try runs all cases of one reader; a case that kills the child is counted and
// the next child goes on after it.
func try(reader string) (map[string]int, error) {
	counts := map[string]int{}
	for next := 0; next < cases; {
		outcomes, how, err := ask(reader, fmt.Sprint(next))
		if err != nil {
			return nil, err
		}
		for _, o := range outcomes {
			counts[o]++
		}
		next += len(outcomes)
		if next < cases {
			counts[how]++
			next++
		}
	}
	return counts, nil
}

// ask runs a child from a case on and returns what became of each case that
// it finished, and how it ended if it did not finish.
func ask(reader, from string) (outcomes []string, how string, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	cmd := exec.Command(self, "child", reader, from)
	var out bytes.Buffer
	cmd.Stdout = &out
	err = cmd.Run()
	for lines := bufio.NewScanner(&out); lines.Scan(); {
		outcomes = append(outcomes, lines.Text())
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return outcomes, "", nil
	case !errors.As(err, &exit):
		return nil, "", err
	case exit.ExitCode() == exitStuck:
		how = "stuck"
	default:
		how = "died"
	}
	if len(outcomes) == 0 && (from == "mistyped" || from == "encrypted") {
		outcomes = []string{how}
	}
	return outcomes, how, nil
}

// exitStuck is the exit code of a child whose reader does not come back.
const exitStuck = 3

// child reads one special file, or the damaged files from a number on.
func child(name, from string) {
	r := readerOf(name)
	limit := syscall.Rlimit{Cur: memoryLimit, Max: memoryLimit}
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &limit); err != nil {
		fmt.Fprintln(os.Stderr, "foreign: limit memory:", err)
		os.Exit(2)
	}
	clean := makeFile(false)
	switch from {
	case "mistyped":
		fmt.Println(describe(r.mistyped, clean))
		return
	case "encrypted":
		fmt.Println(describe(r.read, makeFile(true)))
		return
	}
	var first int
	if _, err := fmt.Sscan(from, &first); err != nil {
		os.Exit(2)
	}
	want, err := r.read(clean)
	if err != nil || want == "" {
		fmt.Fprintln(os.Stderr, "foreign:", name, "cannot read the clean file:", err)
		os.Exit(2)
	}
	for i := first; i < cases; i++ {
		stuck := time.AfterFunc(patience, func() { os.Exit(exitStuck) })
		fmt.Println(classify(r.read, damage(clean, i), want))
		stuck.Stop()
	}
}

// classify reads a file and says what came of it.
func classify(read func([]byte) (string, error), data []byte, want string) (outcome string) {
	defer func() {
		if recover() != nil {
			outcome = "panic"
		}
	}()
	switch got, err := read(data); {
	case err != nil:
		return "error"
	case got == want:
		return "same"
	}
	return "other"
}

// describe is classify in words.
func describe(read func([]byte) (string, error), data []byte) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprintf("panic: %.120s", fmt.Sprint(p))
		}
	}()
	got, err := read(data)
	if err != nil {
		return fmt.Sprintf("error: %.120s", err)
	}
	return "no error; read " + got
}
