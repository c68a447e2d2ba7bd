package survey

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/apache/arrow-go/v18/arrow/array"

	"concord/jobs/store"
	"concord/transforms/extract"
)

// sampleRows is how many rows of an object are looked at for what its columns
// hold: what normalize.InferType takes of a column.
const sampleRows = 2000

// object is an extract and the beginning of its content.
type object struct {
	key     string
	dialect extract.Dialect
	guesses extract.Evidence
	columns []column
	rows    int64  // in the sample
	why     string // it is no extract, "" when it is one
}

// column is a column of an object or a channel, as sampled.
type column struct {
	name   string
	values []string // elements of the sampled rows; "" is null
	rows   int64    // rows sampled
	filled int64    // of them, those with a value
	list   bool     // its path has "[]": a row holds any number of elements
}

// inspect reads the beginning of an object. That it is no extract is no
// error: the object says why.
func inspect(ctx context.Context, from store.Store, key string) (*object, error) {
	f, err := from.Open(ctx, key)
	if errors.Is(err, os.ErrPermission) || errors.Is(err, store.ErrPermission) {
		return &object{key: key, why: "it cannot be read: no permission"}, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only
	x := &object{key: key}
	err = x.read(f)
	var bad *extract.FileError
	if errors.As(err, &bad) {
		x.why = bad.Error()
		return x, nil
	}
	return x, err
}

func (x *object) read(f store.Object) error {
	head := make([]byte, min(f.Size(), extract.SniffBytes))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the beginning of %s: %w", x.key, err)
	}
	var err error
	if x.dialect, x.guesses, err = extract.Sniff(head, f.Size()); err != nil {
		return err
	}
	if x.guesses.Empty {
		x.why = "it is empty"
		return nil
	}
	r, err := extract.Open(extract.Source{At: f, Size: f.Size()}, x.dialect, extract.Limits{}, nil)
	if err != nil {
		return err
	}
	defer r.Close()
	x.columns = make([]column, len(r.Columns()))
	for i, name := range r.Columns() {
		x.columns[i].name = name
	}
	for x.rows < sampleRows {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		x.take(b)
	}
	if x.rows == 0 {
		x.why = "no row of it could be read"
		if r.Empty() {
			x.why = "it holds no data row"
		}
	}
	return nil
}

// take adds the rows of a batch to the sample.
func (x *object) take(b *extract.Batch) {
	n := min(len(b.Row), sampleRows-int(x.rows))
	for i := range x.columns {
		c := &x.columns[i]
		_, c.list = b.Records.Column(i).(*array.List)
		cells := cellsOf(b, i)
		for row := range n {
			before := len(c.values)
			c.values = slices.AppendSeq(c.values, cells.of(row))
			c.rows++
			if slices.ContainsFunc(c.values[before:], func(v string) bool { return v != "" }) {
				c.filled++
			}
		}
	}
	x.rows += int64(n)
}

// cells reads one column of a batch.
type cells struct {
	texts *array.String
	lists *array.List // nil for a column of single values
}

func cellsOf(b *extract.Batch, i int) cells {
	if l, ok := b.Records.Column(i).(*array.List); ok {
		return cells{l.ListValues().(*array.String), l}
	}
	return cells{texts: b.Records.Column(i).(*array.String)}
}

// of yields the elements of a row; "" is null. The texts are copies.
func (c cells) of(row int) func(yield func(string) bool) {
	lo, hi := int64(row), int64(row)+1
	if c.lists != nil {
		lo, hi = c.lists.ValueOffsets(row)
	}
	return func(yield func(string) bool) {
		for k := lo; k < hi; k++ {
			text := ""
			if !c.texts.IsNull(int(k)) {
				text = string([]byte(c.texts.Value(int(k))))
			}
			if !yield(text) {
				return
			}
		}
	}
}
