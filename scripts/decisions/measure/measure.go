//go:build unix

// Package measure times contenders for the decision records: processor time,
// rounds interleaved so that a change of the machine's load meets all of
// them, medians, and ratios to the first contender.
package measure

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"syscall"
	"text/tabwriter"
	"time"
)

// Contender is one way to do the same work.
type Contender struct {
	Name string
	Do   func() error
	// Timed, if it is set, stands in for Do and its processor time: the work is
	// done in another process, which measures itself.
	Timed func() (time.Duration, error)
}

func (c *Contender) cpu() (time.Duration, error) {
	if c.Timed != nil {
		return c.Timed()
	}
	return CPU(c.Do)
}

// CPU is the processor time, user and system, that f takes.
func CPU(f func() error) (time.Duration, error) {
	start, err := used()
	if err != nil {
		return 0, err
	}
	if err := f(); err != nil {
		return 0, err
	}
	end, err := used()
	return end - start, err
}

func used() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// Compare runs every contender once to warm up and then rounds times, in
// turns, forwards and backwards, and prints the median and its ratio to the
// first contender's. size is what one call handles, in units of unit.
func Compare(w io.Writer, rounds int, size float64, unit string, list []Contender) error {
	took := make([][]time.Duration, len(list))
	for round := range rounds + 1 {
		for i := range list {
			if round%2 == 1 {
				i = len(list) - 1 - i
			}
			runtime.GC() // so that no contender pays for the garbage of another
			d, err := list[i].cpu()
			if err != nil {
				return fmt.Errorf("%s: %w", list[i].Name, err)
			}
			if round > 0 {
				took[i] = append(took[i], d)
			}
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "contender\tcpu ms\t%s / cpu s\tratio\t\n", unit)
	var first time.Duration
	for i, c := range list {
		slices.Sort(took[i])
		median := took[i][len(took[i])/2]
		if i == 0 {
			first = median
		}
		fmt.Fprintf(t, "%s\t%.1f\t%.3g\t%.2f\t\n", c.Name, median.Seconds()*1e3, size/median.Seconds(), float64(median)/float64(first))
	}
	return t.Flush()
}

// Random is a splitmix64 generator: the same data on every machine.
type Random uint64

// Next is 64 random bits.
func (r *Random) Next() uint64 {
	*r += 0x9E3779B97F4A7C15
	x := uint64(*r)
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// Below is a number in [0, n).
func (r *Random) Below(n int) int { return int(r.Next() % uint64(n)) }

// Skewed is a number in [0, n) that prefers small ones, as frequencies of
// names do.
func (r *Random) Skewed(n int) int {
	x := float64(r.Next()>>11) / (1 << 53)
	return int(x * x * x * float64(n))
}
