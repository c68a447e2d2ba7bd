package snapshot

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"

	"concord/schemas/table"
)

// OpenFrom is Open without the row groups that end before from in the
// column that the table is sorted by. Rows before from in the first row group
// that is left are still there.
func OpenFrom(r io.ReaderAt, size int64, name string, columns []string, from string) (*Reader, error) {
	return open(r, size, name, columns, func(f *file.Reader, s *arrow.Schema) []int {
		var before []int
		sortedBy := f.MetaData().KeyValueMetadata().FindValue(table.MetaSortedBy)
		if sortedBy == nil {
			return nil
		}
		leaf := slices.Index(leafNames(s), *sortedBy)
		for g := range f.NumRowGroups() {
			if _, hi, ok := bounds(f, g, leaf); ok && hi < from {
				before = append(before, g)
			}
		}
		return before
	})
}

// Find visits the rows of a file whose text column has one of the values, in
// the order of the file. The batch is valid until visit returns. Row groups
// whose statistics exclude the values are not read; of the others the one
// column is read first, and the rest only where it has a hit.
func Find(r io.ReaderAt, size int64, name, column string, values []string, visit func(b arrow.RecordBatch, row int) error) error {
	groups := 0
	look := func(g int, columns []string) (*Reader, bool, error) {
		excluded := false
		t, err := open(r, size, name, columns, func(f *file.Reader, s *arrow.Schema) []int {
			groups = f.NumRowGroups()
			leaf := slices.Index(leafNames(s), column)
			lo, hi, ok := bounds(f, g, leaf)
			excluded = ok && !slices.ContainsFunc(values, func(v string) bool { return lo <= v && v <= hi })
			return others(groups, g)
		})
		return t, excluded, err
	}
	for g := 0; g == 0 || g < groups; g++ {
		t, excluded, err := look(g, []string{column})
		if err != nil {
			return err
		}
		var hits []int
		if !excluded {
			hits, err = t.hits(values)
		}
		_ = t.Close() // read only: nothing to lose
		if err != nil || len(hits) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		whole, _, err := look(g, nil)
		if err != nil {
			return err
		}
		err = whole.visit(hits, visit)
		_ = whole.Close() // read only
		if err != nil {
			return err
		}
	}
	return nil
}

// others are the row groups 0 to n-1 without g.
func others(n, g int) []int {
	var out []int
	for i := range n {
		if i != g {
			out = append(out, i)
		}
	}
	return out
}

// hits are the rows of a reader of one text column that have one of the
// values.
func (r *Reader) hits(values []string) (rows []int, err error) {
	for at := 0; ; {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		texts, ok := b.Column(0).(*array.String)
		if !ok {
			return nil, fmt.Errorf("search table file %s: column %q is not text", r.name, b.ColumnName(0))
		}
		for i := range texts.Len() {
			if !texts.IsNull(i) && slices.Contains(values, texts.Value(i)) {
				rows = append(rows, at+i)
			}
		}
		at += texts.Len()
	}
}

// visit shows rows, which are ascending.
func (r *Reader) visit(rows []int, f func(arrow.RecordBatch, int) error) error {
	for at := 0; len(rows) > 0; {
		b, err := r.Next()
		if err != nil {
			return fmt.Errorf("search table file %s: %w", r.name, err)
		}
		for len(rows) > 0 && rows[0] < at+int(b.NumRows()) {
			if err := f(b, rows[0]-at); err != nil {
				return err
			}
			rows = rows[1:]
		}
		at += int(b.NumRows())
	}
	return nil
}

// leafNames are the names of the fields: every field has one leaf.
func leafNames(s *arrow.Schema) []string {
	names := make([]string, s.NumFields())
	for i, f := range s.Fields() {
		names[i] = f.Name
	}
	return names
}

// bounds are the smallest and the greatest value of a text column in a row
// group, where the file tells them.
func bounds(f *file.Reader, group, leaf int) (lo, hi string, ok bool) {
	if leaf < 0 || group >= f.NumRowGroups() {
		return "", "", false
	}
	chunk, err := f.MetaData().RowGroup(group).ColumnChunk(leaf)
	if err != nil {
		return "", "", false
	}
	stats, err := chunk.Statistics()
	if err != nil {
		return "", "", false
	}
	texts, ok := stats.(*metadata.ByteArrayStatistics)
	if !ok || !texts.HasMinMax() {
		return "", "", false
	}
	return string(texts.Min()), string(texts.Max()), true
}
