package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"concord/jobs/engine"
	"concord/schemas/attribute"
	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/extract"
)

// extracts are objects by key.
type extracts map[string]string

func (x extracts) Match(_ context.Context, glob string) ([]string, error) {
	prefix, suffix, _ := strings.Cut(glob, "*")
	var keys []string
	for k := range x {
		if k == glob || strings.Contains(glob, "*") && strings.HasPrefix(k, prefix) && strings.HasSuffix(k, suffix) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

func (x extracts) Open(_ context.Context, key string) (File, error) {
	return extractFile{bytes.NewReader([]byte(x[key]))}, nil
}

type extractFile struct{ *bytes.Reader }

func (extractFile) Close() error  { return nil }
func (f extractFile) Size() int64 { return f.Reader.Size() }

const jobHead = "job: test\nstore: .\nsnapshots: {essential: {purpose: essential.service, basis: contract}}\nchannels:\n"

// result reads the files as a job of the given channels says.
func result(t testing.TB, channels string, files extracts) (*Result, error) {
	t.Helper()
	j, err := job.Parse("job.yaml", []byte(jobHead+channels))
	if err != nil {
		t.Fatal(err)
	}
	return Read(context.Background(), j, files, engine.Local{Count: 2}, Options{ReferenceYear: 2026})
}

func mustRead(t testing.TB, channels string, files extracts) *Result {
	t.Helper()
	r, err := result(t, channels, files)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shown is the records as text, by key: each attribute's slots in order, null
// slots as "-".
func shown(r *table.Records) map[string]string {
	out := map[string]string{}
	for i := range uint32(r.N) {
		var parts []string
		for c := range r.Columns {
			col := &r.Columns[c]
			lo, hi := col.Slots(i)
			var slots []string
			for s := lo; s < hi; s++ {
				slots = append(slots, strings.ReplaceAll(col.Shown.At(col.Codes[s]), "|", "/"))
				if col.Codes[s] == 0 {
					slots[len(slots)-1] = "-"
				}
			}
			if text := strings.Join(slots, "|"); strings.Trim(text, "-|") != "" {
				parts = append(parts, string(col.Name)+"="+text)
			}
		}
		out[r.RecordKey(i)] = strings.Join(parts, " ")
	}
	return out
}

func expect(t *testing.T, r *table.Records, want map[string]string) {
	t.Helper()
	if got := shown(r); !maps.Equal(got, want) {
		t.Errorf("records\n%v\nwant\n%v", got, want)
	}
}

// Of the rows of one key the latest by event time stays, wherever it lies.
func TestLatestRowOfAKeyStays(t *testing.T) {
	const channel = "  crm: {read: \"*.csv\", key: id, event_time: at, fields: {city: city}}\n"
	files := extracts{
		"a.csv": "id,at,city\n1,2026-03-01,Leeds\n2,2024-01-01,York\n",
		"b.csv": "id,at,city\n1,2025-01-01,Hull\n2,2026-01-01,Bath\n3,,Derby\n",
		"c.csv": "id,at,city\n1,2024-01-01,Truro\n3,2020-01-01,Wells\n",
	}
	r := mustRead(t, channel, files)
	expect(t, r.Records, map[string]string{"1": "city=Leeds", "2": "city=Bath", "3": "city=Wells"})
	var duplicates []int64
	for _, o := range r.Objects {
		duplicates = append(duplicates, o.Duplicate)
	}
	if !slices.Equal(duplicates, []int64{1, 2, 1}) {
		t.Errorf("duplicates by object %v", duplicates)
	}
}

// Channels of one source share their keys; channels of two do not.
func TestSourceIsTheNamespaceOfKeys(t *testing.T) {
	files := extracts{"a.csv": "id,city\n1,Leeds\n", "b.csv": "id,city\n1,York\n"}
	apart := mustRead(t, "  a: {read: a.csv, key: id, fields: {city: city}}\n  b: {read: b.csv, key: id, fields: {city: city}}\n", files)
	if apart.Records.N != 2 {
		t.Errorf("two sources give %d records of one key", apart.Records.N)
	}
	one := mustRead(t, "  a: {read: a.csv, source: s, key: id, fields: {city: city}}\n  b: {read: b.csv, source: s, key: id, fields: {city: city}}\n", files)
	if one.Records.N != 1 {
		t.Errorf("two channels of one source give %d records of one key", one.Records.N)
	}
}

// Every row read is accepted, quarantined or a duplicate, and the account
// says which, whatever the rows; and the records depend on neither the order
// of rows nor how they lie in files.
func TestAccountBalancesAndLayoutDoesNotMatter(t *testing.T) {
	const channel = "  crm: {read: \"*.csv\", key: id, event_time: at, fields: {city: city, mail: email}, may_be_empty: true}\n"
	row := rapid.Custom(func(t *rapid.T) string {
		cells := []string{
			rapid.SampledFrom([]string{"", "1", "2", "3", "4"}).Draw(t, "key"),
			rapid.SampledFrom([]string{"", "2026-01-01", "2025-01-01", "soon"}).Draw(t, "time"),
			rapid.SampledFrom([]string{"", "Leeds", "York", "N/A"}).Draw(t, "city"),
			rapid.SampledFrom([]string{"", "a@post.alt", "b@post.alt", "no mail"}).Draw(t, "mail"),
		}
		return strings.Join(cells[:rapid.SampledFrom([]int{4, 4, 4, 4, 3}).Draw(t, "width")], ",")
	})
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOfN(row, 0, 12).Draw(rt, "rows")
		whole := mustRead(t, channel, extracts{"a.csv": "id,at,city,mail\n" + strings.Join(rows, "\n") + "\n"})
		var read, accepted, set int64
		for _, o := range whole.Objects {
			if err := o.Balance(); err != nil {
				rt.Fatal(err)
			}
			read, accepted, set = read+o.Read, accepted+o.Accepted, set+o.Quarantined
		}
		if accepted != int64(whole.Records.N) || set != int64(len(whole.Quarantine)) {
			rt.Fatalf("%d accepted and %d records, %d quarantined and %d rows there", accepted, whole.Records.N, set, len(whole.Quarantine))
		}
		moved := rapid.Permutation(rows).Draw(rt, "moved")
		cut := rapid.IntRange(0, len(moved)).Draw(rt, "cut")
		parts := mustRead(t, channel, extracts{
			"b.csv": "id,at,city,mail\n" + strings.Join(moved[:cut], "\n") + "\n",
			"a.csv": "id,at,city,mail\n" + strings.Join(moved[cut:], "\n") + "\n",
		})
		if a, b := shown(whole.Records), shown(parts.Records); !maps.Equal(a, b) {
			rt.Fatalf("rows moved: %v, before %v", b, a)
		}
		if !slices.Equal(whole.Hash, parts.Hash) {
			rt.Fatal("rows moved, and the order of records with them")
		}
	})
}

// A batch boundary is no boundary of anything else.
func TestManyBatches(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,city\n")
	const n = 20_000 // more than two batches
	for i := range n {
		fmt.Fprintf(&b, "%d,Town %d\n", i, i%977)
	}
	r := mustRead(t, "  crm: {read: a.csv, key: id, fields: {city: city}}\n", extracts{"a.csv": b.String()})
	got := shown(r.Records)
	if len(got) != n || got["0"] != "city=Town 0" || got["19999"] != "city=Town 459" {
		t.Errorf("%d records; the first %q, the last %q", len(got), got["0"], got["19999"])
	}
}

// Columns of one label fill one slot together; labels are slots of their own;
// element k of a list belongs to slot k; what repeats a slot is dropped.
func TestSlots(t *testing.T) {
	r := mustRead(t, `  crm:
    read: a.csv
    key: id
    fields: {s1: {as: street, label: home}, c1: {as: city, label: home}, s2: {as: street, label: work}, c2: {as: city, label: work}}
  web:
    read: w.jsonl
    key: id
    fields: {"a[].s": street, "a[].c": city, "mail[]": email}
`, extracts{
		"a.csv": "id,s1,c1,s2,c2\n1,High Street,Leeds,Low Road,York\n2,,,Low Road,York\n3,High Street,Leeds,High Street,Leeds\n4,,Leeds,Low Road,\n5,,,,\n",
		"w.jsonl": `{"id":"6","a":[{"s":"High Street"},{"s":"Low Road","c":"York"}],"mail":["a@post.alt","b@post.alt","a@post.alt"]}
{"id":"7","a":[],"mail":null}
`,
	})
	expect(t, r.Records, map[string]string{
		"1": "street=High Street|Low Road city=Leeds|York",
		"2": "street=Low Road city=York",
		"3": "street=High Street city=Leeds",
		"4": "street=-|Low Road city=Leeds|-",
		"5": "",
		"6": "email=a@post.alt|b@post.alt street=High Street|Low Road city=-|York",
		"7": "",
	})
}

// Year, month and day of birth are one value, wherever the columns stand.
func TestBirthParts(t *testing.T) {
	r := mustRead(t, "  crm: {read: a.csv, key: id, fields: {d: birth_day, m: birth_month, y: birth_year, city: city}}\n",
		extracts{"a.csv": "id,d,city,y,m\n1,2,Leeds,1980,3\n2,,Leeds,1980,\n3,,Leeds,,\n4,31,Leeds,1980,2\n"})
	got := shown(r.Records)
	if got["1"] != "city=Leeds birth_date=1980-03-02" || got["3"] != "city=Leeds" || strings.Contains(got["4"], "birth_date") {
		t.Errorf("records %v", got)
	}
}

// A whole name fills the slot that its parts would, and the parts win.
func TestWholeNameAndParts(t *testing.T) {
	r := mustRead(t, "  crm: {read: a.csv, key: id, fields: {a_first: given_name, a_last: family_name, whole: full_name}}\n",
		extracts{"a.csv": "id,a_first,a_last,whole\n1,Ada,Byron,\n2,,,Ada Byron\n3,Ada,Byron,Augusta Lovelace\n"})
	expect(t, r.Records, map[string]string{
		"1": "given_name=Ada family_name=Byron", "2": "given_name=Ada family_name=Byron", "3": "given_name=Ada family_name=Byron",
	})
}

// The order of whole names is that of the column, be it declared or proved by
// its own names.
func TestOrderOfWholeNames(t *testing.T) {
	var proved strings.Builder
	for i, given := range []string{"James", "Mary", "Robert", "Linda", "Susan"} {
		for k, family := range []string{"Smith", "Miller", "Johnson", "Davis"} {
			fmt.Fprintf(&proved, "p%d%d,%s %s\n", i, k, family, given)
		}
	}
	r := mustRead(t, "  declared: {read: a.csv, key: id, fields: {n: {as: full_name, name_order: family_first}}}\n"+
		"  proved: {read: b.csv, key: id, fields: {n: full_name}}\n  open: {read: c.csv, key: id, fields: {n: full_name}}\n",
		extracts{"a.csv": "id,n\na,Qwrt Plmk\n", "b.csv": "id,n\n" + proved.String() + "b,Qwrt Plmk\n", "c.csv": "id,n\nc,Qwrt Plmk\n"})
	got := shown(r.Records)
	for key, want := range map[string]string{"a": "given_name=Plmk family_name=Qwrt", "b": "given_name=Plmk family_name=Qwrt", "c": "given_name=Qwrt family_name=Plmk"} {
		if got[key] != want {
			t.Errorf("record %s: %s, want %s", key, got[key], want)
		}
	}
}

func TestBrands(t *testing.T) {
	r := mustRead(t, "  a: {read: a.csv, key: id, brand: {column: shop}, fields: {city: city}}\n  b: {read: b.csv, key: id, brand: North, fields: {city: city}}\n",
		extracts{"a.csv": "id,shop,city\n1, South ,Leeds\n2,,Leeds\n", "b.csv": "id,city\n3,Leeds\n"})
	got := map[string]string{}
	for i := range uint32(r.Records.N) {
		got[r.Records.RecordKey(i)] = r.Records.Brands[r.Records.Brand[i]]
	}
	if got["1"] != "south" || got["2"] != "" || got["3"] != "north" {
		t.Errorf("brands %v", got)
	}
	if !slices.IsSorted(r.Records.Brands) {
		t.Errorf("brands are not sorted: %q", r.Records.Brands)
	}
}

// Rows without a key are named by object and row; parts of a composite key
// are joined, and a part that is missing sends the row to quarantine.
func TestKeys(t *testing.T) {
	r := mustRead(t, "  a: {read: a.csv, key: \"#row\", fields: {city: city}}\n  b: {read: b.csv, key: [shop, no], fields: {city: city}}\n",
		extracts{"a.csv": "city\nLeeds\nYork\n", "b.csv": "shop,no,city\nx,1,Leeds\nx,2,York\n,3,Bath\n"})
	expect(t, r.Records, map[string]string{"a.csv#1": "city=Leeds", "a.csv#2": "city=York", "x|1": "city=Leeds", "x|2": "city=York"})
	if len(r.Quarantine) != 1 || r.Quarantine[0].Code != RowMissingKey || r.Quarantine[0].Column != "shop" || r.Quarantine[0].Row != 3 {
		t.Errorf("quarantine %+v", r.Quarantine)
	}
}

// Values that cannot be used are counted with their first place; the rows
// stay.
func TestProblemsAreCounted(t *testing.T) {
	r := mustRead(t, "  crm: {read: a.csv, key: id, fields: {mail: email}}\n",
		extracts{"a.csv": "id,mail\n1,ada@post.alt\n2,no mail\n3,test@test.com\n4,no mail\n5,\n"})
	if r.Records.N != 5 {
		t.Errorf("%d records", r.Records.N)
	}
	var got []string
	for _, p := range r.Problems {
		got = append(got, fmt.Sprintf("%s %d rows %d values from row %d", p.Code, p.Rows, p.Distinct, p.Row))
	}
	if want := []string{"bad_email 2 rows 1 values from row 2", "junk 1 rows 1 values from row 3"}; !slices.Equal(got, want) {
		t.Errorf("problems %q, want %q", got, want)
	}
	f := r.Fields[0]
	if f.Filled != 4 || f.Distinct != 3 || f.Junk != 1 || f.Invalid != 2 {
		t.Errorf("the field is %+v", f)
	}
}

func TestEventTimeZone(t *testing.T) {
	r := mustRead(t, "  crm: {read: a.csv, key: id, event_time: {column: at, date_order: dmy, zone: Europe/Berlin}, fields: {city: city}}\n",
		extracts{"a.csv": "id,at,city\n1,01.07.2026 00:30,Leeds\n"})
	if got := time.UnixMicro(r.Records.EventTime[0]).UTC().Format(time.RFC3339); got != "2026-06-30T22:30:00Z" {
		t.Errorf("event time %s", got)
	}
}

// What is wrong with an extract is told by its type.
func TestErrorsOfExtracts(t *testing.T) {
	const one = "  crm: {read: \"a*.csv\", key: id, event_time: at, fields: {city: city}}\n"
	var missing *NoExtractError
	var empty *EmptyChannelError
	var ambiguous *AmbiguousOrderError
	var file *extract.FileError
	for name, c := range map[string]struct {
		files extracts
		as    any
	}{
		"no file":         {extracts{"b.csv": "id\n"}, &missing},
		"no row":          {extracts{"a.csv": "id,at,city\n"}, &empty},
		"ambiguous dates": {extracts{"a.csv": "id,at,city\n1,01/02/2026,Leeds\n"}, &ambiguous},
		"no such column":  {extracts{"a.csv": "id,at\n1,2026-01-01\n"}, &file},
	} {
		_, err := result(t, one, c.files)
		if err == nil || !errors.As(err, c.as) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && !strings.Contains(err.Error(), `"crm"`) {
			t.Errorf("%s: the error does not name the channel: %v", name, err)
		}
	}
	if _, err := result(t, strings.Replace(one, "fields", "may_be_empty: true, fields", 1), extracts{"b.csv": "id\n"}); err != nil {
		t.Errorf("a channel that may be empty: %v", err)
	}
}

// Two spellings of one value are two variants of one canonical form.
func TestVariantsShareTheirCanonicalForm(t *testing.T) {
	r := mustRead(t, "  crm: {read: a.csv, key: id, fields: {name: given_name}}\n", extracts{"a.csv": "id,name\n1,José\n2,JOSE\n3,Jose\n"})
	c := r.Records.Column(attribute.GivenName)
	canon := map[string]bool{}
	for i := range uint32(r.Records.N) {
		lo, _ := c.Slots(i)
		canon[c.Canonical.At(c.Canon[c.Codes[lo]])] = true
	}
	if !maps.Equal(canon, map[string]bool{"jose": true}) {
		t.Errorf("canonical forms %v", canon)
	}
}
