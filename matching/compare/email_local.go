package compare

import (
	"strings"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// namedLocals tells, by e-mail address, whether the local part is made of
// names. The Tyler Harris of one company and the Tyler Harris of another both
// have tyler.harris before the @, and that they do says what their names have
// said.
func namedLocals(t *column.Table, c *column.Column) []bool {
	names := map[string]bool{}
	for _, a := range []attribute.Name{attribute.GivenName, attribute.MiddleName, attribute.FamilyName} {
		if of := t.Column(a); of != nil {
			for v := uint32(1); v < uint32(of.Values.Len()); v++ {
				for _, word := range column.Words(of.Values.At(v), 2, nil) {
					names[word] = true
				}
			}
		}
	}
	named := make([]bool, max(c.Values.Len(), 1))
	for v := uint32(1); v < uint32(len(named)) && len(names) > 0; v++ {
		local, _, _ := strings.Cut(c.Values.At(v), "@")
		named[v] = madeOfNames(local, names)
	}
	return named
}

// madeOfNames tells whether a local part is names and initials, joined or
// separated, and nothing else. A number is something else.
func madeOfNames(local string, names map[string]bool) bool {
	if strings.ContainsAny(local, "0123456789") {
		return false
	}
	for word := range strings.FieldsFuncSeq(local, func(r rune) bool { return r == '.' || r == '_' || r == '-' }) {
		if !nameLike(word, names) {
			return false
		}
	}
	return true
}

// nameLike tells whether a word is a name, an initial, or two of those in one.
func nameLike(word string, names map[string]bool) bool {
	if len(word) == 1 || names[word] {
		return true
	}
	for i := 1; i < len(word); i++ {
		if (i == 1 || names[word[:i]]) && names[word[i:]] || i == len(word)-1 && names[word[:i]] {
			return true
		}
	}
	return false
}
