package normalize

import (
	"strings"

	"concord/schemas/attribute"
)

// readLanguage reads a language by its ISO 639 code, as a BCP 47 tag ("en-US",
// "en_GB") or by its name. Shown keeps the tag's region, Canonical is the
// two-letter code.
func readLanguage(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	t := languages()
	base, rest, _ := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
	code := strings.ToLower(base)
	if !t.two[code] {
		if two, ok := t.three[code]; ok {
			code = two
		} else if two, ok := t.byName[Fold(s)]; ok {
			code, rest = two, ""
		} else {
			return problem(out, attribute.Language, BadLanguage)
		}
	}
	v := Value{Attribute: attribute.Language, Shown: code, Canonical: code}
	if region := strings.ToUpper(rest); len(region) == 2 && countries().two[region] {
		v.Shown += "-" + region
	}
	return append(out, v)
}
