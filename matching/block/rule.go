package block

import (
	"fmt"
	"slices"
	"strings"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// Key is one conjunct of a blocking rule: what two records must share.
type Key struct {
	// Names are the attributes whose values give the key. Values of several
	// attributes are one pool: a given name of one record meets a family name
	// of another.
	Names []attribute.Name
	Kind  column.Kind
	// Pair, with two or more names, makes the key the unordered combination of
	// one key of each instead: "ana cruz" meets "cruz ana".
	Pair bool
}

// Of is the key of one attribute.
func Of(name attribute.Name, kind column.Kind) Key {
	return Key{Names: []attribute.Name{name}, Kind: kind}
}

// String is the key as reports and models write it: "birth_date.year",
// "given_name|family_name.soundex", "given_name&family_name.spelling".
func (k Key) String() string {
	names := make([]string, len(k.Names))
	for i, n := range k.Names {
		names[i] = string(n)
	}
	separator := "|"
	if k.Pair {
		separator = "&"
	}
	s := strings.Join(names, separator)
	if k.Kind != column.Whole {
		s += "." + k.Kind.String()
	}
	return s
}

// reads tells whether the key and other read an attribute in common.
func (k Key) reads(other Key) bool {
	return slices.ContainsFunc(k.Names, func(n attribute.Name) bool { return slices.Contains(other.Names, n) })
}

// Rule is a blocking rule: two records are compared when they share every
// key. A null in any key keeps a record out.
type Rule struct {
	Keys []Key
}

// String is the rule as reports and models write it: its keys joined by " + ".
func (r Rule) String() string {
	keys := make([]string, len(r.Keys))
	for i, k := range r.Keys {
		keys[i] = k.String()
	}
	return strings.Join(keys, " + ")
}

// reads tells whether the rule reads an attribute of k.
func (r Rule) reads(k Key) bool { return slices.ContainsFunc(r.Keys, k.reads) }

// ParseRule reads what [Rule.String] writes.
func ParseRule(s string) (Rule, error) {
	var r Rule
	for text := range strings.SplitSeq(s, "+") {
		k, err := parseKey(strings.TrimSpace(text))
		if err != nil {
			return Rule{}, fmt.Errorf("parse blocking rule %q: %w", s, err)
		}
		r.Keys = append(r.Keys, k)
	}
	return r, nil
}

func parseKey(s string) (Key, error) {
	names, kindName, derived := strings.Cut(s, ".")
	k := Key{Kind: column.Whole, Pair: strings.Contains(names, "&")}
	if derived {
		i := slices.IndexFunc(column.Kinds(), func(kind column.Kind) bool { return kind.String() == kindName })
		if i < 0 {
			return Key{}, fmt.Errorf("key %q: unknown kind %q", s, kindName)
		}
		k.Kind = column.Kinds()[i]
	}
	separator := "|"
	if k.Pair {
		separator = "&"
	}
	for name := range strings.SplitSeq(names, separator) {
		n := attribute.Name(name)
		if _, known := attribute.Lookup(n); !known || n.IsCustom() {
			return Key{}, fmt.Errorf("key %q: unknown attribute %q", s, name)
		}
		k.Names = append(k.Names, n)
	}
	return k, nil
}
