package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
)

// sink writes one channel's rows to part-00000, part-00001 and so on, the next
// when a part is full. Every part starts with the header.
type sink struct {
	folder, ext string
	header      []byte
	limit       int64 // bytes of a part before compression

	part    int
	written int64
	file    *os.File
	buffer  *bufio.Writer
	packer  *gzip.Writer // nil unless ext ends in .gz
	to      io.Writer
	rows    int64
}

// partLimit keeps parts of every channel below half a gigabyte.
const partLimit = 448 << 20

func (k *sink) write(row []byte) error {
	if k.file == nil || k.written >= k.limit {
		if err := k.next(); err != nil {
			return err
		}
	}
	k.rows++
	k.written += int64(len(row))
	_, err := k.to.Write(row)
	return err
}

// next closes the present part and opens another.
func (k *sink) next() error {
	if err := k.close(); err != nil {
		return err
	}
	file, err := createPart(k.folder, k.part, k.ext)
	if err != nil {
		return err
	}
	k.part++
	k.file, k.buffer = file, bufio.NewWriterSize(file, 1<<18)
	k.to = k.buffer
	if filepath.Ext(k.ext) == ".gz" {
		k.packer, err = gzip.NewWriterLevel(k.buffer, gzip.BestSpeed)
		if err != nil {
			return err
		}
		k.to = k.packer
	}
	k.written = int64(len(k.header))
	_, err = k.to.Write(k.header)
	return err
}

func createPart(folder string, part int, ext string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	return os.Create(filepath.Join(folder, fmt.Sprintf("part-%05d%s", part, ext)))
}

// close ends the present part. A sink without rows leaves no file.
func (k *sink) close() error {
	if k.file == nil {
		return nil
	}
	if k.packer != nil {
		if err := k.packer.Close(); err != nil {
			return err
		}
	}
	if err := k.buffer.Flush(); err != nil {
		return err
	}
	err := k.file.Close()
	k.file = nil
	return err
}
