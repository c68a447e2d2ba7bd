package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"concord/jobs/engine"
	"concord/schemas/job"
)

// Config is a job and the circumstances of a run.
type Config struct {
	Job     *job.Job
	Path    string    // of the job file
	AsOf    time.Time // what consent, ages and expiry are decided at; UTC
	Engine  engine.Engine
	Version string // of the program, for the manifest
	Observe Observer
}

// Observer is told how a run goes. Calls come from one goroutine at a time.
// Texts hold coordinates and counts, never a customer's data.
type Observer interface {
	// Begin and End frame a phase.
	Begin(phase string)
	End(phase string, took time.Duration)
	// Note is a fact worth a line.
	Note(text string, args ...any)
	// Progress tells how much of the present phase is done: done of total
	// things of a kind, total 0 when unknown.
	Progress(done, total int64, of string)
}

// Silent is an Observer that says nothing.
type Silent struct{}

// Begin ignores the phase.
func (Silent) Begin(string) {}

// End ignores the phase.
func (Silent) End(string, time.Duration) {}

// Note ignores the fact.
func (Silent) Note(string, ...any) {}

// Progress ignores the counts.
func (Silent) Progress(_, _ int64, _ string) {}

// Load reads and validates a job file.
func Load(path string) (*job.Job, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, failedf(ErrConfig, "job file: %w", err)
	}
	j, err := job.Parse(filepath.Base(path), text)
	return j, failed(ErrConfig, err)
}

// directory resolves a path of the job file, which is relative to the file.
func (c *Config) directory(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(c.Path), path)
}

// Digest is the SHA-256 of the effective configuration, hex: of all that
// results depend on. The memory that a run may use is no part of it, as its
// workers are not.
func (c *Config) Digest() string {
	j := *c.Job
	j.Match.Budget.Memory = 0
	b, err := json.Marshal(&j) // maps marshal by sorted key
	if err != nil {
		panic(fmt.Sprintf("a job always marshals: %T", err))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// RunID names the run: its slot and what it was configured to do. A rerun of
// the same slot with the same configuration has the same id, and writes the
// same bytes.
func (c *Config) RunID() string {
	return c.slot() + "-" + c.Digest()[:8]
}

// slot is the as-of in file names.
func (c *Config) slot() string { return c.AsOf.UTC().Format(slotLayout) }

const slotLayout = "20060102T150405Z"
