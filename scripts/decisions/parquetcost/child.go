package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// child is a process with arrow/go v15, which cannot be linked into one
// program with its successor: both define the same assembly symbols.
type child struct {
	dir  string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	size int64 // of the last file written
}

func startV15() (*child, error) {
	dir, err := os.MkdirTemp("", "parquetcost")
	if err != nil {
		return nil, err
	}
	c := &child{dir: dir}
	binary := filepath.Join(dir, "v15")
	build := exec.Command("go", "build", "-o", binary, "./parquetcost/v15")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("build ./parquetcost/v15: %w", err)
	}
	c.cmd = exec.Command(binary)
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	return c, c.cmd.Start()
}

func (c *child) stop() {
	if err := errors.Join(c.in.Close(), c.cmd.Wait(), os.RemoveAll(c.dir)); err != nil {
		fmt.Fprintln(os.Stderr, "parquetcost:", err)
	}
}

func (c *child) write() (time.Duration, error) { return c.ask("write") }

func (c *child) read(path string) (time.Duration, error) { return c.ask("read " + path) }

// ask has the child do one thing; it answers with its processor time in
// nanoseconds and the size of what it wrote.
func (c *child) ask(what string) (time.Duration, error) {
	if _, err := fmt.Fprintln(c.in, what); err != nil {
		return 0, err
	}
	var took time.Duration
	var size int64
	if _, err := fmt.Fscanln(c.out, (*int64)(&took), &size); err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	if size > 0 {
		c.size = size
	}
	return took, nil
}
