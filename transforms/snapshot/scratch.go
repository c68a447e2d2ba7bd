package snapshot

import "github.com/klauspost/compress/zstd"

// Scratch is the memory that writers fill and empty again, kept from one file
// to the next: a writer of a table takes the columns that an earlier one of
// the same table gave back. Writers that share one belong to one goroutine. No
// value of one file reaches another. The zero value works.
type Scratch struct {
	free map[string][]*builder // by table and column

	// What writes a column chunk, one at a time.
	chunk   chunk
	numbers numberTable
	zstd    *zstd.Encoder
	strides strides
	packed  []byte
	header  []byte
}

func (s *Scratch) prepare() error {
	if s.zstd != nil {
		return nil
	}
	var err error
	s.zstd, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstdLevel), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithZeroFrames(true))
	s.chunk.levels, s.chunk.indexes = &hybrid{}, &hybrid{}
	s.free = map[string][]*builder{}
	return err
}

func (s *Scratch) builder(table, column string) *builder {
	key := table + "." + column
	list := s.free[key]
	if len(list) == 0 {
		return &builder{}
	}
	s.free[key] = list[:len(list)-1]
	return list[len(list)-1]
}

func (s *Scratch) giveBack(table string, b *builder) {
	key := table + "." + b.field.Name
	s.free[key] = append(s.free[key], b)
}
