package snapshot

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/xitongsys/parquet-go/reader"
	"github.com/xitongsys/parquet-go/source"
	"github.com/zeebo/xxh3"

	"concord/schemas/table"
)

// The reader of github.com/xitongsys/parquet-go, which many Go programs still
// use, finds in every type that our tables have what was meant. It is a test
// dependency only: it is unmaintained and panics on foreign input.
func TestXitongsysReadsEveryType(t *testing.T) {
	types := map[kind]bool{}
	for _, s := range publishedTables() {
		name := table.Meta(s, table.MetaTable)
		data, sum := write(t, s, aboutFile, 700, mixed)
		r, err := reader.NewParquetColumnReader(&inMemory{Reader: bytes.NewReader(data), data: data}, 1)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.GetNumRows() != sum.Rows {
			t.Errorf("%s: %d rows, want %d", name, r.GetNumRows(), sum.Rows)
		}
		for i, f := range s.Fields() {
			values, rep, def, err := r.ReadColumnByIndex(int64(i), sum.Rows)
			if err != nil {
				t.Fatalf("%s: column %q: %v", name, f.Name, err)
			}
			if got := digestOfValues(t, f, values, rep, def); got != sum.Columns[i].Digest {
				t.Errorf("%s: column %q: read other values than were written", name, f.Name)
			}
			k, _ := kindOf(f)
			types[k] = true
		}
	}
	for k := kindText; k <= kindFloats; k++ {
		if !types[k] {
			t.Errorf("no column of kind %d was read", k)
		}
	}
}

// digestOfValues assembles rows from leaf values and their levels.
func digestOfValues(t *testing.T, f arrow.Field, values []any, rep, def []int32) string {
	t.Helper()
	d := newDigest()
	list := f.Type.ID() == arrow.LIST
	open, held := false, uint64(0)
	end := func() {
		if open {
			d.add(held, 1)
		}
		open = false
	}
	for i, v := range values {
		if list && rep[i] == 0 {
			end()
			open, held = !f.Nullable || def[i] > 0, listHash
		}
		var h uint64
		switch v := v.(type) {
		case nil:
			if !list || !open {
				d.addNulls(1)
			}
			continue
		case string:
			h = xxh3.HashString(v)
		case bool:
			if h = numberHash(0); v {
				h = numberHash(1)
			}
		case int32:
			h = numberHash(uint64(int64(v)))
		case int64:
			h = numberHash(uint64(v))
		case float64:
			h = numberHash(math.Float64bits(v))
		default:
			t.Fatalf("column %q: read a %T", f.Name, v)
		}
		if list {
			held = listAdd(held, h)
		} else {
			d.add(h, 1)
		}
	}
	end()
	return d.sum()
}

// inMemory is a file of bytes as that library wants it.
type inMemory struct {
	*bytes.Reader
	data []byte
}

func (f *inMemory) Open(string) (source.ParquetFile, error) {
	return &inMemory{Reader: bytes.NewReader(f.data), data: f.data}, nil
}
func (f *inMemory) Create(string) (source.ParquetFile, error) {
	return nil, errors.New("read only")
}
func (f *inMemory) Write([]byte) (int, error) { return 0, errors.New("read only") }
func (f *inMemory) Close() error              { return nil }

var _ io.ReadSeekCloser = (*inMemory)(nil)
