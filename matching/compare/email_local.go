package compare

import (
	"strings"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// namedLocals tells, by e-mail address, whether the local part is made of
// names, and whether it is but for its digits. The Tyler Harris of one company
// and the Tyler Harris of another both have tyler.harris before the @, and that
// they do says what their names have said.
func namedLocals(t *column.Table, c *column.Column) (named, numbered []bool) {
	names := nameWords(t)
	named, numbered = make([]bool, max(c.Values.Len(), 1)), make([]bool, max(c.Values.Len(), 1))
	for v := uint32(1); v < uint32(len(named)) && len(names) > 0; v++ {
		local, _, _ := strings.Cut(c.Values.At(v), "@")
		letters := strings.Map(dropDigit, local)
		numbered[v] = madeOfNames(letters, names)
		named[v] = numbered[v] && letters == local
	}
	return named, numbered
}

// nameWords are the words of all names of the table.
func nameWords(t *column.Table) map[string]bool {
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
	return names
}

func dropDigit(r rune) rune {
	if '0' <= r && r <= '9' {
		return -1
	}
	return r
}

// madeOfNames tells whether the letters of a local part are names and initials,
// joined or separated, and nothing else.
func madeOfNames(letters string, names map[string]bool) bool {
	any := false
	for word := range strings.FieldsFuncSeq(letters, func(r rune) bool { return r == '.' || r == '_' || r == '-' }) {
		if !nameLike(word, names) {
			return false
		}
		any = true
	}
	return any
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
