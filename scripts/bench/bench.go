package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"concord/schemas/model"
)

// sideCommand, with a task in JSON, makes the program one side.
const sideCommand = "side"

// modes are what each -mode measures: whether every comparison is evaluated.
var modes = map[string][]bool{"full": {true}, "link": {false}, "both": {true, false}}

// bench checks and measures, and prints only what has been checked.
func (o *options) bench(w io.Writer) error {
	records, err := o.records()
	if err != nil {
		return err
	}
	m, err := readModel(o.Model)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d records, %d blocking rules, %d comparisons, threshold %g bits, %d threads each, %d repetitions; %s/%s, %d cores\n",
		o.Records, len(m.BlockingRules), len(m.Comparisons), o.Threshold, o.Threads, o.Repeat, runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, full := range modes[o.Mode] {
		runs, err := o.measure(records, full, len(m.BlockingRules))
		if err != nil {
			return err
		}
		if full {
			printCounts(w, runs["concord"][0], m.BlockingRules)
		} else if err := o.splink(w, m, records, runs); err != nil {
			return err
		}
		printTimes(w, runs)
	}
	return nil
}

// splink adds real Splink's runs, where there is a Python to run it.
func (o *options) splink(w io.Writer, m *model.Model, records string, runs map[string][]*result) error {
	ours := runs["concord"][0].Links
	fmt.Fprintf(w, "\nLinks at the threshold, the rest abandoned. Equal: %d links with their rules, patterns and weights.\n", len(ours))
	if o.Python == "" {
		return nil
	}
	edge := 0
	for range o.Repeat {
		r, err := o.runSplink(m, records, runs["duckdb"][0].DuckDB)
		if err != nil {
			return err
		}
		if edge, err = nearly(ours, r.Links, o.Threshold, len(m.Comparisons)); err != nil {
			return err
		}
		r.Links = nil
		runs["splink"] = append(runs["splink"], r)
	}
	fmt.Fprintf(w, "Splink: the same links and weights but for rounding; %d pairs lie so near the threshold that rounding decides.\n", edge)
	return nil
}

// measure runs both sides repeat times each, in the order A B B A …, and holds
// every result against the first.
func (o *options) measure(records string, full bool, rules int) (map[string][]*result, error) {
	runs := map[string][]*result{}
	var first *result
	for i := range o.Repeat {
		order := []string{"concord", "duckdb"}
		if i%2 == 1 {
			slices.Reverse(order)
		}
		for _, side := range order {
			r, err := o.side(&task{Side: side, Records: records, Threads: o.Threads, Threshold: o.Threshold, Full: full})
			if err != nil {
				return nil, err
			}
			runs[side] = append(runs[side], r)
			if first == nil {
				first = r
				continue
			}
			if err := same(first, r, rules); err != nil {
				return nil, fmt.Errorf("concord's first run and repetition %d of %s disagree: %w", i+1, side, err)
			}
			r.Links = nil // what has been checked need not be kept
		}
	}
	return runs, nil
}

// side runs one side in a process of its own.
func (o *options) side(t *task) (*result, error) {
	t.Model, t.Result = o.Model, filepath.Join(o.Dir, "result-"+t.Side)
	argument, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	c := exec.Command(self, sideCommand, string(argument))
	c.Stderr = os.Stderr
	c.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", t.Threads))
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("run %s: %w", t.Side, err)
	}
	return readResult(t.Result)
}

// profile runs Concord alone and leaves a processor profile of each mode.
func (o *options) profile(w io.Writer) error {
	records, err := o.records()
	if err != nil {
		return err
	}
	for _, full := range modes[o.Mode] {
		for i := range o.Repeat {
			path := filepath.Join(o.Dir, fmt.Sprintf("cpu-%t-%d.pprof", full, i))
			r, err := o.side(&task{Side: "concord", Records: records, Threads: o.Threads, Threshold: o.Threshold, Full: full, Profile: path})
			if err != nil {
				return err
			}
			for _, p := range r.Phases {
				fmt.Fprintf(w, "%s: %.2f CPU s, %.2f wall s; ", p.Name, p.CPU, p.Wall)
			}
			fmt.Fprintf(w, "%d MB; %s\n", r.Peak>>20, path)
		}
	}
	return nil
}

func printCounts(w io.Writer, r *result, rules []string) {
	fmt.Fprintf(w, "\nEvery comparison of every pair, counted. Equal: pairs by rule, and by rule and agreement pattern (%d counts).\n\n", len(r.Counts))
	fmt.Fprintln(w, "| rule | pairs new to it |\n|---|---|")
	for k, n := range r.pairs(len(rules)) {
		fmt.Fprintf(w, "| %s | %d |\n", rules[k], n)
	}
	fmt.Fprintf(w, "| all | %d |\n", r.Pairs)
}

// printTimes shows medians over the repetitions. Ratios are to Concord, of
// everything after loading and of the whole process.
func printTimes(w io.Writer, runs map[string][]*result) {
	concord := runs["concord"]
	pairs := float64(concord[0].Pairs)
	fmt.Fprintf(w, "\n| side | load | prepare | match | CPU s | ratio | after load | ns a pair, match | wall s | ratio | peak MB |\n%s|\n", strings.Repeat("|---", 11))
	whole := []string{"load", "prepare", "match"}
	a, work := median(concord, whole), median(concord, whole[1:])
	for _, side := range []string{"concord", "duckdb", "splink"} {
		r := runs[side]
		if r == nil {
			continue
		}
		b, match := median(r, whole), median(r, whole[2:])
		fmt.Fprintf(w, "| %s | %.2f | %.2f | %.2f | %.2f | %.1f | %.1f | %.0f | %.2f | %.1f | %d |\n", side,
			median(r, whole[:1]).CPU, median(r, whole[1:2]).CPU, match.CPU, b.CPU, b.CPU/a.CPU, median(r, whole[1:]).CPU/work.CPU,
			match.CPU/pairs*1e9, b.Wall, b.Wall/a.Wall, peak(r)>>20)
	}
}

// median is the middle run's time of the named phases together, for processor
// time and wall time apart.
func median(runs []*result, names []string) phase {
	var cpu, wall []float64
	for _, r := range runs {
		var sum phase
		for _, p := range r.Phases {
			if slices.Contains(names, p.Name) {
				sum.CPU, sum.Wall = sum.CPU+p.CPU, sum.Wall+p.Wall
			}
		}
		cpu, wall = append(cpu, sum.CPU), append(wall, sum.Wall)
	}
	slices.Sort(cpu)
	slices.Sort(wall)
	return phase{CPU: cpu[len(cpu)/2], Wall: wall[len(wall)/2]}
}

func peak(runs []*result) int64 {
	most := int64(0)
	for _, r := range runs {
		most = max(most, r.Peak)
	}
	return most
}
