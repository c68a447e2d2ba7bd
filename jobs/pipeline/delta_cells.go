package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"concord/jobs/store"
	"concord/schemas/table"
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
}

// verdicts streams the rows of profile_consents, in the order of profile ids,
// over all its files.
type verdicts struct {
	ctx     context.Context
	store   store.Store
	objects []string
	from    string // profile ids before it may be left out
	columns []string

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

// readVerdicts opens a stream over files of profile_consents. The caller
// closes it.
func readVerdicts(ctx context.Context, s store.Store, objects []string, from string, reasons bool) *verdicts {
	v := &verdicts{ctx: ctx, store: s, objects: objects, from: from, columns: verdictColumns, texts: map[string]string{}}
	if reasons {
		v.columns = append(v.columns[:len(v.columns):len(v.columns)], table.ColReasons)
	}
	return v
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
	if len(v.columns) > len(verdictColumns) {
		v.row.reasons = v.list(v.batch.Column(8).(*array.List))
	}
	v.at++
	return &v.row, nil
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
