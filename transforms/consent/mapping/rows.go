package mapping

import (
	"slices"
	"strings"

	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

// Rows makes the feed's rows of one row of the export: for every statement,
// one per subject. text is slot k of a column of [Mapping.Columns], "" for
// null and for what is not there; a column without "[]" has slot 0 alone. n
// counts a column's slots. The rows read through both when asked, and are
// valid as long as they are.
func (m *Mapping) Rows(text func(column string, k int) string, n func(column string) int) []consent.Row {
	var rows []consent.Row
	for i := range m.statements {
		b := &m.statements[i]
		count := 1
		if b.Each != "" {
			count = 0
			for _, c := range b.elements {
				count = max(count, n(b.column(c)))
			}
		}
		for k := range count {
			v := view{m: m, bound: b, text: text, n: n, k: k}
			if v.holds() {
				rows = v.rows(rows)
			}
		}
	}
	return rows
}

// view is one statement of one row: element k of its array.
type view struct {
	m *Mapping
	*bound
	text func(string, int) string
	n    func(string) int
	k    int
}

// at is the value of a path: of this element where it lies below the array.
func (v *view) at(path string) string {
	column, k := v.column(path), 0
	if strings.Contains(path, "[]") {
		k = v.k
	}
	return v.slot(column, k)
}

// slot is slot k of a column, "" when there is none.
func (v *view) slot(column string, k int) string {
	if k >= v.n(column) {
		return ""
	}
	return strings.TrimSpace(v.text(column, k))
}

// holds tells whether the row makes the statement at all.
func (v *view) holds() bool {
	for _, c := range v.Skip {
		if c.met(v.at(c.Column)) {
			return false
		}
	}
	return !v.Optional || slices.ContainsFunc(v.own, func(c string) bool { return v.at(c) != "" })
}

func (c *condition) met(value string) bool { return slices.Contains(c.Is, strings.ToLower(value)) }

// named is one subject of a statement.
type named struct {
	*subject
	value string
}

// rows adds a row per subject, or one without when there is none.
func (v *view) rows(rows []consent.Row) []consent.Row {
	subjects := v.reached(v.subjects(false))
	if len(subjects) == 0 {
		subjects = v.subjects(true)
	}
	if len(subjects) == 0 {
		subjects = []named{{subject: &v.Subjects[0]}}
	}
	for _, s := range subjects {
		rows = append(rows, func(f consent.Field) string { return v.field(f, s) })
	}
	return rows
}

// subjects are the subjects that the row names, each once: the fallbacks or
// the others.
func (v *view) subjects(fallback bool) []named {
	var out []named
	for i := range v.Subjects {
		s := &v.Subjects[i]
		if s.Fallback != fallback {
			continue
		}
		for k := range v.n(s.Column) {
			if s.Where != nil && !s.Where.met(v.slot(s.Where.Column, k)) {
				continue
			}
			value := v.slot(s.Column, k)
			same := func(o named) bool { return o.Kind == s.Kind && o.value == value }
			if value != "" && !slices.ContainsFunc(out, same) {
				out = append(out, named{s, value})
			}
		}
	}
	return out
}

// reached keeps the subjects that the statement's channel reaches: a consent
// to e-mail belongs to the e-mail address. When it reaches none of them, all
// stay: a denial must have a place.
func (v *view) reached(subjects []named) []named {
	_, channel, split, ok := v.m.resolve(v.field(consent.FieldPurpose, named{}))
	if stated := v.field(consent.FieldChannel, named{}); ok && !split && stated != "" {
		var err error
		channel, err = schema.ParseChannel(stated)
		ok = err == nil
	}
	if !ok {
		return subjects
	}
	var kept []named
	for _, s := range subjects {
		if kind, err := schema.ParseKind(s.Kind); err == nil && channel.Reaches(kind) {
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 {
		return subjects
	}
	return kept
}

// field is one field of the row for one subject.
func (v *view) field(f consent.Field, s named) string {
	switch f {
	case consent.FieldSubjectKind:
		return s.Kind
	case consent.FieldSubjectValue:
		return s.value
	}
	value := ""
	if src := v.Fields[f]; src != nil {
		value = v.value(f, src)
	}
	if f == consent.FieldChannel && value == "" && s.subject != nil && v.needsChannel() {
		return s.Channel
	}
	return value
}

// needsChannel tells whether the purpose is about a contact point and does
// not name its channel itself.
func (v *view) needsChannel() bool {
	code, _, split, ok := v.m.resolve(v.field(consent.FieldPurpose, named{}))
	return ok && !split && v.m.registry.Purpose(code).About == schema.AboutContactPoint
}
