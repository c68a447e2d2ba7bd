package compare

import (
	"strings"

	"concord/matching/column"
	"concord/matching/compare/strsim"
	"concord/schemas/attribute"
	"concord/schemas/table"
)

// Email compares e-mail addresses, any of which may agree.
type Email struct{}

// The levels of the e-mail comparison.
const (
	emailSameLocal Level = Else + 1 + iota // many people of one name have it
	emailSimilar
	emailLocalSimilar
	emailOneEdit
	emailExact
)

var emailLevels = []LevelSpec{
	Null:              {"null", "a record has no e-mail address", false},
	Else:              {"else", "the e-mail addresses differ", false},
	emailSameLocal:    {"same_local", "the local parts are equal, the domains differ", true},
	emailSimilar:      {"jaro_winkler_88", "the e-mail addresses begin alike and are similar (Jaro-Winkler of at least 0.88)", false},
	emailLocalSimilar: {"local_jaro_winkler_92", "the domains are equal and the local parts nearly so (Jaro-Winkler of at least 0.92)", false},
	emailOneEdit:      {"one_edit", "the e-mail addresses differ by one character or two swapped ones", false},
	emailExact:        {"exact", "the e-mail addresses are equal", true},
}

// Name is "email".
func (Email) Name() string { return "email" }

// Description is one sentence.
func (Email) Description() string {
	return "e-mail addresses: equal, mistyped, the same local part at another domain"
}

// Attributes is the e-mail address.
func (Email) Attributes() []attribute.Name { return []attribute.Name{attribute.Email} }

// Levels lists the levels, worst first.
func (Email) Levels() []LevelSpec { return emailLevels }

// Bind needs e-mail addresses.
func (Email) Bind(t *column.Table) Kernel {
	c := t.Column(attribute.Email)
	if c == nil {
		return nil
	}
	features := describeValues(c.Values, strsim.Sign)
	locals := column.Derive(column.LocalPart, c)[0]
	domains := domainCodes(c.Values)
	for v := 1; v < len(features); v++ {
		local := locals.Values.At(locals.Codes[v])
		f := &features[v]
		f.part, f.domain = locals.Codes[v], domains[v]
		f.partSign, f.partLength = strsim.Sign(local), runeCount(local)
	}
	k := newValue(t, c, features, emailExact, &emailMeasure{values: &c.Values, locals: &locals.Values})
	k.parts = []partFrequency{{
		level: emailSameLocal,
		of:    func(r *valueRow) uint32 { return r.part },
		count: t.Derived(column.LocalPart, attribute.Email).Count,
	}}
	return k
}

// domainCodes numbers the domains of addresses, 0 where there is none.
func domainCodes(values table.Strings) []uint32 {
	out := make([]uint32, max(values.Len(), 1))
	codes := map[string]uint32{"": 0}
	for v := 1; v < len(out); v++ {
		_, domain, _ := strings.Cut(values.At(uint32(v)), "@")
		code, seen := codes[domain]
		if !seen {
			code = uint32(len(codes))
			codes[domain] = code
		}
		out[v] = code
	}
	return out
}

const emailSimilarity = 0.88

var needEmail = strsim.NewNeed(emailSimilarity)

type emailMeasure struct {
	values, locals *table.Strings
	whole, local   outerPattern
}

func (m *emailMeasure) clone() measure { return &emailMeasure{values: m.values, locals: m.locals} }

func (m *emailMeasure) ceiling(a, b *valueRow) Level {
	switch {
	case a.withinEdits(b, 1):
		return emailOneEdit
	case a.part != 0 && a.part == b.part:
		return emailSameLocal
	case a.mayShareLocal(b):
		return emailLocalSimilar
	case a.mayBeSimilarAddress(b):
		return emailSimilar
	}
	return Else
}

// mayShareLocal tells whether the domains are equal and the local parts may be
// nearly so.
func (a *valueRow) mayShareLocal(b *valueRow) bool {
	if a.domain == 0 || a.domain != b.domain || a.part == 0 || b.part == 0 {
		return false
	}
	la, lb := int(a.partLength), int(b.partLength)
	return needNear.Reachable(la, lb, strsim.MatchesAtMost(a.partSign, b.partSign, la, lb), commonHead(a.head, b.head))
}

// mayBeSimilarAddress bounds the similarity of whole addresses. They must begin
// alike: long texts of few letters, ending in ".com", resemble each other too
// easily, and a slip in the first letter alone is one edit.
func (a *valueRow) mayBeSimilarAddress(b *valueRow) bool {
	return commonHead(a.head, b.head) > 0 && a.mayReach(b, needEmail)
}

func (m *emailMeasure) grade(a, b *valueRow) Level {
	switch {
	case a.withinEdits(b, 1) && m.whole.of(m.values, a.code).OSA(m.values.At(b.code), 1) <= 1:
		return emailOneEdit
	case a.part != 0 && a.part == b.part:
		return emailSameLocal
	case a.mayShareLocal(b) && m.local.of(m.locals, a.part).JaroWinkler(m.locals.At(b.part), nearSimilarity) > 0:
		return emailLocalSimilar
	case a.mayBeSimilarAddress(b) && m.whole.of(m.values, a.code).JaroWinkler(m.values.At(b.code), emailSimilarity) > 0:
		return emailSimilar
	}
	return Else
}
