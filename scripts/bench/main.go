// Bench measures Concord's match engine against the equivalent SQL on DuckDB.
//
//	go run . -records 1000000          generate, check, measure, print
//	go run . profile -records 1000000  Concord alone, timed and profiled
//	go run . fit -records 100000       estimate model.json's parameters, to stdout
//	go run . sql                       print the SQL that DuckDB runs
//
// Both sides read one Parquet file and one model: the same blocking rules, the
// same comparison levels, the same m, u and term frequencies. Before anything
// is printed their results are held against each other: equal numbers of pairs
// by rule, equal counts by agreement pattern, and the same links with the same
// weights to the last bit. Each side runs in a process of its own, in the
// order A B B A …, and reports its own processor time and memory.
//
// It is a module of its own because DuckDB needs cgo.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"concord/jobs/engine"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == sideCommand {
		return runSide(args[1])
	}
	command := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		command, args = args[0], args[1:]
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	switch command {
	case "":
		return o.bench(os.Stdout)
	case "profile":
		return o.profile(os.Stdout)
	case "fit":
		return o.fit()
	case "sql":
		return o.sql()
	}
	return fmt.Errorf("unknown command %q: want none, profile, fit or sql", command)
}

// options are the command line's.
type options struct {
	Records   int
	Seed      uint64
	Model     string
	Dir       string
	Repeat    int
	Threads   int
	Threshold float64
	Mode      string
	Python    string
}

func parse(args []string) (*options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.IntVar(&o.Records, "records", 100_000, "`number` of records to generate")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of the records")
	f.StringVar(&o.Model, "model", "model.json", "`file` of the model, its blocking rules included")
	f.StringVar(&o.Dir, "dir", filepath.Join(os.TempDir(), "concord-bench"), "`folder` for records and results")
	f.IntVar(&o.Repeat, "repeat", 5, "how often each side runs")
	f.IntVar(&o.Threads, "threads", 2, "threads of each side")
	f.Float64Var(&o.Threshold, "threshold", 0, "match weight that makes a link, in `bits`")
	f.StringVar(&o.Mode, "mode", "both", "full (evaluate everything, count patterns), link (early exit), or both")
	f.StringVar(&o.Python, "python", "", "`interpreter` that has splink 5 and the DuckDB of the Go driver: also run real Splink")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 || o.Records < 1 || o.Repeat < 1 || o.Threads < 1 || modes[o.Mode] == nil {
		return nil, fmt.Errorf("arguments %q: want -records, -repeat and -threads of at least 1, -mode full, link or both", args)
	}
	return &o, nil
}

// records is the path of the generated records, made unless they are there.
func (o *options) records() (string, error) {
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return "", fmt.Errorf("make folder: %w", err)
	}
	path := filepath.Join(o.Dir, fmt.Sprintf("records-%d-%d.parquet", o.Records, o.Seed))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	p, err := newPopulation(filepath.Join("..", ".."), o.Seed)
	if err != nil {
		return "", err
	}
	if err := writeParquet(path+".new", p.records(o.Records)); err != nil {
		return "", err
	}
	return path, os.Rename(path+".new", path)
}

func (o *options) fit() error {
	path, err := o.records()
	if err != nil {
		return err
	}
	workers := engine.Local{Count: o.Threads}
	table, err := load(path, workers)
	if err != nil {
		return err
	}
	m, err := fit(table, workers)
	if err != nil {
		return err
	}
	text, err := m.JSON()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}

func (o *options) sql() error {
	m, err := readModel(o.Model)
	if err != nil {
		return err
	}
	q, err := newQuery(m, "records.parquet")
	if err != nil {
		return err
	}
	for _, s := range append(q.setup(), q.count(), q.link(o.Threshold)) {
		fmt.Println(s + ";")
	}
	return nil
}
