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
	fmt.Fprintf(w, "%d records, %d rules, %d comparisons, threshold %g bits, %d threads each, %d repetitions, %s/%s, %d cores\n",
		o.Records, len(m.BlockingRules), len(m.Comparisons), o.Threshold, o.Threads, o.Repeat, runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, full := range modes[o.Mode] {
		runs, err := o.measure(records, full, len(m.BlockingRules))
		if err != nil {
			return err
		}
		o.print(w, runs, full, m.BlockingRules)
	}
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
			if first == nil {
				first = r
			} else if err := same(first, r, rules); err != nil {
				return nil, fmt.Errorf("%s and %s disagree: %w", order[0], side, err)
			}
			runs[side] = append(runs[side], r)
			// What has been checked need not be kept.
			if r != first {
				r.Links = slices.Clip(r.Links[:0])
			}
		}
	}
	return runs, nil
}

// side runs one side in a process of its own.
func (o *options) side(t *task) (*result, error) {
	t.Model, t.Result = o.Model, filepath.Join(o.Dir, "result-"+t.Side)
	if t.Side == "concord" {
		t.Profile = o.Profile
	}
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

// print shows medians over the repetitions, and the ratios.
func (o *options) print(w io.Writer, runs map[string][]*result, full bool, rules []string) {
	concord, duckdb := runs["concord"], runs["duckdb"]
	pairs := float64(0)
	if full {
		fmt.Fprintf(w, "\nEvery comparison of every pair, counted by agreement pattern. Equal: pairs by rule, %d counts.\n\n", len(concord[0].Counts))
		fmt.Fprintln(w, "| rule | pairs |\n|---|---|")
		for k, n := range concord[0].pairs(len(rules)) {
			fmt.Fprintf(w, "| %s | %d |\n", rules[k], n)
			pairs += float64(n)
		}
		fmt.Fprintf(w, "| all | %.0f |\n\n", pairs)
	} else {
		fmt.Fprintf(w, "\nLinks at the threshold. Equal: %d links, their rules, patterns and weights.\n\n", len(concord[0].Links))
	}
	fmt.Fprintln(w, "| | Concord CPU s | DuckDB CPU s | ratio | Concord wall s | DuckDB wall s | ratio |\n|---|---|---|---|---|---|---|")
	for _, row := range []struct {
		name   string
		phases []string
	}{{"load", []string{"load"}}, {"prepare and match", []string{"prepare", "match"}}, {"whole process", []string{"load", "prepare", "match"}}} {
		a, b := median(concord, row.phases), median(duckdb, row.phases)
		fmt.Fprintf(w, "| %s | %.2f | %.2f | %.1f | %.2f | %.2f | %.1f |\n", row.name, a.CPU, b.CPU, b.CPU/a.CPU, a.Wall, b.Wall, b.Wall/a.Wall)
	}
	fmt.Fprintf(w, "\nPeak memory: Concord %d MB, DuckDB %d MB. Concord prepare %.2f CPU s, match %.2f CPU s.\n",
		peak(concord)>>20, peak(duckdb)>>20, median(concord, []string{"prepare"}).CPU, median(concord, []string{"match"}).CPU)
	_ = strings.TrimSpace
	if pairs > 0 {
		fmt.Fprintf(w, "%.0f ns per pair\n", median(concord, []string{"match"}).CPU/pairs*1e9)
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
