package mapping

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

// file is a mapping as written.
type file struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Source string `json:"source"` // where the shape is described
	// States are the columns that hold states in such exports, whether this
	// mapping reads them or not.
	States []pattern `json:"states"`
	// Values are tables: what an export writes, in lower case, ─► what the
	// feed calls it.
	Values     map[string]map[string]string `json:"values"`
	Statements []statement                  `json:"statements"`
}

// pattern is every column that begins and ends so.
type pattern struct {
	Prefix string `json:"prefix"`
	Suffix string `json:"suffix"`
}

func (p pattern) match(column string) bool {
	return len(column) > len(p.Prefix)+len(p.Suffix) && strings.HasPrefix(column, p.Prefix) && strings.HasSuffix(column, p.Suffix)
}

// statement makes rows of the feed from one row of the export.
type statement struct {
	// Each is an array ("purposes[]") whose every element is a statement; ""
	// for one in the row.
	Each string `json:"each"`
	// Optional says that a statement of which the row holds nothing is none.
	Optional bool                      `json:"optional"`
	Skip     []condition               `json:"skip"` // any of them makes it no statement
	Subjects []subject                 `json:"subjects"`
	Fields   map[consent.Field]*source `json:"fields"`
}

// subject is a column that may name whom the statement concerns. Every value
// found in any of a statement's subjects is one.
type subject struct {
	Kind   string     `json:"kind"`
	Column string     `json:"column"`
	Where  *condition `json:"where"` // on the same element of the array
	// Fallback is a subject for want of any other: a denial by telephone of
	// somebody without a number is one of the account's.
	Fallback bool `json:"fallback"`
	// Channel is how this subject is reached when the statement names no
	// channel and its purpose needs one.
	Channel string `json:"channel"`
}

// condition is a column that holds one of the values, in lower case.
type condition struct {
	Column string   `json:"column"`
	Is     []string `json:"is"`
}

// source is where a field's value comes from.
type source struct {
	Text    string   `json:"text"`    // a constant
	Key     bool     `json:"key"`     // the purpose name in place of "*"
	Columns []string `json:"columns"` // the first that is not empty
	Table   string   `json:"table"`   // of Values
	Format  string   `json:"format"`  // "unix_ms": milliseconds since 1970, or a written time
	Only    string   `json:"only"`    // "grants" or "denials"; for other states the field is empty
	// NotBefore is the column of a time from which a grant counts. When it is
	// later than this field's, the grant is refused: one event has one time.
	NotBefore string `json:"not_before"`
}

// The values of source.Format and source.Only.
const (
	formatUnixMillis = "unix_ms"
	onlyGrants       = "grants"
	onlyDenials      = "denials"
)

// load reads a mapping file, strictly.
func load(text []byte) (*file, error) {
	f := &file{}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(f); err != nil {
		return nil, fmt.Errorf("consent mapping: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("consent mapping: something follows the closing brace")
	}
	if f.Name == "" || f.Title == "" || f.Source == "" || len(f.Statements) == 0 {
		return nil, fmt.Errorf("consent mapping %q: name, title, source or statements missing", f.Name)
	}
	for i := range f.Statements {
		if err := f.check(&f.Statements[i]); err != nil {
			return nil, fmt.Errorf("consent mapping %q statement %d: %w", f.Name, i, err)
		}
	}
	return f, nil
}

// check refuses what the interpreter could not do.
func (f *file) check(s *statement) error {
	if len(s.Subjects) == 0 {
		return errors.New("no subject")
	}
	for _, sub := range s.Subjects {
		if _, err := schema.ParseKind(sub.Kind); err != nil || sub.Column == "" {
			return fmt.Errorf("subject %q: kind or column missing or unknown", sub.Kind)
		}
	}
	for _, must := range []consent.Field{consent.FieldPurpose, consent.FieldState, consent.FieldEventTime} {
		if s.Fields[must] == nil {
			return fmt.Errorf("field %s missing", must)
		}
	}
	for field, src := range s.Fields {
		_, known := f.Values[src.Table]
		switch {
		case !slices.Contains(consent.Fields(), field) || field == consent.FieldSubjectKind || field == consent.FieldSubjectValue:
			return fmt.Errorf("field %q: unknown, or a subject's", field)
		case src.Text == "" && !src.Key && len(src.Columns) == 0:
			return fmt.Errorf("field %s: no source", field)
		case src.Key && field != consent.FieldPurpose:
			return fmt.Errorf("field %s: only a purpose is a key", field)
		case src.Table != "" && !known:
			return fmt.Errorf("field %s: no table %q", field, src.Table)
		case src.Format != "" && src.Format != formatUnixMillis:
			return fmt.Errorf("field %s: unknown format %q", field, src.Format)
		case src.Only != "" && src.Only != onlyGrants && src.Only != onlyDenials:
			return fmt.Errorf("field %s: only %q?", field, src.Only)
		}
	}
	state := s.Fields[consent.FieldState]
	if len(state.Columns) == 0 || state.Table == "" {
		return errors.New("a state comes from a column by a table")
	}
	for value, name := range f.Values[state.Table] {
		if _, err := schema.ParseState(name); err != nil || value != strings.ToLower(value) {
			return fmt.Errorf("table %s: %q is no state, or its value is not in lower case", state.Table, name)
		}
	}
	return nil
}
