package ingest

import (
	"fmt"
	"slices"
	"strings"

	"concord/schemas/attribute"
	"concord/schemas/table"
	"concord/transforms/normalize"
)

// vocabulary holds, for each attribute, the distinct values of the whole run:
// variants (presentable forms) and the canonical form of each.
type vocabulary struct {
	byName map[attribute.Name]*terms
}

// terms are the values of one attribute.
type terms struct {
	variants  *dictionary // over shown and canonical form together
	shown     table.Strings
	canon     []uint32
	flags     []table.Flag
	canonical *dictionary
	scratch   strings.Builder
}

func newVocabulary() *vocabulary { return &vocabulary{byName: map[attribute.Name]*terms{}} }

// of is the attribute's terms, made at first use.
func (v *vocabulary) of(n attribute.Name) *terms {
	t := v.byName[n]
	if t == nil {
		t = &terms{variants: newDictionary(), canonical: newDictionary(), canon: []uint32{0}, flags: []table.Flag{0}}
		t.shown.Append("")
		v.byName[n] = t
	}
	return t
}

// names lists the attributes in table order.
func (v *vocabulary) names() []attribute.Name {
	var names []attribute.Name
	for n := range v.byName {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b attribute.Name) int {
		if attribute.Less(a, b) {
			return -1
		}
		return 1
	})
	return names
}

// variant is the code of a normalized value, 0 when there is nothing to keep.
func (t *terms) variant(v *normalize.Value) (uint32, error) {
	if v.Shown == "" && v.Canonical == "" {
		return 0, nil
	}
	t.scratch.Reset()
	t.scratch.WriteString(v.Shown)
	t.scratch.WriteByte(0)
	t.scratch.WriteString(v.Canonical)
	before := t.variants.values.Len()
	code, err := t.variants.codeString(t.scratch.String())
	if err != nil {
		return 0, t.named(v.Attribute, err)
	}
	if int(code) < before {
		t.flags[code] = combine(t.flags[code], v.Flags)
		return code, nil
	}
	canon, err := t.canonical.codeString(v.Canonical)
	if err != nil {
		return 0, t.named(v.Attribute, err)
	}
	t.shown.Append(v.Shown)
	t.canon = append(t.canon, canon)
	t.flags = append(t.flags, v.Flags)
	return code, nil
}

// combine is the flags of a variant that was read twice, whatever the order:
// one sure reading makes it sure; any other flag stays.
func combine(a, b table.Flag) table.Flag {
	return (a|b)&^table.Uncertain | a&b&table.Uncertain
}

func (t *terms) named(n attribute.Name, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("attribute %s: %w", n, err)
}
