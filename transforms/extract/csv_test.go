package extract

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
)

func TestCSVDialects(t *testing.T) {
	people := []string{"1: 1|Ana|Lyon", "2: 2|Bo|Oslo", "3: 3|∅|Rome"}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"comma", "id,name,city\n1,Ana,Lyon\n2,Bo,Oslo\n3,,Rome\n", people},
		{"semicolon", "id;name;city\n1;Ana;Lyon\n2;Bo;Oslo\n3;;Rome\n", people},
		{"tab", "id\tname\tcity\n1\tAna\tLyon\n2\tBo\tOslo\n3\t\tRome\n", people},
		{"pipe", "id|name|city\n1|Ana|Lyon\n2|Bo|Oslo\n3||Rome\n", people},
		{"crlf", "id,name,city\r\n1,Ana,Lyon\r\n2,Bo,Oslo\r\n3,,Rome\r\n", people},
		{"lone carriage returns", "id,name,city\r1,Ana,Lyon\r2,Bo,Oslo\r3,,Rome\r", people},
		{"no newline at the end", "id,name,city\n1,Ana,Lyon\n2,Bo,Oslo\n3,,Rome", people},
		{"byte order mark", "\ufeffid,name,city\n1,Ana,Lyon\n2,Bo,Oslo\n3,,Rome\n", people},
		{"all quoted", "\"id\",\"name\",\"city\"\n\"1\",\"Ana\",\"Lyon\"\n\"2\",\"Bo\",\"Oslo\"\n\"3\",\"\",\"Rome\"\n", people},
		{"single quotes", "'id','name','city'\n'1','Ana','Lyon'\n'2','Bo','Oslo'\n'3','','Rome'\n", people},
		{"announced delimiter", "sep=;\r\nid;name;city\r\n1;Ana;Lyon\r\n2;Bo;Oslo\r\n3;;Rome\r\n", people},
		{"blank lines", "\nid,name,city\n\n1,Ana,Lyon\r\n\r\n2,Bo,Oslo\n\n3,,Rome\n\n", people},
		{"trailing empty fields", "id,name,city\n1,Ana,Lyon,\n2,Bo,Oslo,,\n3,,Rome,\n", people},
		{"quoted newline, delimiter and quotes", "id,name,city\n1,\"A,\n\"\"na\"\"\",x\n", []string{"1: 1|A,\n\"na\"|x"}},
		{"quoted crlf kept", "id,name\r\n1,\"a\r\nb\"\r\n", []string{"1: 1|a\r\nb"}},
		{"bare quote inside a field", "id,size\n1,5\" pipe\n", []string{"1: 1|5\" pipe"}},
		{"backslash escapes", "id,say\n1,\"a \\\"b\\\" c\"\n2,\"\\\\\"\n", []string{"1: 1|a \"b\" c", "2: 2|\\"}},
		{"no quoting", "id\tnick\n1\t\"Bob\" Smith\n2\t\"x\n3\ty\n", []string{"1: 1|\"Bob\" Smith", "2: 2|\"x", "3: 3|y"}},
		{"empty names", "id,,city\n1,2,3\n", []string{"1: 1|2|3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := readAll(textSource(c.text), Dialect{}, Limits{})
			if got.err != nil {
				t.Fatal(got.err)
			}
			wantLines(t, "rows", got.rows, c.want...)
			wantLines(t, "bad rows", got.bad)
		})
	}
}

func TestCSVGivenDialect(t *testing.T) {
	text := "# made by hand\nx^1^'a^b'\ny^2^it\\'s\nz^3^\\N\n"
	got := readAll(textSource(text), Dialect{
		Format: CSV, Delimiter: '^', Quote: '\'', Escape: '\\', Header: NoHeader, Skip: 1, Columns: []string{"k", "n", "v"},
	}, Limits{}, "v", "k")
	wantLines(t, "rows", got.rows, "1: a^b|x", "2: it's|y", "3: ∅|z")
	wantLines(t, "columns", got.reader.Columns(), "k", "n", "v")
}

func TestCSVEncodings(t *testing.T) {
	utf16 := func(s string, big bool) string {
		var b strings.Builder
		for _, r := range s {
			if lo, hi := byte(r), byte(r>>8); big {
				b.Write([]byte{hi, lo})
			} else {
				b.Write([]byte{lo, hi})
			}
		}
		return b.String()
	}
	text := "id,name\n1,José\n2,Müller\n"
	for name, c := range map[string]struct{ text, encoding string }{
		"utf-8":               {text, "utf-8"},
		"windows-1252":        {"id,name\n1,Jos\xe9\n2,M\xfcller\n", "windows-1252"},
		"utf-16le with mark":  {"\xff\xfe" + utf16(text, false), "utf-16le"},
		"utf-16be with mark":  {"\xfe\xff" + utf16(text, true), "utf-16be"},
		"utf-16le, no mark":   {utf16(text, false), "utf-16le"},
		"utf-16be, no mark":   {utf16(text, true), "utf-16be"},
		"utf-8 with its mark": {"\xef\xbb\xbf" + text, "utf-8"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readAll(textSource(c.text), Dialect{}, Limits{}, "name", "id")
			if got.err != nil {
				t.Fatal(got.err)
			}
			wantLines(t, "rows", got.rows, "1: José|1", "2: Müller|2")
			if e := got.reader.Dialect().Encoding; e != c.encoding {
				t.Errorf("encoding %s, want %s", e, c.encoding)
			}
		})
	}
	got := readAll(textSource("id,name\n1,\xa3ukasz\n"), Dialect{Encoding: "ISO-8859-2"}, Limits{})
	wantLines(t, "iso-8859-2", got.rows, "1: 1|Łukasz")
	if got = readAll(textSource("a,b\n"), Dialect{Encoding: "utf-7"}, Limits{}); got.err == nil {
		t.Error("an unknown encoding is accepted")
	}
}

func TestCSVBadRows(t *testing.T) {
	d := Dialect{Format: CSV, Encoding: "utf-8", Delimiter: ',', Quote: '"', Escape: NoEscape, Header: HasHeader}
	for _, c := range []struct {
		name, text string
		rows, bad  []string
	}{
		{"ragged", "a,b\n1,2\n3\n4,5,6\n7,8\n", []string{"1: 1|2", "4: 7|8"}, []string{"2! too_few_fields", "3! too_many_fields"}},
		{"not utf-8", "a,b\n1,\xff\n2,é\n", []string{"2: 2|é"}, []string{"1! invalid_encoding"}},
		{"nul", "a,b\n1,x\x00y\n2,z\n", []string{"2: 2|z"}, []string{"1! nul_byte"}},
		{"text after a quote", "a,b\n1,\"x\"y\n2,z\n", []string{"2: 2|z"}, []string{"1! bad_quote"}},
		{"unterminated quote", "a,b\n1,\"x\n2,y\n3,z\n", []string{"2: 2|y", "3: 3|z"}, []string{"1! unterminated_quote"}},
		{"unterminated quote in the last row", "a,b\n1,x\n2,\"y", []string{"1: 1|x"}, []string{"2! unterminated_quote"}},
		{"stray quote pairs with a later one", "a,b\n1,\"x\n2,\"y\"\n3,z\n", []string{"2: 2|y", "3: 3|z"}, []string{"1! bad_quote"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := readAll(textSource(c.text), d, Limits{})
			if got.err != nil {
				t.Fatal(got.err)
			}
			wantLines(t, "rows", got.rows, c.rows...)
			wantLines(t, "bad rows", got.bad, c.bad...)
		})
	}
	got := readAll(textSource("a,b\n1,2\n3\r\n"), d, Limits{})
	wantLines(t, "raw", got.raw, "3")
}

func TestCSVLongRows(t *testing.T) {
	d := Dialect{Format: CSV, Encoding: "utf-8", Delimiter: ',', Quote: '"', Escape: NoEscape, Header: HasHeader}
	lim := Limits{RowBytes: 64, RawBytes: 8}
	long := strings.Repeat("x", 3*windowBytes)
	for _, c := range []struct {
		name, text string
		rows, bad  []string
	}{
		{"line", "a,b\n1," + long + "\n2,y\n", []string{"2: 2|y"}, []string{"1! row_too_long"}},
		{"last line", "a,b\n1,x\n2," + long, []string{"1: 1|x"}, []string{"2! row_too_long"}},
		{"quoted line", "a,b\n1,\"" + long + "\"\n2,y\n", []string{"2: 2|y"}, []string{"1! row_too_long"}},
		{"quoted lines", "a,b\n1,\"x\n" + strings.Repeat("y,z\n", windowBytes), nil, nil},
		{"a little too long", "a,b\n1," + long[:80] + "\n2,y\n", []string{"2: 2|y"}, []string{"1! row_too_long"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := readAll(textSource(c.text), d, lim)
			if got.err != nil {
				t.Fatal(got.err)
			}
			if c.name == "quoted lines" {
				if len(got.rows) != windowBytes || len(got.bad) != 1 || got.bad[0] != "1! unterminated_quote" {
					t.Errorf("%d rows, bad %v", len(got.rows), got.bad)
				}
				return
			}
			wantLines(t, "rows", got.rows, c.rows...)
			wantLines(t, "bad rows", got.bad, c.bad...)
			if len(got.raw[0]) > lim.RawBytes {
				t.Errorf("%d raw bytes kept", len(got.raw[0]))
			}
		})
	}
}

// Every line of this file leaves a quote open that the next line closes and
// opens again: read naively, each of its rows is the rest of the file.
func TestCSVUnbalancedQuotesCostLinearTime(t *testing.T) {
	d := Dialect{Format: CSV, Encoding: "utf-8", Delimiter: ',', Quote: '"', Escape: NoEscape, Header: NoHeader, Columns: []string{"a", "b"}}
	got := readAll(textSource(strings.Repeat("a\"\"\",\"\n", 200_000)), d, Limits{RowBytes: 1 << 16})
	wantFileError(t, got.err, FileUnbalancedQuotes)
}

func TestCSVFiles(t *testing.T) {
	for _, c := range []struct {
		name, text, code string
		want             []string
	}{
		{"duplicate names", "id,name,name\n1,a,b\n", FileDuplicateColumn, nil},
		{"missing column", "id,email\n1,a@b.c\n", FileMissingColumn, []string{"emial"}},
		{"wrong delimiter", "id,email\n1,a@b.c\n", FileMissingColumn, []string{"id"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var d Dialect
			if c.name == "wrong delimiter" {
				d.Delimiter = ';'
			}
			bad := wantFileError(t, readAll(textSource(c.text), d, Limits{}, c.want...).err, c.code)
			if c.name == "missing column" && (bad.Nearest != "email" || !strings.Contains(bad.Error(), `"email"`)) {
				t.Errorf("%v does not name the nearest column", bad)
			}
		})
	}
	got := readAll(textSource("id,name\n1,a\n"), Dialect{Sparse: true}, Limits{}, "name", "phone")
	wantLines(t, "sparse", got.rows, "1: a|∅")
}

func TestCSVEmpty(t *testing.T) {
	for name, text := range map[string]string{"no bytes": "", "header alone": "id,name\n", "mark alone": "\ufeff", "blank lines": "\n\n"} {
		t.Run(name, func(t *testing.T) {
			got := readAll(textSource(text), Dialect{}, Limits{})
			if got.err != nil || len(got.rows)+len(got.bad) != 0 || !got.reader.Empty() {
				t.Errorf("rows %v, bad %v, error %v, empty %v", got.rows, got.bad, got.err, got.reader != nil && got.reader.Empty())
			}
		})
	}
	if r := readAll(textSource("id,name\n1,a\n"), Dialect{}, Limits{}).reader; r.Empty() || r.Rows() != 1 {
		t.Errorf("a file of one row: empty %v, %d rows", r.Empty(), r.Rows())
	}
}

// One row with an unterminated quote costs that row, not the dialect: the
// commas inside the quotes of all other rows stay where they are.
func TestOneDamagedRowDoesNotSwitchQuotingOff(t *testing.T) {
	text := "id,name\n"
	for i := range 200 {
		if i == 100 {
			text += "100,\"never closed\n"
			continue
		}
		text += strconv.Itoa(i) + ",\"Cruz, Ana\"\n"
	}
	r, err := Open(textSource(text), Dialect{}, Limits{}, []string{"id", "name"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	accepted, bad := 0, 0
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		accepted += len(b.Row)
		bad += len(b.Bad)
	}
	if accepted != 199 || bad != 1 {
		t.Errorf("%d rows accepted and %d quarantined, want 199 and 1", accepted, bad)
	}
}
