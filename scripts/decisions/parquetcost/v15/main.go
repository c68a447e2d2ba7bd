// Command v15 is the part of parquetcost that is linked with arrow/go v15. It
// reads "write" or "read PATH" from standard input, line by line, and answers
// with the processor time in nanoseconds and the size of the file it wrote.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"

	"concord/scripts/decisions/measure"
	"concord/scripts/decisions/parquetcost/people"
)

func main() {
	table := newV15(people.Make(people.Rows))
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var out bytes.Buffer
		work := func() error { return table.write(&out) }
		if path, ok := strings.CutPrefix(lines.Text(), "read "); ok {
			data, err := os.ReadFile(path)
			if err != nil {
				fail(err)
			}
			work = func() error { return readV15(data) }
		}
		runtime.GC()
		took, err := measure.CPU(work)
		if err != nil {
			fail(err)
		}
		fmt.Println(took.Nanoseconds(), out.Len())
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "v15:", err)
	os.Exit(1)
}
