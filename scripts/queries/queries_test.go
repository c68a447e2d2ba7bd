// Package queries_test runs the SQL of the README on the retail example's
// outputs, in the engines that are on the machine.
package queries_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"concord/jobs/engine"
	"concord/jobs/pipeline"
)

// The three queries of the README run in DuckDB, and Polars, PyArrow and Spark
// say the same as far as they are there. CONCORD_PYTHON names another python3.
func TestQueriesOfTheReadme(t *testing.T) {
	python := os.Getenv("CONCORD_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import duckdb").Run(); err != nil {
		t.Skip("no python3 with duckdb here: pip install duckdb polars pyarrow")
	}
	home := t.TempDir()
	example := filepath.Join("..", "..", "jobs", "examples", "retail")
	if err := os.CopyFS(home, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(home, "job.yaml")
	j, err := pipeline.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	// Decided for today, for the first query asks who may be e-mailed now.
	c := &pipeline.Config{Job: j, Path: path, AsOf: time.Now().UTC().Truncate(time.Second), Engine: engine.Local{Count: 2}, Version: "test", Observe: pipeline.Silent{}}
	j.Output = filepath.Join(home, "queried")
	if _, err := pipeline.Run(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "queries.py", filepath.Join("..", "..", "README.md"), j.Output).CombinedOutput()
	var failed *exec.ExitError
	if errors.As(err, &failed) && failed.ExitCode() == 3 {
		t.Skip("duckdb cannot be imported")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
