package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// ManifestVersion is the version of the manifest's form.
const ManifestVersion = 1

// Manifest is the record of one run: what went in, under which versions of
// what, what was decided and counted, and what came out. Everything but Timing
// depends only on the inputs and versions it names, so a replay gives the same
// [Manifest.FactsDigest].
type Manifest struct {
	Version    int               `json:"manifest_version"`
	Run        Run               `json:"run"`
	Versions   Versions          `json:"versions"`
	Inputs     []Input           `json:"inputs"`
	Channels   []Channel         `json:"channels"`
	Quarantine []Count           `json:"quarantine"` // by error code
	Matching   Matching          `json:"matching"`
	Clusters   Clusters          `json:"clusters"`
	Identity   []Count           `json:"identity"` // golden ids by decision: new, keep, merge, split
	Survival   []Survival        `json:"survivorship"`
	Consent    []PurposeVerdicts `json:"consent"`
	Snapshots  []Snapshot        `json:"snapshots"`
	Outputs    []Output          `json:"outputs"` // every file written, snapshots' and others
	Checks     []Check           `json:"checks"`
	Timing     Timing            `json:"timing"`
}

// Run is who ran what, as of when.
type Run struct {
	ID         string    `json:"id"` // see [RunID]
	Job        string    `json:"job"`
	Controller string    `json:"controller"`
	AsOf       time.Time `json:"as_of"`
	Status     Status    `json:"status"`
	Error      string    `json:"error,omitempty"` // coordinates only, never a value
}

// Status is how a run ended.
type Status string

// The statuses. A run that was refused by a gate has failed.
const (
	Complete Status = "complete"
	Failed   Status = "fail"
	Aborted  Status = "abort"
)

// Versions names everything besides the inputs that the outputs depend on.
// Digests are SHA-256 in hex, "" where a run uses no such thing.
type Versions struct {
	Concord  string `json:"concord"`
	Revision string `json:"revision,omitempty"` // of the source, where the build knows it
	Config   string `json:"config_sha256"`      // of the effective configuration
	Policy   string `json:"policy_sha256,omitempty"`
	Registry string `json:"registry_sha256,omitempty"`
	Matrix   string `json:"matrix_sha256,omitempty"`
	Model    string `json:"model_sha256,omitempty"`
	Parent   string `json:"parent_run,omitempty"` // the published run that this one followed
}

// Rows accounts for the rows of an input: Read is the sum of the others.
type Rows struct {
	Read        int64 `json:"read"`
	Accepted    int64 `json:"accepted"`
	Quarantined int64 `json:"quarantined"`
	Suppressed  int64 `json:"suppressed"`
	Duplicate   int64 `json:"duplicate"`
}

func (r Rows) plus(o Rows) Rows {
	return Rows{r.Read + o.Read, r.Accepted + o.Accepted, r.Quarantined + o.Quarantined,
		r.Suppressed + o.Suppressed, r.Duplicate + o.Duplicate}
}

func (r Rows) balance() int64 {
	return r.Read - r.Accepted - r.Quarantined - r.Suppressed - r.Duplicate
}

// Input is one object that was read.
type Input struct {
	Channel string `json:"channel"`
	Object  string `json:"object"`
	Format  string `json:"format"` // csv, jsonl, parquet
	SHA256  string `json:"sha256"` // of the object's bytes
	Size    int64  `json:"size"`   // bytes
	Rows    Rows   `json:"rows"`
}

// Kinds of channel.
const (
	KindRecords = "records" // rows are people
	KindConsent = "consent" // rows are consent events
)

// Channel is one channel over all its objects.
type Channel struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Read    string   `json:"read"` // the pattern of its objects
	Format  string   `json:"format"`
	Rows    Rows     `json:"rows"`
	Columns []Column `json:"columns"`
}

// Column is what became of a channel's column.
type Column struct {
	Name      string `json:"name"`      // in the channel
	Attribute string `json:"attribute"` // that it fills
	Filled    int64  `json:"filled"`    // accepted rows with a value
	Distinct  int64  `json:"distinct"`  // distinct canonical values
	Junk      int64  `json:"junk"`      // rows with a placeholder
	Invalid   int64  `json:"invalid"`   // rows whose value could not be read
}

// Count is a named number.
type Count struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// Matching is how links were found.
type Matching struct {
	Model     string  `json:"model,omitempty"` // trained here, or a file's name
	Threshold float64 `json:"threshold"`       // match weight (log2 odds) that makes a link
	Rules     []Rule  `json:"rules"`           // blocking rules, in order
	// Weights is a histogram of the match weights of scored pairs; pairs that
	// an early exit put below it are in Skipped.
	Weights []Bin   `json:"weights"`
	Skipped int64   `json:"skipped"`
	Links   []Count `json:"links"` // accepted, by kind: a deterministic rule's name, model, judgement
	// Denied counts the records that stay single because linking them was denied.
	Denied int64 `json:"linking_denied,omitempty"`
}

// Rule is a blocking rule.
type Rule struct {
	Name  string `json:"name"`
	Pairs int64  `json:"pairs"` // that it covers
	New   int64  `json:"new"`   // that no rule before it covers
}

// Bin counts pairs with From ≤ weight < To, in log2 odds.
type Bin struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Count int64   `json:"count"`
}

// Clusters is how records fell together.
type Clusters struct {
	Sizes []Size `json:"sizes"` // ascending
}

// Size counts the clusters of one size.
type Size struct {
	Records  int64 `json:"records"`
	Clusters int64 `json:"clusters"`
}

// Count of clusters, and of the records in them.
func (c Clusters) count() (clusters, records int64) {
	for _, s := range c.Sizes {
		clusters += s.Clusters
		records += s.Clusters * s.Records
	}
	return clusters, records
}

// Survival is how an attribute's golden values were chosen.
type Survival struct {
	Attribute string `json:"attribute"`
	Rule      string `json:"rule"`
	Filled    int64  `json:"filled"`    // golden records with a value
	Contested int64  `json:"contested"` // of those, where members disagreed
}

// PurposeVerdicts counts the verdicts on the cells of one purpose.
type PurposeVerdicts struct {
	Purpose string  `json:"purpose"`
	Channel string  `json:"channel"`
	Allowed int64   `json:"allowed"`
	Denied  int64   `json:"denied"`
	Reasons []Count `json:"reasons"` // by code; a verdict may have several
}

// Snapshot is one published set of tables: golden records in, profiles out.
type Snapshot struct {
	Name      string  `json:"name"`
	Purpose   string  `json:"purpose"`
	Basis     string  `json:"basis"`
	Golden    int64   `json:"golden"`    // golden records considered
	Published int64   `json:"published"` // of those, how many are in it
	Rows      int64   `json:"rows"`      // of profiles: one for each brand that may use a golden record
	Withheld  []Count `json:"withheld"`  // golden records by the one reason they are not in it
}

// Output is one file that was written.
type Output struct {
	Snapshot string         `json:"snapshot,omitempty"` // "" for lineage, quarantine and state
	Table    string         `json:"table"`
	Object   string         `json:"object"`
	SHA256   string         `json:"sha256"`
	Size     int64          `json:"size"`
	Rows     int64          `json:"rows"`
	Columns  []OutputColumn `json:"columns"`
}

// OutputColumn is one column of an output.
type OutputColumn struct {
	Name        string   `json:"name"`
	Type        string   `json:"type"`
	Category    string   `json:"data_category"`
	Sensitivity string   `json:"sensitivity"`
	Nulls       int64    `json:"nulls"`
	Digest      string   `json:"digest"`         // of all values; see transforms/snapshot
	From        []Source `json:"from,omitempty"` // the input columns it depends on
}

// Source is an input column that an output column depends on.
type Source struct {
	Channel string    `json:"channel"`
	Column  string    `json:"column"`
	How     Influence `json:"how"`
	Masked  bool      `json:"masked,omitempty"` // the output has a keyed hash of it
}

// Influence is how an input column bears on an output column.
type Influence string

// The influences.
const (
	Value     Influence = "value"     // its normalized values stand in the output
	Survivor  Influence = "survivor"  // it helps to choose which value survives
	MatchKey  Influence = "match"     // it decides which records belong together
	Permitted Influence = "permitted" // it decides what may be shown
)

// Check is a gate or a verification of the run, or of one snapshot.
type Check struct {
	Snapshot    string `json:"snapshot,omitempty"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Passed      bool   `json:"passed"`
	Detail      string `json:"detail,omitempty"` // what was found, against which limit
}

// Timing is the part of a manifest that differs from run to run.
type Timing struct {
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	Workers int       `json:"workers"`
	Peak    int64     `json:"peak_bytes"` // of memory
	Phases  []Phase   `json:"phases"`
}

// Phase is one stage of the run.
type Phase struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"cpu_seconds"` // of all processors, 0 where the system does not tell
	Peak    int64   `json:"peak_bytes"`  // of memory, until the end of the phase
	Items   int64   `json:"items"`
	Unit    string  `json:"unit"` // of the items: rows, values, pairs, clusters, profiles
}

// Marshal is the manifest as indented JSON with a final newline: the same
// manifest gives the same bytes.
func (m *Manifest) Marshal() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("run manifest: %w", err)
	}
	return out.Bytes(), nil
}

// ParseManifest reads a manifest strictly: an unknown key or another version
// is an error.
func ParseManifest(data []byte) (*Manifest, error) {
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("run manifest: %w", err)
	}
	if m.Version != ManifestVersion {
		return nil, fmt.Errorf("run manifest: version %d, this program reads %d", m.Version, ManifestVersion)
	}
	return &m, nil
}

// FactsDigest is the SHA-256 (hex) of the manifest without its timing: what a
// replay must reproduce.
func (m *Manifest) FactsDigest() (string, error) {
	facts := *m
	facts.Timing = Timing{}
	data, err := facts.Marshal()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// Total is the row accounting over all channels of a kind.
func (m *Manifest) Total(kind string) Rows {
	var sum Rows
	for _, c := range m.Channels {
		if c.Kind == kind {
			sum = sum.plus(c.Rows)
		}
	}
	return sum
}
