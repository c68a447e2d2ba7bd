package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"concord/jobs/engine"
	"concord/schemas/job"
	"concord/schemas/table"
)

// others reads the files and gives what rows say that are no records, a line
// each.
func others(t *testing.T, channels string, files extracts) []string {
	t.Helper()
	j, err := job.Parse("job.yaml", []byte(jobHead+channels))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	var mu sync.Mutex
	_, err = Read(context.Background(), j, files, engine.Local{Count: 2}, Options{
		ReferenceYear: 2026,
		Versions: func(_ int, records *table.Records, x *Texts) error {
			mu.Lock()
			defer mu.Unlock()
			held := shown(x.Rows)
			for row := range uint32(x.Len()) {
				object, number := x.Place(row)
				record := "none"
				if x.Record[row] != NoRecord {
					record = records.RecordKey(x.Record[row])
				}
				lines = append(lines, fmt.Sprintf("%s:%d %s of %s aside=%v said %q holds %s", object, number, x.Rows.RecordKey(row), record, x.SetAside[row],
					x.Text(slices.Index(x.Names, "news"), row), held[x.Rows.RecordKey(row)]))
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

// Rows that are no records come with what they say and hold, and with the
// record that their key has; those that say nothing do not come.
func TestRowsThatAreNoRecordsAreGivenOn(t *testing.T) {
	const channels = "  a: {read: \"a*.csv\", source: s, key: id, event_time: at, fields: {mail: email, street: street_address, city: city}, consent: {news: {purpose: marketing.communications.email}}}\n" +
		"  b: {read: b.csv, source: s, key: id, event_time: at, fields: {city: city}}\n"
	got := others(t, channels, extracts{
		"a1.csv": "id,at,mail,street,city,news\n1,2026-01-01,old@one.alt,1 High St,Hull,no\n1,2026-02-01,new@one.alt,,Leeds,\n2,2026-01-01,two@two.alt,,York,yes\n",
		"a2.csv": "id,at,mail,street,city,news\n,2026-01-01,x@three.alt,,,no\n,2026-01-01,y@three.alt,,,\n4,soon,four@four.alt,,,no\n1,2025-01-01,old@one.alt,,,\n",
		"b.csv":  "id,at,city\n2,2026-03-01,Bath\n",
	})
	want := []string{
		`a1.csv:1 1 of 1 aside=false said "no" holds email=old@one.alt house_number=1 street=High St city=Hull`,
		`a1.csv:3 2 of 2 aside=false said "yes" holds email=two@two.alt city=York`,
		`a2.csv:1  of none aside=true said "no" holds email=x@three.alt`,
		`a2.csv:3 4 of none aside=true said "no" holds email=four@four.alt`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// More rows than are gathered at a time all come, each once.
func TestManyVersionsAllCome(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,at,mail,news\n")
	n := 2*versionsChunk + 7
	for i := range n + 1 {
		fmt.Fprintf(&b, "1,2026-01-01T00:00:00.%06dZ,p%d@one.alt,no\n", i, i)
	}
	got := others(t, "  a: {read: a.csv, key: id, event_time: at, fields: {mail: email}, consent: {news: {purpose: marketing.communications.email}}}\n", extracts{"a.csv": b.String()})
	if len(got) != n || len(slices.Compact(got)) != n {
		t.Errorf("%d rows came, want %d", len(got), n)
	}
}
