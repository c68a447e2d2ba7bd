package mapping

import (
	"strconv"
	"strings"
	"time"

	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

// unreadable stands for a value that the mapping cannot translate. No field of
// the feed has a reading for it.
const unreadable = "\x00"

// value reads and translates a field.
func (v *view) value(f consent.Field, src *source) string {
	if src.Only != "" && !v.applies(src.Only) {
		return ""
	}
	value := src.Text
	if src.Key {
		value = v.key
	}
	for _, c := range src.Columns {
		if value != "" {
			break
		}
		value = v.at(c)
	}
	switch {
	case value == "":
		return ""
	case src.Table != "":
		return translate(v.m.file.Values[src.Table], value)
	case f == consent.FieldPurpose:
		return v.m.purpose(value)
	case src.Format == formatUnixMillis:
		value = writtenTime(value)
	}
	if src.NotBefore != "" && v.applies(onlyGrants) && later(v.at(src.NotBefore), value) {
		return unreadable
	}
	return value
}

// applies tells whether the statement's state is one that a field is for.
func (v *view) applies(only string) bool {
	state, err := schema.ParseState(v.value(consent.FieldState, v.Fields[consent.FieldState]))
	if err != nil {
		return false
	}
	return only == onlyGrants && state.Permits() || only == onlyDenials && state.Denies()
}

func translate(table map[string]string, value string) string {
	if said, ok := table[strings.ToLower(value)]; ok {
		return said
	}
	return unreadable
}

// purpose is a purpose name of the export as one of the registry: by the
// job's table, or because it is called the same.
func (m *Mapping) purpose(name string) string {
	if key, ok := m.purposes[name]; ok {
		return key
	}
	if _, _, _, ok := m.resolve(name); ok {
		return name
	}
	return unreadable
}

// resolve is Registry.Resolve without its search for the nearest purpose,
// which an export full of other names would pay for on every row.
func (m *Mapping) resolve(name string) (code schema.PurposeCode, ch schema.Channel, split, ok bool) {
	if code, ok := m.registry.Code(name); ok {
		return code, schema.AnyChannel, false, true
	}
	parent := name[:max(strings.LastIndexByte(name, '.'), 0)]
	if _, ok := m.registry.Code(parent); !ok {
		return 0, 0, false, false
	}
	code, ch, split, err := m.registry.Resolve(name)
	return code, ch, split, err == nil
}

// maxMillis is the digits of the latest time that milliseconds are read for,
// in the year 5138: more is another unit.
const maxMillis = 14

// writtenTime turns milliseconds since 1970 into a written time; what is not
// digits alone stays.
func writtenTime(value string) string {
	if strings.Trim(value, "0123456789") != "" {
		return value
	}
	// Fewer than 12 digits, before 2001-09 in milliseconds, are seconds in
	// the wrong place: reading them would date a statement to 1970.
	if len(value) < 12 || len(value) > maxMillis {
		return unreadable
	}
	ms, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return unreadable
	}
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

// later tells whether time a begins after time b, or cannot be compared; an
// empty a is never later.
func later(a, b string) bool {
	if a == "" {
		return false
	}
	x, okX := consent.ParseTime(a, nil)
	y, okY := consent.ParseTime(b, nil)
	return !okX || !okY || x.Lo > y.Hi
}
