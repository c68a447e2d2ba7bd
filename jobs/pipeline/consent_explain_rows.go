package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/snapshot"
)

// foundRow is a row of a table by column: texts, numbers and flags as text.
type foundRow struct {
	texts map[string]string
	times map[string]time.Time // zero for null
	lists map[string][]string
}

func (r *foundRow) text(column string) string { return r.texts[column] }

// find gives the rows of a table, over all its files, whose column has one of
// the values.
func (x *explainer) find(ctx context.Context, objects []string, column string, values []string) ([]foundRow, error) {
	byFile := make([][]foundRow, len(objects))
	err := x.Engine.Each(ctx, len(objects), func(_, i int) error {
		o, err := x.out.Open(ctx, objects[i])
		if err != nil {
			return fmt.Errorf("read what was published: %w", err)
		}
		defer o.Close() // read only
		return snapshot.Find(o, o.Size(), objects[i], column, values, func(b arrow.RecordBatch, row int) error {
			byFile[i] = append(byFile[i], rowOf(b, row))
			return nil
		})
	})
	return slices.Concat(byFile...), err
}

// rowOf copies a row out of a batch.
func rowOf(b arrow.RecordBatch, i int) foundRow {
	r := foundRow{texts: map[string]string{}, times: map[string]time.Time{}, lists: map[string][]string{}}
	for c, column := range b.Columns() {
		name := b.ColumnName(c)
		if column.IsNull(i) {
			continue
		}
		switch a := column.(type) {
		case *array.String:
			r.texts[name] = strings.Clone(a.Value(i))
		case *array.Boolean:
			r.texts[name] = strconv.FormatBool(a.Value(i))
		case *array.Int64:
			r.texts[name] = strconv.FormatInt(a.Value(i), 10)
		case *array.Timestamp:
			r.times[name] = time.UnixMicro(int64(a.Value(i))).UTC()
		case *array.List:
			lo, hi := a.ValueOffsets(i)
			values := a.ListValues().(*array.String)
			for k := lo; k < hi; k++ {
				r.lists[name] = append(r.lists[name], strings.Clone(values.Value(int(k))))
			}
			if r.lists[name] == nil {
				r.lists[name] = []string{}
			}
		}
	}
	return r
}

// event reads a row of consent_events, or of consent_limits.
func (r *foundRow) event(own, limit bool, deciding []string) EventAnswer {
	_, decides := slices.BinarySearch(deciding, r.text(table.ColEventID))
	number, _ := strconv.ParseUint(r.text(table.ColRow), 10, 64) // a column of numbers
	return EventAnswer{
		Limit: limit, Topic: r.text(table.ColTopic), Frequency: r.text(table.ColFrequency),
		ID: r.text(table.ColEventID), Own: own, Decides: decides, Kind: r.text(table.ColKind), State: r.text(table.ColState),
		Purpose: r.text(table.ColPurpose), Channel: r.text(table.ColChannel), Brand: r.text(table.ColBrand),
		Scope: r.text(table.ColScope), Basis: r.text(table.ColBasis),
		From: r.times[table.ColEventTime], To: r.times[table.ColEventUntil], Until: r.times[table.ColUntil],
		Notice: r.text(table.ColNotice), Categories: r.lists[table.ColCategories],
		Source: schema.Source{Channel: r.text(table.ColSourceChannel), Object: r.text(table.ColObject), Row: number},
	}
}
