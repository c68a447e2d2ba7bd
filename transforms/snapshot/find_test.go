package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"pgregory.net/rapid"

	"concord/schemas/table"
)

// deltas writes a table of n rows: row i has profile p<i/2> and a token that
// repeats every mod rows.
func deltas(t rapidOrTest, n, mod, rowGroup int) []byte {
	var out bytes.Buffer
	w, err := NewWriter(&out, table.PermissionDelta(), Options{RowGroup: int64(rowGroup)})
	if err != nil {
		t.Fatal(err)
	}
	rows := w.Rows()
	for i := range n {
		for c, text := range []string{fmt.Sprintf("p%06d", i/2), "email", fmt.Sprintf("t%06d", i*7919%mod), "c", "", "essential.service", "*"} {
			rows.TextOrNull(c, text)
		}
		rows.Bool(7, false)
		rows.Bool(8, true)
		rows.Texts(9, []string{fmt.Sprint(i)})
		rows.Null(10)
		if err := rows.End(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type rapidOrTest interface{ Fatal(...any) }

// rowNumber is what deltas wrote as the reasons of a row.
func rowNumber(b arrow.RecordBatch, i int) string {
	list := b.Column(9).(*array.List)
	lo, _ := list.ValueOffsets(i)
	return list.ListValues().(*array.String).Value(int(lo))
}

// Find gives exactly the rows that have a value, in order, whatever the row
// groups and whether statistics help (profile_id, sorted) or not (token).
func TestFindGivesTheRowsWithAValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, mod := rapid.IntRange(0, 60).Draw(t, "rows"), rapid.IntRange(1, 40).Draw(t, "mod")
		data := deltas(t, n, mod, rapid.IntRange(1, 20).Draw(t, "row group"))
		column := rapid.SampledFrom([]string{table.ColProfileID, table.ColToken}).Draw(t, "column")
		var values []string
		for range rapid.IntRange(0, 3).Draw(t, "values") {
			values = append(values, fmt.Sprintf("%c%06d", column[0], rapid.IntRange(0, 45).Draw(t, "value")))
		}
		var want, got []string
		for i := range n {
			v := map[string]string{table.ColProfileID: fmt.Sprintf("p%06d", i/2), table.ColToken: fmt.Sprintf("t%06d", i*7919%mod)}[column]
			if slices.Contains(values, v) {
				want = append(want, fmt.Sprint(i))
			}
		}
		err := Find(bytes.NewReader(data), int64(len(data)), "f", column, values, func(b arrow.RecordBatch, row int) error {
			got = append(got, rowNumber(b, row))
			return nil
		})
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("found rows %v, want %v: %v", got, want, err)
		}
	})
}

// OpenFrom loses no row at or after the value, and leaves out the row groups
// that end before it.
func TestOpenFromSkipsOnlyWhatIsBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, group := rapid.IntRange(1, 60).Draw(t, "rows"), rapid.IntRange(1, 9).Draw(t, "row group")
		data := deltas(t, n, 10, group)
		from := rapid.IntRange(0, 40).Draw(t, "from")
		r, err := OpenFrom(bytes.NewReader(data), int64(len(data)), "f", nil, fmt.Sprintf("p%06d", from))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		var got []string
		for {
			b, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for i := range int(b.NumRows()) {
				got = append(got, rowNumber(b, i))
			}
		}
		first := 0 // of the row group that holds the first row with the value or more
		for g := 0; g < n; g += group {
			if (min(g+group, n)-1)/2 < from {
				first = g + group
			}
		}
		var want []string
		for i := first; i < n; i++ {
			want = append(want, fmt.Sprint(i))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("rows %v, want %v", got, want)
		}
	})
}

func TestFindOnForeignBytesIsAnError(t *testing.T) {
	data := deltas(t, 40, 10, 10)
	none := func(arrow.RecordBatch, int) error { return nil }
	if err := Find(bytes.NewReader(data), int64(len(data)), "f", "nothing", []string{"x"}, none); err == nil {
		t.Error("a column that is not there was searched")
	}
	if err := Find(bytes.NewReader(data), int64(len(data)), "f", table.ColOld, []string{"x"}, none); err == nil {
		t.Error("a column of flags was searched for a text")
	}
	if err := Find(bytes.NewReader(data[:len(data)/2]), int64(len(data)/2), "f", table.ColToken, []string{"x"}, none); err == nil {
		t.Error("half a file was searched")
	}
}
