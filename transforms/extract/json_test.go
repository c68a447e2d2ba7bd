package extract

import (
	"fmt"
	"strings"
	"testing"
)

func TestJSONLines(t *testing.T) {
	got := readAll(textSource(`
{"id":1,"name":{"first":"Ana","last":"Díaz"},"emails":["a@x.fr","b@x.fr"],"vip":true,"addresses":[{"city":"Lyon","zip":"69001"},{"city":"Paris"}]}

{"emails":[],"id":2.50,"name":null,"addresses":null}
{"id":"three","name":{"last":"\u0141ukasz \ud83d\ude00\n"},"emails":[null,"c"],"vip":false}
{"id":4,"emails":"single","addresses":{"zip":"9"},"unknown":{"x":[1,{"y":2}]}}
`), Dialect{}, Limits{}, "id", "name.first", "name.last", "emails[]", "vip", "addresses[].city", "addresses[].zip")
	if got.err != nil {
		t.Fatal(got.err)
	}
	wantLines(t, "rows", got.rows,
		"1: 1|Ana|Díaz|[a@x.fr b@x.fr]|true|[Lyon Paris]|[69001 ∅]",
		"2: 2.5|∅|∅|[]|∅|∅|∅",
		"3: three|∅|Łukasz 😀\n|[∅ c]|false|∅|∅",
		"4: 4|∅|∅|[single]|∅|[∅]|[9]")
	wantLines(t, "columns", got.reader.Columns(),
		"id", "name.first", "name.last", "emails[]", "vip", "addresses[].city", "addresses[].zip", "unknown.x[]", "unknown.x[].y")
}

func TestJSONShapesOfFile(t *testing.T) {
	want := []string{"1: 1|a", "2: 2|b"}
	for name, text := range map[string]string{
		"lines":              "{\"id\":1,\"n\":\"a\"}\n{\"id\":2,\"n\":\"b\"}\n",
		"crlf":               "{\"id\":1,\"n\":\"a\"}\r\n{\"id\":2,\"n\":\"b\"}\r\n",
		"no last newline":    "{\"id\":1,\"n\":\"a\"}\n{\"id\":2,\"n\":\"b\"}",
		"one array":          `[{"id":1,"n":"a"},{"id":2,"n":"b"}]`,
		"array over lines":   "[\n  {\"id\": 1,\n \"n\": \"a\"},\n  {\"id\": 2, \"n\": \"b\"}\n]\n",
		"objects over lines": "{\n \"id\": 1,\n \"n\": \"a\"\n}\n{\n \"id\": 2, \"n\": \"b\"}\n",
		"byte order mark":    "\ufeff{\"id\":1,\"n\":\"a\"}\n{\"id\":2,\"n\":\"b\"}\n",
		"empty array first":  " [ {\"id\":1,\"n\":\"a\"} , {\"id\":2,\"n\":\"b\"} ] ",
	} {
		t.Run(name, func(t *testing.T) {
			got := readAll(textSource(text), Dialect{}, Limits{})
			if got.err != nil {
				t.Fatal(got.err)
			}
			wantLines(t, "rows", got.rows, want...)
			wantLines(t, "bad rows", got.bad)
		})
	}
}

func TestJSONBadRows(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 70) + "1" + strings.Repeat("}", 70)
	for _, c := range []struct{ name, line, bad string }{
		{"cut", `{"id":1,"n":"a"`, "bad_json"},
		{"single quotes", `{'id':1}`, "bad_json"},
		{"trailing comma", `{"id":1,}`, "bad_json"},
		{"two values", `{"id":1} {"id":2}`, "bad_json"},
		{"leading zero", `{"id":01}`, "bad_json"},
		{"bare word", `{"id":NaN}`, "bad_json"},
		{"unknown escape", `{"id":"\x"}`, "bad_json"},
		{"unknown escape elsewhere", `{"other":"\x"}`, "bad_json"},
		{"half a surrogate pair", `{"id":"\ud800"}`, "bad_json"},
		{"tab in a string", "{\"id\":\"a\tb\"}", "bad_json"},
		{"csv line", `1,Ana`, "bad_json"},
		{"array", `[1,2]`, "not_an_object"},
		{"number", `17`, "not_an_object"},
		{"null", `null`, "not_an_object"},
		{"nested too deep", deep, "too_deep"},
		{"escaped nul", `{"id":"a\u0000"}`, "nul_byte"},
		{"nul", "{\"id\":\"a\x00\"}", "nul_byte"},
		{"not utf-8", "{\"id\":\"\xff\"}", "invalid_encoding"},
		{"key twice", `{"id":1,"id":2}`, "duplicate_key id"},
		{"object for a value", `{"id":{"x":1}}`, "wrong_shape id"},
		{"array for a value", `{"id":[1]}`, "wrong_shape id"},
		{"value for an object", `{"o":1}`, "wrong_shape o.p"},
		{"value in a list of objects", `{"l":[{"q":1},2]}`, "wrong_shape l[].q"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "{\"id\":0,\"o\":{\"p\":\"x\"},\"l\":[{\"q\":5}]}\n" + c.line + "\n{\"id\":9}\n"
			got := readAll(textSource(text), Dialect{Format: JSONL, Encoding: "utf-8"}, Limits{}, "id", "o.p", "l[].q")
			if got.err != nil {
				t.Fatal(got.err)
			}
			wantLines(t, "rows", got.rows, "1: 0|x|[5]", "3: 9|∅|∅")
			wantLines(t, "bad rows", got.bad, "2! "+c.bad)
			wantLines(t, "raw", got.raw, c.line)
		})
	}
}

func TestJSONArrayKeepsGoingAfterABadElement(t *testing.T) {
	got := readAll(textSource(`[{"id":1},{"id":},7,{"id":"a]}\""},{"id":4,}, {"id":5}]`), Dialect{}, Limits{}, "id")
	if got.err != nil {
		t.Fatal(got.err)
	}
	wantLines(t, "rows", got.rows, "1: 1", "4: a]}\"", "6: 5")
	wantLines(t, "bad rows", got.bad, "2! bad_json", "3! not_an_object", "5! bad_json")
}

func TestJSONLongRows(t *testing.T) {
	long := strings.Repeat("x", 3*windowBytes)
	lim := Limits{RowBytes: 100, RawBytes: 10}
	for name, text := range map[string]string{
		"lines": "{\"id\":1}\n{\"id\":\"" + long + "\"}\n{\"id\":3}\n",
		"array": "[{\"id\":1},{\"id\":\"" + long + "\"},{\"id\":3}]",
	} {
		got := readAll(textSource(text), Dialect{}, lim, "id")
		if got.err != nil {
			t.Fatal(name, got.err)
		}
		wantLines(t, name, got.rows, "1: 1", "3: 3")
		wantLines(t, name+" bad", got.bad, "2! row_too_long")
	}
}

func TestJSONFiles(t *testing.T) {
	for _, c := range []struct{ name, text, code string }{
		{"array without end", `[{"id":1},{"id":2}`, FileTruncated},
		{"array cut inside an element", `[{"id":1},{"id":`, FileTruncated},
		{"array followed by text", `[{"id":1}] {"id":2}`, FileCorrupt},
		{"no commas", `[{"id":1} {"id":2}]`, FileCorrupt},
		{"missing column", `{"idd":1}`, FileMissingColumn},
		{"missing in a list", `{"id":1,"id2":[{"x":1}]}`, FileMissingColumn},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := "id"
			if c.name == "missing in a list" {
				want = "id2[].y"
			}
			wantFileError(t, readAll(textSource(c.text), Dialect{}, Limits{}, want).err, c.code)
		})
	}
	for _, text := range []string{`{"a":null}`, `{"a":{"b":null}}`, `[]`, "{\"x\":1,\"a\":null}\n"} {
		if got := readAll(textSource(text), Dialect{Format: JSONL}, Limits{}, "a.b"); got.err != nil {
			t.Errorf("%s: %v", text, got.err)
		}
	}
	got := readAll(textSource(`{"id":1}`), Dialect{Sparse: true}, Limits{}, "id", "tags[]", "phone")
	wantLines(t, "sparse", got.rows, "1: 1|∅|∅")
	if got := readAll(textSource(`{"id":1}`), Dialect{}, Limits{}, "a]["); got.err == nil {
		t.Error("a malformed path is accepted")
	}
	got = readAll(textSource(`{"a.b":1,"c":{"d[]":2}}`), Dialect{}, Limits{})
	wantLines(t, "odd names", got.reader.Columns(), `a\.b`, `c.d\[\]`)
	wantLines(t, "odd names", got.rows, "1: 1|2")
}

func TestDecimal(t *testing.T) {
	for _, c := range [][2]string{
		{"0", "0"}, {"-0", "0"}, {"0.0", "0"}, {"-0.000e5", "0"}, {"7", "7"}, {"-12", "-12"},
		{"1.50", "1.5"}, {"15e-1", "1.5"}, {"1.0", "1"}, {"10", "10"}, {"1e3", "1000"}, {"100E-2", "1"},
		{"0.05", "0.05"}, {"5e-2", "0.05"}, {"-0.0012e1", "-0.012"}, {"10.010", "10.01"},
		{"12345678901234567890123", "12345678901234567890123"}, {"9007199254740993.0", "9007199254740993"},
		{"1e300", "1e300"}, {"1.25e-300", "1.25e-300"}, {"0.1e999999999999999999", "0.1e999999999999999999"},
		{"1e40", "1e40"}, {"1e39", "1" + strings.Repeat("0", 39)},
	} {
		if got := string(appendDecimal([]byte("x"), []byte(c[0]))); got != "x"+c[1] {
			t.Errorf("%s: %s, want %s", c[0], got[1:], c[1])
		}
	}
	for _, f := range []float64{1, 0.1, 1e21, 12345.678, 5e-324} {
		var back float64
		if _, err := fmt.Sscan(string(appendFloat(nil, f, 64)), &back); err != nil || back != f {
			t.Errorf("%g written as %s", f, appendFloat(nil, f, 64))
		}
	}
}
