package extract

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// readCSV reads text as plain comma-separated rows of the given width.
func readCSV(t testing.TB, text []byte, d Dialect, lim Limits) (records [][]string, numbers map[int64]int, total int64, err error) {
	t.Helper()
	r, err := Open(Source{Body: bytes.NewReader(text)}, d, lim, nil)
	if err != nil {
		return nil, nil, 0, err
	}
	defer r.Close()
	numbers = make(map[int64]int)
	for {
		b, err := r.Next()
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return records, numbers, r.Rows(), err
		}
		for i, row := range b.Row {
			numbers[row]++
			record := make([]string, b.Records.NumCols())
			for c := range record {
				if record[c] = cellText(b, c, i); record[c] == "∅" {
					record[c] = ""
				}
			}
			records = append(records, record)
		}
		for _, bad := range b.Bad {
			numbers[bad.Row]++
			if bad.Code == "" {
				t.Fatal("a bad row without a code")
			}
		}
	}
}

// FuzzCSV: nothing panics; every row number from 1 to the count is delivered
// exactly once, accepted or bad; and where encoding/csv can read all of the
// text, so can we, and the fields are the same.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "\"a\"\"b\",c\r\n\"x\ny\",\n", "a\n\n\nb", "\"", "a\"b,c", "\"a\"b,c\nd", ",\n,\n", "\r\n\r", "a,b\r", "\xff,\x00\n", "é,ü\n",
		"a\"\"\",\"\na\"\"\",\"\n", "\ufeffa,b\n", "\"\"\n\"\"",
	} {
		f.Add([]byte(s), byte(2), byte(0))
		f.Add([]byte(s), byte(2), byte(12))
	}
	f.Fuzz(func(t *testing.T, text []byte, width, limit byte) {
		if width == 0 || width > 20 {
			return
		}
		lim := Limits{RowBytes: int(limit), BatchRows: 3}
		d := Dialect{Format: CSV, Encoding: utf8Name, Delimiter: ',', Quote: '"', Escape: NoEscape, Newline: '\n',
			Header: NoHeader, Columns: columnNames(make([]string, width))}
		records, numbers, total, err := readCSV(t, text, d, lim)
		var bad *FileError
		if err != nil && !errors.As(err, &bad) {
			t.Fatalf("%v is no file error", err)
		}
		for row := int64(1); err == nil && row <= total; row++ {
			if numbers[row] != 1 {
				t.Fatalf("row %d is delivered %d times", row, numbers[row])
			}
		}
		if err == nil && int64(len(numbers)) != total {
			t.Fatalf("%d row numbers for %d rows", len(numbers), total)
		}
		want, plain := encodingCSV(text, int(width))
		if err != nil || limit != 0 || !plain {
			return
		}
		if len(records) != len(want) {
			t.Fatalf("%d records, encoding/csv reads %d", len(records), len(want))
		}
		for i := range want {
			for j := range want[i] {
				if got := strings.ReplaceAll(records[i][j], "\r\n", "\n"); got != want[i][j] {
					t.Fatalf("record %d field %d: %q, encoding/csv reads %q", i, j, got, want[i][j])
				}
			}
		}
	})
}

// encodingCSV is what the standard library makes of text; plain tells that it
// read all of it and that nothing in it is read differently on purpose.
func encodingCSV(text []byte, width int) (records [][]string, plain bool) {
	if bytes.ContainsAny(text, "\x00\ufeff\uFFFD∅") {
		return nil, false
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = width
	records, err := r.ReadAll()
	return records, err == nil
}

// FuzzJSON: nothing panics; each line that is not blank is delivered exactly
// once; a line is accepted only if encoding/json accepts it too, and then the
// string found is the same.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"a":"x"}`, `{"a":"\u00e9\n","b":[1,{"c":null}]}`, `{"a":1e5}`, `{"a":-0.10}`, `{"a":["x"]}`, `{"a":"\ud83d\ude00"}`, `[`, `{`, `nul`, `{"a":"\`, `{"\u0061":"y"}`,
		"{\"a\":\"x\"}\n\n{\"a\":2}\r\n17", `{"a":"x","a":"y"}`, `{"b":"\q"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if s := bytes.TrimLeft(text, " \t\r\n"); len(s) == 0 || s[0] == '[' || bytes.Contains(text, replacement) || bytes.HasPrefix(text, []byte(boms[0].mark)) {
			return
		}
		w := newWindow(bytes.NewReader(text), 1<<20, false)
		if err := w.more(); err != nil {
			t.Fatal(err)
		}
		root := newPathNode("")
		root.add("a", 0)
		r := newJSONRows(w, &lineFramer{w: w}, root, []string{"a"}, Limits{}.withDefaults())
		r.sparse = true
		b := newBuilder([]string{"a"}, []bool{false}, Limits{}.withDefaults())
		if err := r.fill(b); err != nil {
			t.Fatal(err)
		}
		var lines [][]byte
		for line := range bytes.SplitSeq(text, []byte{'\n'}) {
			if line = bytes.TrimSpace(line); len(line) > 0 {
				lines = append(lines, line)
			}
		}
		batch := b.batch()
		if len(lines) != len(batch.Row)+len(batch.Bad) {
			t.Fatalf("%d lines, %d accepted, %d bad", len(lines), len(batch.Row), len(batch.Bad))
		}
		for i, row := range batch.Row {
			var object map[string]any
			if err := json.Unmarshal(lines[row-1], &object); err != nil {
				t.Fatalf("line %d is accepted, encoding/json says %v", row, err)
			}
			if s, ok := object["a"].(string); ok && cellText(batch, 0, i) != s {
				t.Fatalf("line %d: %q, encoding/json reads %q", row, cellText(batch, 0, i), s)
			}
		}
		for _, bad := range batch.Bad {
			var object map[string]any
			if bad.Code == RowBadJSON && json.Unmarshal(lines[bad.Row-1], &object) == nil && !bytes.Contains(lines[bad.Row-1], []byte(`\u`)) {
				t.Fatalf("line %d is %s, encoding/json reads it", bad.Row, bad.Code)
			}
		}
	})
}

// FuzzSniff: any bytes, compressed or not, give a dialect that Open can use or
// a file error; and Open never panics over them.
func FuzzSniff(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "{\"a\":1}", "[{}]", "\x1f\x8b\x08", "\x28\xb5\x2f\xfd", "PAR1", "\xff\xfea\x00", "sep=;\na;b\n", "'a','b'\n", "", "a\rb\rc", "{\n\"a\":[1,[2]]}\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		d, _, err := Sniff(content, int64(len(content)))
		var bad *FileError
		if err != nil {
			if !errors.As(err, &bad) {
				t.Fatalf("%v is no file error", err)
			}
			return
		}
		r, err := Open(bytesSource(content), d, Limits{RowBytes: 1 << 12}, nil)
		if err == nil {
			err = errors.Join(drain(r).err, r.Close())
		}
		if err != nil && !errors.As(err, &bad) {
			t.Fatalf("%v is no file error", err)
		}
	})
}

// Whatever rows are written in whatever dialect, the same rows are read back,
// the dialect given or (where the rows leave no doubt) not.
func TestCSVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		delimiter := rapid.SampledFrom(delimiters).Draw(t, "delimiter")
		quote := rapid.SampledFrom([]byte{'"', '\''}).Draw(t, "quote")
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
		width := rapid.IntRange(1, 6).Draw(t, "width")
		cell := rapid.StringOfN(rapid.SampledFrom([]rune("ab é\"',;|\t\n\\0")), 0, 6, -1)
		rows := rapid.SliceOf(rapid.SliceOfN(cell, width, width)).Draw(t, "rows")
		var text strings.Builder
		for _, row := range rows {
			for i, c := range row {
				if i > 0 {
					text.WriteByte(delimiter)
				}
				q := string(rune(quote))
				text.WriteString(q + strings.ReplaceAll(c, q, q+q) + q)
			}
			text.WriteString(end)
		}
		d := Dialect{Format: CSV, Encoding: utf8Name, Delimiter: delimiter, Quote: quote, Escape: NoEscape,
			Header: NoHeader, Columns: columnNames(make([]string, width))}
		r, err := Open(Source{Body: strings.NewReader(text.String())}, d, Limits{BatchRows: 2}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := drain(r)
		if got.err != nil || len(got.bad) > 0 || len(got.rows) != len(rows) {
			t.Fatalf("%d of %d rows, bad %v, error %v", len(got.rows), len(rows), got.bad, got.err)
		}
		for i, row := range rows {
			for j := range row {
				if row[j] == "" {
					row[j] = "∅"
				}
			}
			if _, text, _ := strings.Cut(got.rows[i], ": "); text != strings.Join(row, "|") {
				t.Fatalf("row %d: %q, want %q", i, text, strings.Join(row, "|"))
			}
		}
	})
}

// Objects that encoding/json writes are read back value for value, one a line
// or in one array.
func TestJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type row struct {
			Name *string  `json:"name"`
			Tags []string `json:"tags"`
			N    int64    `json:"n"`
		}
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab é\"\\/\n\t<😀")))
		rows := rapid.SliceOf(rapid.Custom(func(t *rapid.T) row {
			return row{rapid.Ptr(text, true).Draw(t, "name"), rapid.SliceOf(text).Draw(t, "tags"), rapid.Int64().Draw(t, "n")}
		})).Draw(t, "rows")
		var content bytes.Buffer
		enc := json.NewEncoder(&content)
		if rapid.Bool().Draw(t, "array") {
			if rows == nil {
				rows = []row{}
			}
			if err := enc.Encode(rows); err != nil {
				t.Fatal(err)
			}
		} else {
			for _, r := range rows {
				if err := enc.Encode(r); err != nil {
					t.Fatal(err)
				}
			}
		}
		got := readAll(Source{Body: &content}, Dialect{Format: JSONL}, Limits{BatchRows: 2}, "tags[]", "name", "n")
		if got.err != nil || len(got.bad) > 0 || len(got.rows) != len(rows) {
			t.Fatalf("%d of %d rows, bad %v, error %v", len(got.rows), len(rows), got.bad, got.err)
		}
		for i, r := range rows {
			name, n := "∅", string(mustJSON(r.N))
			if r.Name != nil {
				name = *r.Name
			}
			if want := "[" + strings.Join(r.Tags, " ") + "]|" + name + "|" + n; !strings.HasSuffix(got.rows[i], ": "+want) {
				t.Fatalf("row %d: %q, want %q", i, got.rows[i], want)
			}
		}
	})
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
