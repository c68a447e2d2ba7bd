package mapping

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	schema "concord/schemas/consent"
)

// Mapping reads one shape of export. It is read-only and may be shared.
type Mapping struct {
	file       *file
	registry   *schema.Registry
	purposes   map[string]string // the export's name ─► a registry key
	statements []bound
	columns    []string
}

// bound is a statement whose "*" is one of the job's purposes.
type bound struct {
	*statement
	key      string   // in place of "*", "" without
	own      []string // paths beside the state: while all are empty, nothing is said
	elements []string // paths below Each
}

// Name is the mapping's name, as a job file gives it.
func (m *Mapping) Name() string { return m.file.Name }

// Title says in a few words whose export it reads.
func (m *Mapping) Title() string { return m.file.Title }

// NeedsPurposes tells whether the export names purposes that only the job can
// translate: without [Mapping.Bind] it reads those alone that are called as in
// the registry.
func (m *Mapping) NeedsPurposes() bool {
	return slices.ContainsFunc(m.file.Statements, func(s statement) bool {
		p := s.Fields["purpose"]
		return p.Key || len(p.Columns) > 0 && p.Table == ""
	})
}

// Bind is the mapping with the job's purposes: the names that the export uses
// ─► purposes of the registry, optionally with a channel at the end
// (marketing.communications.email). An unknown purpose is an error. A nil
// registry is the default one.
func (m *Mapping) Bind(reg *schema.Registry, purposes map[string]string) (*Mapping, error) {
	if reg == nil {
		reg = schema.DefaultRegistry()
	}
	for _, name := range sortedKeys(purposes) {
		if _, _, _, err := reg.Resolve(purposes[name]); err != nil {
			return nil, fmt.Errorf("mapping %s: purpose %q: %w", m.file.Name, name, err)
		}
	}
	return newMapping(m.file, reg, purposes), nil
}

func newMapping(f *file, reg *schema.Registry, purposes map[string]string) *Mapping {
	m := &Mapping{file: f, registry: reg, purposes: purposes}
	for i := range f.Statements {
		s := &f.Statements[i]
		if !s.Fields["purpose"].Key {
			m.add(s, "")
			continue
		}
		for _, name := range sortedKeys(purposes) {
			m.add(s, name)
		}
	}
	slices.Sort(m.columns)
	m.columns = slices.Compact(m.columns)
	return m
}

// add binds a statement to a purpose name and notes its columns.
func (m *Mapping) add(s *statement, key string) {
	b := bound{statement: s, key: key}
	state := s.Fields["state"].Columns[0]
	parent := state[:strings.LastIndexByte(state, '.')+1]
	for _, c := range s.columns() {
		// The siblings of "….*" are other purposes' states.
		if c == state || parent != "" && !strings.HasSuffix(state, ".*") && strings.HasPrefix(c, parent) {
			b.own = append(b.own, c)
		}
		if s.Each != "" && strings.HasPrefix(c, s.Each) {
			b.elements = append(b.elements, c)
		}
		m.columns = append(m.columns, b.column(c))
	}
	m.statements = append(m.statements, b)
}

var escaper = strings.NewReplacer(`\`, `\\`, `.`, `\.`, `[`, `\[`, `]`, `\]`)

// column is a path with the purpose name in place of "*", written as extract
// reads names.
func (b *bound) column(path string) string {
	return strings.Replace(path, "*", escaper.Replace(b.key), 1)
}

// columns lists every path that the statement mentions.
func (s *statement) columns() []string {
	var out []string
	for _, src := range s.Fields {
		out = append(out, src.Columns...)
		if src.NotBefore != "" {
			out = append(out, src.NotBefore)
		}
	}
	for _, sub := range s.Subjects {
		out = append(out, sub.Column)
		if sub.Where != nil {
			out = append(out, sub.Where.Column)
		}
	}
	for _, c := range s.Skip {
		out = append(out, c.Column)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Columns lists the columns that extract must read, sorted. Exports leave out
// what is not set, so none of them need be there.
func (m *Mapping) Columns() []string { return append([]string(nil), m.columns...) }

// Unread lists those of an export's columns that hold consent states and that
// this mapping does not read: categories that the job does not name, settings
// kept per id. A denial among them would go unnoticed, so a run must not.
func (m *Mapping) Unread(columns []string) []string {
	var out []string
	for _, c := range columns {
		holds := slices.ContainsFunc(m.file.States, func(p pattern) bool { return p.match(c) })
		if _, read := slices.BinarySearch(m.columns, c); holds && !read {
			out = append(out, c)
		}
	}
	return out
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
