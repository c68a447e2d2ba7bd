package pipeline_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"concord/schemas/table"
	"concord/transforms/snapshot"
)

const formatsJob = `job: formats
store: .
output: out
controller: Northwind
consent: {policy: eu-gdpr}
gates: {quarantine: 100%}
channels:
  crm: {read: crm.csv, key: id, fields: {first: given_name, email: email, country: country}}
  preferences: {kind: consent, read: "feed.*"}
snapshots:
  count: {purpose: analytics.reporting}
`

// formatsFeed is a feed by column; the last holds lists.
var formatsFeed = [][]string{
	{"subject_kind", "subject_value", "purpose", "state", "event_time", "data_categories"},
	{"email", "ann@one.alt", "analytics.reporting", "given", "2026-02-01", ""},
	{"email", "ann@one.alt", "analytics.reporting", "objected", "2026-03-01", "user.name;user.behavior.purchase_history"},
	{"email", "bob@two.alt", "analytics.reporting", "given", "2026-02-01T10:00:00Z", "user.contact"},
}

func feedCSV() string {
	var lines []string
	for _, row := range formatsFeed {
		lines = append(lines, strings.Join(row, ","))
	}
	return strings.Join(lines, "\n") + "\n"
}

func feedJSON(t *testing.T) string {
	var b strings.Builder
	for _, row := range formatsFeed[1:] {
		object := map[string]any{}
		for i, column := range formatsFeed[0][:5] {
			object[column] = row[i]
		}
		if row[5] != "" {
			object["data_categories"] = strings.Split(row[5], ";")
		}
		line, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", line)
	}
	return b.String()
}

func feedParquet(t *testing.T) string {
	var fields []arrow.Field
	for _, column := range formatsFeed[0][:5] {
		fields = append(fields, arrow.Field{Name: column, Type: table.Text, Nullable: true})
	}
	fields = append(fields, arrow.Field{Name: formatsFeed[0][5], Type: table.Texts, Nullable: true})
	about := arrow.NewMetadata([]string{table.MetaTable, table.MetaSortedBy}, []string{"feed", "subject_value"})
	var b bytes.Buffer
	w, err := snapshot.NewWriter(&b, arrow.NewSchema(fields, &about), snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows := w.Rows()
	for _, row := range formatsFeed[1:] {
		for i, text := range row[:5] {
			rows.Text(i, text)
		}
		if row[5] == "" {
			rows.Null(5)
		} else {
			rows.Texts(5, strings.Split(row[5], ";"))
		}
		if err := rows.End(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A feed says the same in every format, lists and all.
func TestFeedsInEveryFormat(t *testing.T) {
	want := ""
	for name, text := range map[string]string{"feed.csv": feedCSV(), "feed.jsonl": feedJSON(t), "feed.parquet": feedParquet(t)} {
		s := newSource(t, map[string]string{
			"job.yaml": formatsJob, "crm.csv": "id,first,email,country\n1,Ann,ann@one.alt,FR\n2,Bob,bob@two.alt,FR\n", name: text,
		})
		s.run()
		var events []string
		for _, row := range s.rows("consent_events", "") {
			for _, column := range []string{"anchor", "event_id", "object"} {
				delete(row, column) // keyed by each job's own secret, or the file's name
			}
			events = append(events, fmt.Sprint(row))
		}
		slices.Sort(events)
		got := strings.Join(events, "\n")
		if want == "" {
			want = got
		}
		if got != want || !strings.Contains(got, `["user.behavior.purchase_history","user.name"]`) || len(events) != 3 {
			t.Errorf("%s says\n%s\nanother format\n%s", name, got, want)
		}
	}
}

// A field that takes one word and holds several is read as none of them: the
// contact point is held.
func TestSeveralWordsInOneFieldHold(t *testing.T) {
	files := map[string]string{
		"job.yaml": strings.Replace(formatsJob, `read: "feed.*"}`, `read: "feed.*", fields: {subject_kind: subject_kind, subject_value: subject_value, purpose: purpose, "state[]": state, event_time: event_time}}`, 1),
		"crm.csv":  "id,first,email,country\n1,Ann,ann@one.alt,FR\n2,Bob,bob@two.alt,FR\n",
	}
	for states, want := range map[string]int{`["given"]`: 2, `["given","withdrawn"]`: 1, `["given","given"]`: 1} {
		mine := maps.Clone(files)
		mine["feed.jsonl"] = `{"subject_kind":"email","subject_value":"ann@one.alt","purpose":"analytics.reporting","state":` + states + `,"event_time":"2026-02-01"}` + "\n" +
			`{"subject_kind":"email","subject_value":"bob@two.alt","purpose":"analytics.reporting","state":["given"],"event_time":"2026-02-01"}` + "\n"
		s := newSource(t, mine)
		s.run()
		if got := len(s.column("profiles", "count", "country")); got != want {
			t.Errorf("Ann said %s: %d people are counted, want %d", states, got, want)
		}
	}
}
