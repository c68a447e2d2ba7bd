package snapshot

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"concord/schemas/table"
)

func decisions(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, table.Decisions(), aboutFile)
	if err != nil {
		t.Fatal(err)
	}
	rows := w.Rows()
	for _, r := range []struct {
		id, decision string
		previous     []string
		records      int64
		reason       string
	}{{"g1", "new", nil, 1, ""}, {"g2", "merge", []string{"a", `b"c`}, 3, "two, \"quoted\"\nlines"}} {
		rows.Text(0, r.id)
		rows.Text(1, r.decision)
		rows.Texts(2, r.previous)
		rows.Int(3, r.records)
		rows.TextOrNull(4, r.reason)
		if err := rows.End(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func export(t testing.TB, format string, columns []string, files ...[]byte) string {
	t.Helper()
	var out bytes.Buffer
	e, err := NewExporter(&out, format)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range files {
		r, err := Open(bytes.NewReader(data), int64(len(data)), "part", columns)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Table(r); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func TestExportCSV(t *testing.T) {
	data := decisions(t)
	want := "golden_id,decision,previous_ids,records,reason\n" +
		"g1,new,[],1,\n" +
		`g2,merge,"[""a"",""b\""c""]",3,"two, ""quoted""` + "\nlines\"\n"
	if got := export(t, "csv", nil, data); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := export(t, "csv", []string{"records"}, data, data); got != "records\n1\n3\n1\n3\n" {
		t.Errorf("one column of two files: got %q", got)
	}
}

func TestExportJSONL(t *testing.T) {
	want := `{"golden_id":"g1","decision":"new","previous_ids":[],"records":1,"reason":null}` + "\n" +
		`{"golden_id":"g2","decision":"merge","previous_ids":["a","b\"c"],"records":3,"reason":"two, \"quoted\"\nlines"}` + "\n"
	if got := export(t, "jsonl", nil, decisions(t)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Every row of every table comes out once, in both formats, readable.
func TestExportLosesNoRow(t *testing.T) {
	for _, s := range publishedTables() {
		rapid.Check(t, func(rt *rapid.T) {
			n, draw := drawn(rt)
			data, _ := write(t, s, aboutFile, n, draw)
			records, err := csv.NewReader(strings.NewReader(export(t, "csv", nil, data))).ReadAll()
			if err != nil || len(records) != n+1 {
				rt.Fatalf("%s: csv of %d rows: %d records, %v", table.Meta(s, table.MetaTable), n, len(records), err)
			}
			d := json.NewDecoder(strings.NewReader(export(t, "jsonl", nil, data)))
			rows := 0
			for ; ; rows++ {
				var row map[string]any
				if err := d.Decode(&row); err == io.EOF {
					break
				} else if err != nil || len(row) != s.NumFields() {
					rt.Fatalf("jsonl row %d: %d fields, %v", rows, len(row), err)
				}
			}
			if rows != n {
				rt.Fatalf("jsonl: %d rows, want %d", rows, n)
			}
		})
	}
}

func TestExportRefuses(t *testing.T) {
	if _, err := NewExporter(io.Discard, "xml"); err == nil || !strings.Contains(err.Error(), "there are csv, jsonl") {
		t.Errorf("got %v", err)
	}
	data := decisions(t)
	if _, err := Open(bytes.NewReader(data), int64(len(data)), "part", []string{"nothing"}); err == nil || !strings.Contains(err.Error(), `part: no column "nothing"`) {
		t.Errorf("got %v", err)
	}
}

// A file cut short anywhere gives an error that names it, never a panic.
func TestOpenRefusesCutFiles(t *testing.T) {
	data := decisions(t)
	for n := range data {
		if r, err := Open(bytes.NewReader(data[:n]), int64(n), "part", nil); err == nil {
			r.Close()
			t.Fatalf("%d of %d bytes opened without an error", n, len(data))
		} else if !strings.Contains(err.Error(), "part") {
			t.Fatalf("the error does not name the file: %v", err)
		}
	}
}
