package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"concord/jobs/store"
	"concord/schemas/table"
	"concord/transforms/report"
	"concord/transforms/snapshot"
)

// cellKey is a cell of one profile.
type cellKey struct {
	kind, token, controller, brand, purpose, channel string
}

// verdictRow is a row of profile_consents.
type verdictRow struct {
	cellKey
	profile string
	allowed bool
	reasons []string // only where asked for
	// kinds are the kinds of data that a permission is for, as one text; "" for all
	// that the snapshot shows.
	kinds string
}

// verdicts streams the rows of profile_consents, in the order of profile ids,
// over all its files.
type verdicts struct {
	ctx     context.Context
	store   store.Store
	objects []string
	from    string // profile ids before it may be left out
	columns []string
	reasons bool
	kinds   bool

	object store.Object
	reader *snapshot.Reader
	batch  arrow.RecordBatch
	at     int // row of batch
	texts  map[string]string
	row    verdictRow
}

// verdictColumns are what identifies a cell, in the order of verdictRow, and
// its verdict.
var verdictColumns = []string{
	table.ColProfileID, table.ColKind, table.ColToken, table.ColController, table.ColBrand,
	table.ColPurpose, table.ColChannel, table.ColAllowed,
}

// readVerdicts opens a stream over the profile_consents of a snapshot that a run
// published. The caller closes it.
func readVerdicts(ctx context.Context, s store.Store, m *report.Manifest, name, from string, reasons bool) *verdicts {
	v := &verdicts{ctx: ctx, store: s, from: from, reasons: reasons, columns: slices.Clone(verdictColumns), texts: map[string]string{}}
	if reasons {
		v.columns = append(v.columns, table.ColReasons)
	}
	if m == nil {
		return v
	}
	v.objects = objectsOf(m, name, table.TableProfileConsents)
	if v.kinds = namesKinds(m, name); v.kinds {
		v.columns = append(v.columns, table.ColCategories)
	}
	return v
}

// namesKinds tells whether any permission of a snapshot is for some kinds of
// data only. Runs of before those were decided about do not have the column.
func namesKinds(m *report.Manifest, name string) bool {
	return slices.ContainsFunc(m.Outputs, func(o report.Output) bool {
		return o.Snapshot == name && o.Table == table.TableProfileConsents && slices.ContainsFunc(o.Columns, func(c report.OutputColumn) bool {
			return c.Name == table.ColCategories && c.Nulls < o.Rows
		})
	})
}

// next is the next row, nil at the end. It is valid until the following call,
// its texts for ever.
func (v *verdicts) next() (*verdictRow, error) {
	for v.batch == nil || v.at == int(v.batch.NumRows()) {
		more, err := v.advance()
		if err != nil || !more {
			return nil, err
		}
	}
	text := func(col int) string {
		a := v.batch.Column(col).(*array.String)
		if a.IsNull(v.at) {
			return ""
		}
		return a.Value(v.at)
	}
	if id := text(0); id != v.row.profile {
		v.row.profile = strings.Clone(id)
	}
	k := &v.row.cellKey
	k.token = strings.Clone(text(2))
	for _, c := range []struct {
		to  *string
		col int
	}{{&k.kind, 1}, {&k.controller, 3}, {&k.brand, 4}, {&k.purpose, 5}, {&k.channel, 6}} {
		if s := text(c.col); s != *c.to { // mostly as in the row before
			*c.to = v.intern(s)
		}
	}
	v.row.allowed = v.batch.Column(7).(*array.Boolean).Value(v.at)
	more := len(verdictColumns) // what was asked for besides is in the order of the table
	if v.reasons {
		v.row.reasons = v.list(v.batch.Column(more).(*array.List))
		more++
	}
	v.row.kinds = ""
	if v.kinds {
		if a := v.batch.Column(more).(*array.List); !a.IsNull(v.at) {
			v.row.kinds = kindsText(v.list(a))
		}
	}
	v.at++
	return &v.row, nil
}

// kindsText is kinds of data as one text that is never "".
func kindsText(names []string) string { return "only " + strings.Join(names, " ") }

// kindsOf takes a text apart again; nil for "".
func kindsOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Fields(strings.TrimPrefix(text, "only "))
}

// intern keeps one copy of texts of which there are few.
func (v *verdicts) intern(s string) string {
	kept, ok := v.texts[s]
	if !ok {
		kept = strings.Clone(s)
		v.texts[kept] = kept
	}
	return kept
}

func (v *verdicts) list(a *array.List) []string {
	lo, hi := a.ValueOffsets(v.at)
	values := a.ListValues().(*array.String)
	out := make([]string, 0, hi-lo)
	for i := lo; i < hi; i++ {
		out = append(out, v.intern(values.Value(int(i))))
	}
	return out
}

// advance gets the next batch, of the next file where one ends.
func (v *verdicts) advance() (bool, error) {
	for {
		if v.reader == nil {
			if len(v.objects) == 0 {
				return false, nil
			}
			if err := v.open(); err != nil {
				return false, err
			}
		}
		b, err := v.reader.Next()
		if err == nil {
			v.batch, v.at = b, 0
			return true, nil
		}
		v.close()
		if !errors.Is(err, io.EOF) {
			return false, err
		}
	}
}

func (v *verdicts) open() (err error) {
	key := v.objects[0]
	v.objects = v.objects[1:]
	if v.object, err = v.store.Open(v.ctx, key); err != nil {
		return fmt.Errorf("read permissions: %w", err)
	}
	v.reader, err = snapshot.OpenFrom(v.object, v.object.Size(), key, v.columns, v.from)
	if err != nil {
		v.close()
	}
	return err
}

// close releases the file at hand. It may be called at any time.
func (v *verdicts) close() {
	v.batch = nil
	if v.reader != nil {
		_ = v.reader.Close() // read only: nothing to lose
		v.reader = nil
	}
	if v.object != nil {
		_ = v.object.Close() // read only
		v.object = nil
	}
}
