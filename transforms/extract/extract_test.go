package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
)

// result is what reading a file gives, as text: rows as "row: a|b", with null
// as ∅ and lists as [a b]; bad rows as "row! code column".
type result struct {
	reader *Reader
	rows   []string
	bad    []string
	raw    []string
	err    error
}

func readAll(src Source, d Dialect, lim Limits, columns ...string) result {
	var want []string
	if len(columns) > 0 {
		want = columns
	}
	r, err := Open(src, d, lim, want)
	if err != nil {
		return result{err: err}
	}
	defer r.Close()
	return drain(r)
}

func drain(r *Reader) result {
	out := result{reader: r}
	for {
		b, err := r.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			out.err = err
			return out
		}
		for i, row := range b.Row {
			var cells []string
			for c := range int(b.Records.NumCols()) {
				cells = append(cells, cellText(b, c, i))
			}
			out.rows = append(out.rows, fmt.Sprintf("%d: %s", row, strings.Join(cells, "|")))
		}
		for _, bad := range b.Bad {
			out.bad = append(out.bad, strings.TrimSpace(fmt.Sprintf("%d! %s %s", bad.Row, bad.Code, bad.Column)))
			out.raw = append(out.raw, string(bad.Raw))
		}
	}
}

func cellText(b *Batch, c, i int) string {
	switch a := b.Records.Column(c).(type) {
	case *array.String:
		if a.IsNull(i) {
			return "∅"
		}
		return a.Value(i)
	case *array.List:
		if a.IsNull(i) {
			return "∅"
		}
		values := a.ListValues().(*array.String)
		lo, hi := a.ValueOffsets(i)
		cells := []string{}
		for j := int(lo); j < int(hi); j++ {
			if values.IsNull(j) {
				cells = append(cells, "∅")
			} else {
				cells = append(cells, values.Value(j))
			}
		}
		return "[" + strings.Join(cells, " ") + "]"
	}
	return "?"
}

func bytesSource(b []byte) Source {
	return Source{At: bytes.NewReader(b), Size: int64(len(b))}
}

func textSource(s string) Source { return Source{Body: strings.NewReader(s)} }

func wantLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func wantFileError(t *testing.T, err error, code string) *FileError {
	t.Helper()
	var bad *FileError
	if !errors.As(err, &bad) {
		t.Fatalf("error %v, want a file error %s", err, code)
	}
	if bad.Code != code {
		t.Errorf("file error %s (%v), want %s", bad.Code, bad, code)
	}
	return bad
}
