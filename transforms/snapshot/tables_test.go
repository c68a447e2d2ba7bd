package snapshot

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"pgregory.net/rapid"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// aboutFile is the metadata of the tests' files.
var aboutFile = Options{Metadata: []Pair{{"purpose", "marketing.communications"}, {"as_of", "2026-05-01T00:00:00Z"},
	{"policy_sha256", "aa"}, {"registry_sha256", "bb"}, {"run", "r1"}, {"manifest", "manifest.json"}}}

// publishedTables are the schemas that the snapshots of a run may have.
func publishedTables() []*arrow.Schema {
	columns := []table.ProfileColumn{{Attribute: attribute.GivenName}, {Attribute: attribute.Email},
		{Attribute: attribute.City}, {Attribute: attribute.Device, List: true}, {Attribute: attribute.Custom("plan")}}
	return []*arrow.Schema{
		table.Profiles(columns, []string{"email", "phone"}), table.ContactPoints(false, []string{"email"}, true),
		table.ContactPoints(true, nil, false), table.ProfileConsents(), table.PermissionDelta(), table.Provenance(),
		table.Links(), table.Decisions(), table.Memberships(), table.Quarantine(),
		table.ConsentEvents(),
	}
}

// draws says what the i-th value of a column is; small domains and nulls.
type draws func(row, col int) int

// fill writes n rows of drawn values in sort order.
func fill(w *Writer, n int, draw draws) error {
	rows := w.Rows()
	for r := range n {
		for c, f := range w.schema.Fields() {
			fillValue(rows, w, r, c, f, draw(r, c))
		}
		if err := rows.End(); err != nil {
			return err
		}
	}
	return nil
}

func fillValue(rows *Rows, w *Writer, r, c int, f arrow.Field, v int) {
	if c == w.order.at {
		rows.Text(c, fmt.Sprintf("p1_%08d", r))
		return
	}
	if f.Nullable && v%5 == 0 {
		rows.Null(c)
		return
	}
	switch k, _ := kindOf(f); k {
	case kindText:
		rows.Text(c, []string{"", "a@example.org", "Ünïcode", "x,\"y\"\n", fmt.Sprint("value ", v)}[v%5])
	case kindBytes:
		rows.Bytes(c, []byte{0xff, byte(v)})
	case kindBool:
		rows.Bool(c, v%2 == 0)
	case kindInt32, kindInt64:
		rows.Int(c, int64(v)-3)
	case kindFloat:
		rows.Float(c, float64(v)/7)
	case kindMoment:
		rows.Time(c, int64(v)*1_000_003)
	case kindTexts:
		rows.Texts(c, []string{"a", "", "ccc"}[:v%4%3])
	case kindFloats:
		rows.Floats(c, []float64{1.5, -2, 1e300}[:v%4%3])
	}
}

// write makes a file of n rows.
func write(t testing.TB, s *arrow.Schema, o Options, n int, draw draws) ([]byte, Summary) {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, s, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(w, n, draw); err != nil {
		t.Fatal(err)
	}
	sum, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), sum
}

func mixed(row, col int) int { return row*7 + col*3 }

func drawn(t *rapid.T) (n int, draw draws) {
	values := rapid.SliceOfN(rapid.IntRange(0, 19), 1, 200).Draw(t, "values")
	return rapid.IntRange(0, 40).Draw(t, "rows"), func(row, col int) int { return values[(row*31+col)%len(values)] }
}
