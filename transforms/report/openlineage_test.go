package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schema is our own statement of what the specification asks.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile("testdata/openlineage.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("openlineage.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("openlineage.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var eventAt = time.Date(2026, 5, 1, 2, 0, 4, 0, time.UTC)

// lineage validates an event and gives it back decoded.
func lineage(t *testing.T, m *Manifest, o LineageOptions, kind EventType) map[string]any {
	t.Helper()
	data, err := LineageEvent(m, o, kind, eventAt)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsAny(data, "\n") {
		t.Error("an event is not one line")
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema(t).Validate(doc); err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	var decoded map[string]any
	if err := json.Unmarshal(data, &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

// at follows keys and indices into a decoded event.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			v = v.(map[string]any)[p]
		case int:
			v = v.([]any)[p]
		}
		if v == nil {
			t.Fatalf("nothing at %v of %v", p, path)
		}
	}
	return v
}

func TestEventsAreValid(t *testing.T) {
	failed := example()
	failed.Run.Status, failed.Run.Error = Failed, `object "extracts/crm/2026-04.csv": truncated`
	for kind, m := range map[EventType]*Manifest{EventStart: started(), EventComplete: example(), EventFail: failed, EventAbort: failed} {
		e := lineage(t, m, exampleOptions(), kind)
		if e["eventType"] != string(kind) || e["eventTime"] != "2026-05-01T02:00:04Z" {
			t.Errorf("%s at %s, want %s", e["eventType"], e["eventTime"], kind)
		}
	}
	// The least that a caller can say.
	lineage(t, &Manifest{Run: started().Run, Versions: started().Versions},
		LineageOptions{Producer: "https://example.org", JobNamespace: "n", DatasetNamespace: "file"}, EventStart)
}

// started is what is known before anything was read.
func started() *Manifest {
	m := example()
	return &Manifest{Version: m.Version, Run: m.Run, Versions: m.Versions}
}

func TestCompleteEventCarriesEverything(t *testing.T) {
	e := lineage(t, example(), exampleOptions(), EventComplete)
	for want, got := range map[string]any{
		RunID("retail-customers", "2026-05-01T02:00:00Z", "1"): at(t, e, "run", "runId"),
		"2026-05-01T02:00:00Z":                                 at(t, e, "run", "facets", "nominalTime", "nominalStartTime"),
		RunID("parent"):                                        at(t, e, "run", "facets", "parent", "run", "runId"),
		"team:crm":                                             at(t, e, "job", "facets", "ownership", "owners", 0, "name"),
		"extracts/webshop/*.jsonl.gz":                          at(t, e, "inputs", 1, "name"),
		"4025":                                                 fmt.Sprint(at(t, e, "inputs", 1, "inputFacets", "inputStatistics", "rowCount")),
		"450520":                                               fmt.Sprint(at(t, e, "inputs", 1, "inputFacets", "inputStatistics", "size")),
		"900":                                                  fmt.Sprint(at(t, e, "inputs", 0, "inputFacets", "dataQualityMetrics", "columnMetrics", "mail", "nullCount")),
		"snapshots/email_marketing/profiles":                   at(t, e, "outputs", 0, "name"),
		"2950":                                                 fmt.Sprint(at(t, e, "outputs", 0, "outputFacets", "outputStatistics", "rowCount")),
		"marketing.communications":                             at(t, e, "outputs", 0, "facets", "tags", "tags", 0, "value"),
		"JOIN":                                                 at(t, e, "outputs", 0, "facets", "columnLineage", "fields", "email", "inputFields", 1, "transformations", 0, "subtype"),
		"true":                                                 fmt.Sprint(at(t, e, "outputs", 0, "facets", "columnLineage", "fields", "profile_id", "inputFields", 0, "transformations", 0, "masking")),
		"row accounting":                                       at(t, e, "outputs", 1, "facets", "dataQualityAssertions", "assertions", 0, "assertion"),
	} {
		if got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	if outputs := at(t, e, "outputs").([]any); len(outputs) != 3 {
		t.Errorf("%d output datasets, want 3: the two parts of one table are one", len(outputs))
	}
}

// A channel whose columns only decided what may be shown, and one that fed
// nothing, have no edge to the output.
func TestJobLineageHasOnlyEdgesThatFlowed(t *testing.T) {
	e := lineage(t, example(), exampleOptions(), EventComplete)
	inputs := at(t, e, "job", "facets", "lineage", "lineage", 0, "inputs").([]any)
	var names []string
	for i := range inputs {
		names = append(names, at(t, inputs, i, "name").(string))
	}
	if got := strings.Join(names, " "); got != "extracts/crm/*.csv extracts/webshop/*.jsonl.gz" {
		t.Errorf("edges from %s", got)
	}
}

func TestErrorsOfRunsThatFailed(t *testing.T) {
	m := example()
	m.Run.Error = "object \"a\": truncated"
	if got := at(t, lineage(t, m, exampleOptions(), EventFail), "run", "facets", "errorMessage", "message"); got != m.Run.Error {
		t.Errorf("got message %v", got)
	}
	if facets := at(t, lineage(t, m, exampleOptions(), EventComplete), "run", "facets").(map[string]any); facets["errorMessage"] != nil {
		t.Error("a complete run has an error message")
	}
}

// An event that would be too large loses its lineage by column, says so, and
// stays valid; one that is still too large is an error.
func TestLargeEventsAreCutToSize(t *testing.T) {
	m := example()
	c := &m.Outputs[0].Columns[1]
	for i := range 25_000 {
		c.From = append(c.From, Source{"crm", fmt.Sprintf("column_%06d", i), MatchKey, false})
	}
	e := lineage(t, m, exampleOptions(), EventComplete)
	if facets := at(t, e, "outputs", 0, "facets").(map[string]any); facets["columnLineage"] != nil {
		t.Error("lineage by column is still there")
	}
	parameters := at(t, e, "run", "facets", "executionParameters", "parameters").([]any)
	if at(t, parameters, len(parameters)-1, "key") != "concord.omitted" {
		t.Error("the event does not say what it left out")
	}
	for i := range 40_000 {
		m.Channels[0].Columns = append(m.Channels[0].Columns, Column{Name: fmt.Sprintf("column_%0100d", i), Attribute: "custom_x"})
	}
	if _, err := LineageEvent(m, exampleOptions(), EventComplete, eventAt); err == nil {
		t.Error("an event over the limit is no error")
	}
}

func TestEventNeedsNames(t *testing.T) {
	if _, err := LineageEvent(example(), LineageOptions{Producer: "https://example.org"}, EventStart, eventAt); err == nil {
		t.Error("no error without namespaces")
	}
}

func TestSchemaRefusesWhatTheSpecificationDoes(t *testing.T) {
	for name, change := range map[string]func(e map[string]any){
		"no run id":    func(e map[string]any) { delete(e["run"].(map[string]any), "runId") },
		"no such type": func(e map[string]any) { e["eventType"] = "DONE" },
		"no time":      func(e map[string]any) { e["eventTime"] = "yesterday" },
		"bare facet": func(e map[string]any) {
			e["run"].(map[string]any)["facets"].(map[string]any)["nominalTime"] = map[string]any{}
		},
		"unknown facet": func(e map[string]any) {
			e["job"].(map[string]any)["facets"].(map[string]any)["colour"] = map[string]any{}
		},
	} {
		e := lineage(t, example(), exampleOptions(), EventComplete)
		change(e)
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if schema(t).Validate(doc) == nil {
			t.Errorf("%s: the schema accepts it", name)
		}
	}
}
