package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"concord/schemas/attribute"
	"concord/transforms/normalize"
)

// mapping says which fields a job maps.
type mapping string

const (
	written  mapping = "ids"      // as a data engineer would, identifiers included
	masked   mapping = "masked"   // the same without identifiers
	inferred mapping = "inferred" // as `concord init` would propose
)

// job is the set's job file under a mapping, to be kept in a directory of its
// own.
func (s *set) job(data string, m mapping) (string, error) {
	root, err := filepath.Abs(data)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "job: accuracy\nstore: %s\noutput: ./out\nregion: %s\nchannels:\n", root, s.region)
	for _, channel := range slices.Sorted(maps.Keys(s.channels)) {
		file := s.channels[channel]
		fmt.Fprintf(&b, "  %s:\n    read: %s\n    key: %s\n    fields:\n", channel, file, s.key)
		lines, err := s.channelFields(filepath.Join(root, file), m)
		if err != nil {
			return "", fmt.Errorf("map the columns of %s: %w", file, err)
		}
		for _, line := range lines {
			fmt.Fprintf(&b, "      %s\n", line)
		}
	}
	b.WriteString("snapshots:\n  essential: {purpose: essential.service, basis: contract}\n")
	return b.String(), nil
}

// channelFields are the lines of the mapping for the columns that a file has.
func (s *set) channelFields(path string, m mapping) ([]string, error) {
	columns, samples, err := head(path, 1000)
	if err != nil {
		return nil, err
	}
	if m == inferred {
		return s.infer(columns, samples), nil
	}
	var out []string
	for line := range strings.SplitSeq(s.fields, "\n") {
		column, _, _ := strings.Cut(line, ":")
		if slices.Contains(columns, column) && !(m == masked && strings.Contains(line, "identifier")) {
			out = append(out, line)
		}
	}
	return out, nil
}

// infer maps columns by their names and values alone.
func (s *set) infer(columns []string, samples [][]string) []string {
	var out []string
	for i, column := range columns {
		t, kind, _, _ := normalize.InferType(column, samples[i])
		switch {
		case t == "" || column == s.key || column == "source" || attribute.IsCustom(t):
		case kind != "":
			out = append(out, fmt.Sprintf("%s: {as: %s, kind: %s}", column, t, kind))
		default:
			out = append(out, fmt.Sprintf("%s: %s", column, t))
		}
	}
	return out
}

// head reads the columns of a csv file, gzipped or not, and their first
// values.
func head(path string, rows int) (columns []string, samples [][]string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close() // read only
	text, err := plain(f)
	if err != nil {
		return nil, nil, err
	}
	in := csv.NewReader(text)
	if columns, err = in.Read(); err != nil {
		return nil, nil, err
	}
	samples = make([][]string, len(columns))
	for range rows {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		for i, v := range row {
			samples[i] = append(samples[i], v)
		}
	}
	return columns, samples, nil
}
