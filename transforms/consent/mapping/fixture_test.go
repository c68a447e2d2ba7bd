package mapping

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"

	schema "concord/schemas/consent"
	"concord/transforms/consent"
	"concord/transforms/extract"
)

var update = flag.Bool("update", false, "write the expected events from what is read")

// purposes are what a job would write under a mapping's name.
var purposes = map[string]map[string]string{
	"mparticle": {"newsletter": "marketing.communications.email", "Performance": "analytics.reporting"},
	"onetrust": {
		"news": "marketing.communications.email", "texts": "marketing.communications.sms",
		"profiling": "personalize.content.profiling", "reports": "analytics.reporting",
	},
	"salesforce_contact_point_consent": {"Newsletter": "marketing.communications"},
	"segment":                          {"Advertising": "marketing.advertising", "Analytics": "analytics", "Data.Sharing": "third_party_sharing"},
	"unomi":                            {"shop/newsletter": "marketing.communications.email", "shop/tracking": "analytics"},
}

func bind(t testing.TB, name string) *Mapping {
	t.Helper()
	m, ok := For(name)
	if !ok {
		t.Fatalf("no mapping %q", name)
	}
	m, err := m.Bind(schema.DefaultRegistry(), purposes[name])
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func parser(t testing.TB) *consent.Parser {
	t.Helper()
	h, err := consent.NewHasher([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return &consent.Parser{Registry: schema.DefaultRegistry(), Hasher: h, Controller: "Northwind", Brand: "north"}
}

// Every mapping's fixture, read by extract as a job reads it, gives the
// expected events and problems.
func TestFixtures(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			export, err := os.ReadFile("testdata/" + name + ".jsonl")
			if err != nil {
				t.Fatal(err)
			}
			m := bind(t, name)
			got := readExport(t, m, export)
			golden := "testdata/" + name + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("read:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func readExport(t *testing.T, m *Mapping, export []byte) string {
	t.Helper()
	r, err := extract.Open(extract.Source{Body: bytes.NewReader(export)}, extract.Dialect{Sparse: true}, extract.Limits{}, m.Columns())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := parser(t)
	var out strings.Builder
	for {
		b, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Bad) > 0 {
			t.Fatalf("bad rows %v", b.Bad)
		}
		for i, number := range b.Row {
			rows := m.Rows(
				func(column string, k int) string { return cell(b, m, column, i, k) },
				func(column string) int { return slots(b, m, column, i) })
			for _, row := range rows {
				reading := p.Parse(row)
				fmt.Fprintf(&out, "%d: %s %s: %s\n", number, row(consent.FieldSubjectKind), row(consent.FieldSubjectValue), describe(&reading))
			}
		}
	}
	return out.String()
}

func index(m *Mapping, column string) int {
	for i, c := range m.columns {
		if c == column {
			return i
		}
	}
	panic("the mapping asks for a column that it did not name: " + column)
}

func slots(b *extract.Batch, m *Mapping, column string, row int) int {
	c := b.Records.Column(index(m, column))
	list, ok := c.(*array.List)
	if !ok {
		return 1
	}
	lo, hi := list.ValueOffsets(row)
	return int(hi - lo)
}

func cell(b *extract.Batch, m *Mapping, column string, row, k int) string {
	c := b.Records.Column(index(m, column))
	if list, ok := c.(*array.List); ok {
		lo, _ := list.ValueOffsets(row)
		c, row = list.ListValues(), int(lo)+k
	}
	if c.IsNull(row) {
		return ""
	}
	return c.(*array.String).Value(row)
}

// describe is an event in one line, or what keeps it from being one.
func describe(r *consent.Reading) string {
	if len(r.Problems) > 0 {
		line := fmt.Sprint("problems ", r.Problems)
		if r.Hold {
			line += " hold"
		}
		if r.Unattributed {
			line += " unattributed"
		}
		return line
	}
	at := func(us int64) string { return time.UnixMicro(us).UTC().Format("2006-01-02T15:04:05.999999Z") }
	e := &r.Event
	line := fmt.Sprintf("%s %s %s %s/%s [%s, %s]", e.State, e.Purpose, e.Channel, e.Brand, e.Scope, at(e.Time.Lo), at(e.Time.Hi))
	if e.ValidUntil != schema.Forever {
		line += " until " + at(e.ValidUntil)
	}
	if e.ConfirmedAt != schema.NoTime {
		line += " confirmed " + at(e.ConfirmedAt)
	}
	for _, s := range []string{e.Ref, e.Method, e.Notice.ID, e.Notice.Version, e.Notice.Language, e.Evidence} {
		if s != "" {
			line += " " + s
		}
	}
	return line
}
