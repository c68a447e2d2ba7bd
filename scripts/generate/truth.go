package main

import (
	"bufio"
	"os"
	"path/filepath"
)

// truthFile writes which entity each record is of, in one file whatever its
// size: it is for evaluation and no extract.
type truthFile struct {
	path   string
	file   *os.File
	buffer *bufio.Writer
	line   line
	cell   []byte
}

func newTruth(dir string) *truthFile {
	return &truthFile{path: filepath.Join(dir, "truth.csv"), line: line{delim: ','}}
}

func (f *truthFile) add(channel int, r *record) error {
	if f.file == nil {
		if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
			return err
		}
		file, err := os.Create(f.path)
		if err != nil {
			return err
		}
		f.file, f.buffer = file, bufio.NewWriterSize(file, 1<<18)
		if _, err := f.buffer.WriteString("channel,key,entity\n"); err != nil {
			return err
		}
	}
	l := &f.line
	l.begin()
	l.text(styles[channel].name)
	f.cell = appendKey(f.cell[:0], channel, r.key)
	l.add(f.cell)
	f.cell = padded(f.cell[:0], int(r.entity), 1)
	l.add(f.cell)
	_, err := f.buffer.Write(l.end())
	return err
}

func (f *truthFile) close() error {
	if f.file == nil {
		return nil
	}
	if err := f.buffer.Flush(); err != nil {
		return err
	}
	return f.file.Close()
}
