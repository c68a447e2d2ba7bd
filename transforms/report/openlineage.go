package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"time"
)

// EventType is the transition that an OpenLineage event reports.
type EventType string

// The event types: one EventStart and exactly one of the others per run.
const (
	EventStart    EventType = "START"
	EventComplete EventType = "COMPLETE"
	EventFail     EventType = "FAIL"
	EventAbort    EventType = "ABORT"
)

// MaxEvent bounds an event's size. Backends refuse larger payloads, commonly
// at 5 MB.
const MaxEvent = 5_000_000

// LineageOptions is what an event needs that a manifest does not have.
type LineageOptions struct {
	Producer         string // URI that identifies this program and version
	JobNamespace     string
	DatasetNamespace string // of the store, such as s3://bucket or file
	Documentation    string
	Owners           []string // such as team:crm
	Source           *SourceCode
	Parent           *ParentRun
	Parameters       []Parameter
}

// SourceCode is where the job file is kept.
type SourceCode struct {
	Type    string `json:"type"` // git
	URL     string `json:"url"`
	Path    string `json:"path,omitempty"`
	Version string `json:"version,omitempty"`
}

// ParentRun is the run of a scheduler that started this one.
type ParentRun struct{ RunID, JobNamespace, JobName string }

// Parameter is something the run was given. No secrets.
type Parameter struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// LineageEvent is an OpenLineage run event (spec 2-0-2) as one line of JSON
// without a newline. A terminal event carries everything, inputs and outputs,
// because some consumers read no other. If it would exceed [MaxEvent], lineage
// by column is left out first, and a parameter of the event says so.
func LineageEvent(m *Manifest, o LineageOptions, kind EventType, at time.Time) ([]byte, error) {
	if o.Producer == "" || o.JobNamespace == "" || o.DatasetNamespace == "" {
		return nil, errors.New("openlineage event: producer, job namespace and dataset namespace are needed")
	}
	b := &builder{manifest: m, options: o}
	event, err := json.Marshal(b.event(kind, at, true))
	if err == nil && len(event) > MaxEvent {
		b.options.Parameters = append(b.options.Parameters[:len(b.options.Parameters):len(b.options.Parameters)],
			Parameter{"concord.omitted", fmt.Sprintf("lineage by column: the event would have had %d bytes", len(event))})
		event, err = json.Marshal(b.event(kind, at, false))
	}
	if err != nil {
		return nil, fmt.Errorf("openlineage event: %w", err)
	}
	if len(event) > MaxEvent {
		return nil, fmt.Errorf("openlineage event: %d bytes, over the limit of %d", len(event), MaxEvent)
	}
	return bytes.TrimSpace(event), nil
}

type event struct {
	EventType EventType       `json:"eventType"`
	EventTime string          `json:"eventTime"`
	Run       eventRun        `json:"run"`
	Job       eventJob        `json:"job"`
	Inputs    []inputDataset  `json:"inputs"`
	Outputs   []outputDataset `json:"outputs"`
	Producer  string          `json:"producer"`
	SchemaURL string          `json:"schemaURL"`
}

type eventRun struct {
	RunID  string    `json:"runId"`
	Facets runFacets `json:"facets"`
}

type eventJob struct {
	Namespace string    `json:"namespace"`
	Name      string    `json:"name"`
	Facets    jobFacets `json:"facets"`
}

type inputDataset struct {
	Namespace string        `json:"namespace"`
	Name      string        `json:"name"`
	Facets    datasetFacets `json:"facets"`
	Input     inputFacets   `json:"inputFacets"`
}

type outputDataset struct {
	Namespace string        `json:"namespace"`
	Name      string        `json:"name"`
	Facets    datasetFacets `json:"facets"`
	Output    outputFacets  `json:"outputFacets"`
}

// builder assembles an event from a manifest.
type builder struct {
	manifest *Manifest
	options  LineageOptions
}

func (b *builder) event(kind EventType, at time.Time, columns bool) event {
	m := b.manifest
	e := event{
		EventType: kind,
		EventTime: moment(at),
		Run:       eventRun{m.Run.ID, b.runFacets(kind)},
		Job:       eventJob{b.options.JobNamespace, m.Run.Job, b.jobFacets(columns)},
		Inputs:    []inputDataset{},
		Outputs:   []outputDataset{},
		Producer:  b.options.Producer,
		SchemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
	}
	for i := range m.Channels {
		e.Inputs = append(e.Inputs, b.input(&m.Channels[i]))
	}
	for _, t := range m.tables() {
		e.Outputs = append(e.Outputs, b.output(t, columns))
	}
	return e
}

func (b *builder) input(c *Channel) inputDataset {
	d := inputDataset{Namespace: b.options.DatasetNamespace, Name: c.Read}
	d.Facets.Schema = b.inputSchema(c)
	d.Facets.DataSource = b.dataSource()
	d.Facets.Storage = b.storage(c.Format)
	var files, size int64
	for _, in := range b.manifest.Inputs {
		if in.Channel == c.Name {
			files++
			size += in.Size
		}
	}
	d.Input.Statistics = &statisticsFacet{b.base("1-0-0/InputStatisticsInputDatasetFacet"), c.Rows.Read, size, files}
	d.Input.Metrics = b.metrics(c, files, size)
	return d
}

func (b *builder) output(t *outputTable, columns bool) outputDataset {
	d := outputDataset{Namespace: b.options.DatasetNamespace, Name: t.name}
	d.Facets.Schema = b.outputSchema(t)
	d.Facets.DataSource = b.dataSource()
	d.Facets.Storage = b.storage("parquet")
	d.Facets.Version = &versionFacet{b.base("1-0-1/DatasetVersionDatasetFacet"), moment(b.manifest.Run.AsOf)}
	d.Facets.Tags = b.tags(t)
	if columns {
		d.Facets.ColumnLineage = b.columnLineage(t)
	}
	d.Facets.Assertions = b.assertions(t)
	d.Output.Statistics = &statisticsFacet{b.base("1-0-2/OutputStatisticsOutputDatasetFacet"), t.rows, t.size, t.files}
	return d
}

// outputTable is the files of one table of one snapshot, as one dataset.
type outputTable struct {
	name, snapshot, purpose string
	columns                 []OutputColumn // of the first file; all have the same
	rows, size, files       int64
}

// tables gathers the outputs, in the order of their first files.
func (m *Manifest) tables() []*outputTable {
	var all []*outputTable
	find := func(name string) *outputTable {
		for _, t := range all {
			if t.name == name {
				return t
			}
		}
		return nil
	}
	for _, o := range m.Outputs {
		name := o.Table
		if o.Snapshot != "" {
			name = path.Join("snapshots", o.Snapshot, o.Table)
		}
		t := find(name)
		if t == nil {
			t = &outputTable{name: name, snapshot: o.Snapshot, columns: o.Columns}
			for _, s := range m.Snapshots {
				if s.Name == o.Snapshot {
					t.purpose = s.Purpose
				}
			}
			all = append(all, t)
		}
		t.rows, t.size, t.files = t.rows+o.Rows, t.size+o.Size, t.files+1
	}
	return all
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
