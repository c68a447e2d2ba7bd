package normalize

import (
	"strings"
	"testing"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// A worked example: raw is read as typ with the options, and gives want: the
// values in order, each "attribute=canonical", followed by "!code" for a
// problem and by flags j(unk), r(ole), d(isposable), u(ncertain).
type example struct {
	raw, want string
}

func checkExamples(t *testing.T, typ attribute.Type, o Options, examples []example) {
	t.Helper()
	n, ok := For(typ)
	if !ok {
		t.Fatalf("no normalizer of %q", typ)
	}
	for _, e := range examples {
		if got := describe(n.Normalize(e.raw, o, nil)); got != e.want {
			t.Errorf("%s(%q)\n got  %s\n want %s", typ, e.raw, got, e.want)
		}
	}
}

func describe(values []Value) string {
	var parts []string
	for _, v := range values {
		s := string(v.Attribute) + "=" + v.Canonical
		if v.Problem != "" {
			s += "!" + v.Problem
		}
		for _, f := range []struct {
			flag table.Flag
			mark string
		}{{table.Junk, " j"}, {table.Role, " r"}, {table.Disposable, " d"}, {table.Uncertain, " u"}} {
			if v.Flags&f.flag != 0 {
				s += f.mark
			}
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// shown is the presentable forms of what typ reads from raw, joined by "; ".
func shown(typ attribute.Type, raw string, o Options) string {
	n, _ := For(typ)
	var parts []string
	for _, v := range n.Normalize(raw, o, nil) {
		parts = append(parts, v.Shown)
	}
	return strings.Join(parts, "; ")
}

func checkShown(t *testing.T, typ attribute.Type, o Options, examples []example) {
	t.Helper()
	for _, e := range examples {
		if got := shown(typ, e.raw, o); got != e.want {
			t.Errorf("%s(%q) shows %q, want %q", typ, e.raw, got, e.want)
		}
	}
}

func TestNullTextsGiveNoValue(t *testing.T) {
	for _, raw := range []string{"", "  ", "null", "NULL", "N/A", "n/a", "none", "-", "--", "unknown", "#N/A", "NaN", "?", ".", "\t", "Not Available"} {
		for i := range all {
			if raw == "N/A" && all[i].name == attribute.TypeCountry {
				continue
			}
			if got := all[i].Normalize(raw, Options{Attribute: attribute.Custom("x")}, nil); len(got) != 0 {
				t.Errorf("%s(%q) = %s, want nothing", all[i].name, raw, describe(got))
			}
		}
	}
}

func TestNormalizeAppends(t *testing.T) {
	n, _ := For(attribute.TypeCity)
	before := []Value{{Attribute: attribute.Street, Canonical: "high street"}}
	if got := describe(n.Normalize("Leeds", Options{}, before)); got != "street=high street; city=leeds" {
		t.Errorf("values are not appended: %s", got)
	}
}
