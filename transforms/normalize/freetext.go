package normalize

import "strings"

// readText reads free text of the job's own: cleaned, and compared without
// case. It keeps no line breaks.
func readText(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	canon := clean(strings.ToLower(s))
	return append(out, Value{Attribute: o.Attribute, Shown: s, Canonical: canon})
}

// joined is s without spaces.
func joined(s string) string { return strings.ReplaceAll(s, " ", "") }
