package main

import (
	"encoding/json"
	"fmt"
	"os"

	"concord/schemas/model"
)

// task is what a side is asked to do. It travels to the side's process as
// JSON, in an argument.
type task struct {
	Side      string // a key of sides
	Records   string // path of the Parquet file
	Model     string // path of the model
	Result    string // path that the result is written to
	Threads   int
	Threshold float64 // bits
	Full      bool    // evaluate every comparison and count patterns, instead of linking
	Profile   string  // path of a processor profile to write, "" for none

	model *model.Model
}

// sides are what is compared. Each runs in a process of its own, so that its
// processor time and memory are its own.
var sides = map[string]func(*task) (*result, error){
	"concord": runConcord,
	"duckdb":  runDuckDB,
}

// runSide is the whole of a side's process.
func runSide(argument string) error {
	var t task
	if err := json.Unmarshal([]byte(argument), &t); err != nil {
		return fmt.Errorf("read task: %w", err)
	}
	var err error
	if t.model, err = readModel(t.Model); err != nil {
		return err
	}
	stop, err := startProfile(t.Profile)
	if err != nil {
		return err
	}
	r, err := sides[t.Side](&t)
	stop()
	if err != nil {
		return fmt.Errorf("%s: %w", t.Side, err)
	}
	return r.write(t.Result)
}

func readModel(path string) (*model.Model, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	return model.Parse(text)
}
