package snapshot

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for matrix.json
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"concord/schemas/attribute"
)

//go:embed matrix.json
var matrixJSON []byte

// Matrix is which data categories each purpose may carry: data, versioned, and
// its digest stands in every run record.
type Matrix struct {
	Version string        `json:"version"`
	Note    string        `json:"note"`
	Entries []MatrixEntry `json:"entries"`

	digest string
}

// MatrixEntry is the rule of a purpose and everything below it that has no
// entry of its own.
type MatrixEntry struct {
	Purpose    string   `json:"purpose"`
	Direct     bool     `json:"direct"` // whether direct identifiers may pass
	Categories []string `json:"categories"`
	Except     []string `json:"except"`
	Why        string   `json:"why"` // the sentence that errors and reports show
}

// LoadMatrix reads a matrix strictly.
func LoadMatrix(data []byte) (*Matrix, error) {
	var m Matrix
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("purpose matrix: %w", err)
	}
	if m.Version == "" || len(m.Entries) == 0 {
		return nil, fmt.Errorf("purpose matrix: no version or no entries")
	}
	seen := map[string]bool{}
	for _, e := range m.Entries {
		if e.Purpose == "" || e.Why == "" || len(e.Categories) == 0 || seen[e.Purpose] {
			return nil, fmt.Errorf("purpose matrix: entry %q is incomplete or there twice", e.Purpose)
		}
		seen[e.Purpose] = true
	}
	sum := sha256.Sum256(data)
	m.digest = hex.EncodeToString(sum[:])
	return &m, nil
}

// DefaultMatrix is the matrix that comes with Concord.
func DefaultMatrix() *Matrix {
	m, err := LoadMatrix(matrixJSON)
	if err != nil {
		panic("snapshot: embedded matrix.json: " + err.Error())
	}
	return m
}

// Digest is the SHA-256 of the matrix as it was read, hex.
func (m *Matrix) Digest() string { return m.digest }

// Entry is the entry that governs a purpose: that of its longest dotted
// prefix.
func (m *Matrix) Entry(purpose string) (MatrixEntry, bool) {
	best, found := MatrixEntry{}, false
	for _, e := range m.Entries {
		if below(purpose, e.Purpose) && len(e.Purpose) > len(best.Purpose) {
			best, found = e, true
		}
	}
	return best, found
}

// below tells whether a dotted key is parent or under it.
func below(key, parent string) bool {
	return key == parent || strings.HasPrefix(key, parent) && key[len(parent)] == '.'
}

// Permits tells whether the entry's purposes may carry an attribute, and why
// not.
func (e MatrixEntry) Permits(spec attribute.Spec) (ok bool, reason string) {
	category := func(c string) bool { return below(spec.Category, c) }
	switch {
	case spec.Category == attribute.Undeclared && (!e.Direct || !slices.Contains(e.Categories, attribute.Undeclared)):
		return false, "nobody said what it holds: give its field a category, such as user.behavior.purchase_history"
	case spec.Sensitivity == attribute.Direct && !e.Direct:
		return false, "it is a direct identifier"
	case slices.ContainsFunc(e.Except, category), !slices.ContainsFunc(e.Categories, category):
		return false, "the purpose does not cover data category " + spec.Category
	}
	return true, ""
}

// Columns is the attributes that a snapshot of the purpose carries, in the
// order of available: those of wanted, or, where wanted is nil, all that the
// purpose permits. Asking for a column that does not exist or that the purpose
// does not permit is an error that says what to do. declared are the data
// categories of columns of the job's own; those not in it may hold anything.
func (m *Matrix) Columns(purpose string, wanted []string, available []attribute.Name, declared map[attribute.Name]string) ([]attribute.Name, error) {
	e, ok := m.Entry(purpose)
	if !ok {
		return nil, fmt.Errorf("purpose %q: the purpose matrix (version %s) has no entry for it; add one", purpose, m.Version)
	}
	for _, w := range wanted {
		if !slices.ContainsFunc(available, func(n attribute.Name) bool { return n.Column() == w }) {
			return nil, fmt.Errorf("column %q: golden records have no such column; they have %s", w, columnNames(available))
		}
	}
	var out []attribute.Name
	for _, n := range available {
		asked := slices.Contains(wanted, n.Column())
		if wanted != nil && !asked {
			continue
		}
		spec, ok := attribute.Lookup(n)
		if !ok {
			return nil, fmt.Errorf("column %q: not an attribute", n)
		}
		if c := declared[n]; c != "" {
			spec = attribute.Declared(n, c)
		}
		permitted, reason := e.Permits(spec)
		if !permitted && asked {
			return nil, fmt.Errorf("column %q may not be published for purpose %s: %s (%s); leave it out, or name another purpose",
				n.Column(), purpose, reason, e.Why)
		}
		if permitted {
			out = append(out, n)
		}
	}
	return out, nil
}

// Barred is a column that a purpose may not carry, and why.
type Barred struct {
	Name   attribute.Name
	Reason string
}

// Barred lists the attributes of available that a purpose may not carry, as
// [Matrix.Columns] leaves them out.
func (m *Matrix) Barred(purpose string, available []attribute.Name, declared map[attribute.Name]string) (out []Barred) {
	e, _ := m.Entry(purpose)
	for _, n := range available {
		spec, _ := attribute.Lookup(n)
		if c := declared[n]; c != "" {
			spec = attribute.Declared(n, c)
		}
		if ok, reason := e.Permits(spec); !ok {
			out = append(out, Barred{n, reason})
		}
	}
	return out
}

func columnNames(available []attribute.Name) string {
	names := make([]string, len(available))
	for i, n := range available {
		names[i] = n.Column()
	}
	return strings.Join(names, ", ")
}
