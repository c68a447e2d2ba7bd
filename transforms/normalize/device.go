package normalize

import (
	"strings"

	"concord/schemas/attribute"
)

// readDevice reads the identifier of a device, browser or installation. It is
// compared without case where it is hexadecimal (UUIDs, advertising ids, MAC
// addresses), else as it is. An all-zero one, which a device gives when its
// owner refuses tracking, is junk.
func readDevice(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	s = strings.Trim(s, "{}\"' ")
	hex := deviceMarks.Replace(strings.ToLower(s))
	switch {
	case len(hex) < 4 || strings.ContainsAny(s, " @") || len(s) > 256:
		return problem(out, attribute.Device, BadDevice)
	case strings.Count(hex, hex[:1]) == len(hex):
		return junk(out, attribute.Device)
	}
	canon := s
	if strings.Trim(hex, "0123456789abcdef") == "" {
		canon = hex
	}
	return append(out, Value{Attribute: attribute.Device, Shown: s, Canonical: canon})
}

// deviceMarks stand between the digits of an identifier.
var deviceMarks = strings.NewReplacer("-", "", ":", "", ".", "")
