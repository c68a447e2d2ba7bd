package normalize

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// typeOf is the semantic type whose normalizer reads values of attribute a.
func typeOf(a attribute.Name) attribute.Type {
	switch {
	case a.Kind() != "":
		return attribute.TypeIdentifier
	case a == attribute.BirthDate:
		return attribute.TypeBirthDate
	}
	return attribute.Type(a)
}

// checkLaws fails t when the values that n reads from raw break a law of the
// package comment.
func checkLaws(t *testing.T, n Normalizer, raw string, o Options) {
	t.Helper()
	checkAppends(t, n, raw, o)
	for _, v := range n.Normalize(raw, o, nil) {
		checkForm(t, n, raw, v.Shown)
		checkForm(t, n, raw, v.Canonical)
		if (v.Problem != "" || v.Flags&table.Junk != 0) && v.Shown+v.Canonical != "" {
			t.Errorf("%s(%q): an unusable value has forms: %+v", n.Name(), raw, v)
		}
		own := n
		if !v.Attribute.IsCustom() {
			var ok bool
			if own, ok = For(typeOf(v.Attribute)); !ok {
				t.Fatalf("%s(%q): no normalizer of attribute %q", n.Name(), raw, v.Attribute)
			}
		}
		oo := o
		oo.Kind = v.Attribute.Kind()
		checkStable(t, own, raw, v.Shown, v, oo)
		switch v.Attribute {
		case attribute.GivenName, attribute.MiddleName, attribute.FamilyName:
			if Fold(v.Canonical) != v.Canonical {
				t.Errorf("%s(%q): canonical %q is not folded", n.Name(), raw, v.Canonical)
			}
		default:
			checkStable(t, own, raw, v.Canonical, v, oo)
		}
	}
}

// checkAppends reads raw after other values: they stay as they are, and what
// comes after them is what raw gives alone. The values before are of the
// attributes that raw fills, since it is those that a normalizer may look back
// at.
func checkAppends(t *testing.T, n Normalizer, raw string, o Options) {
	t.Helper()
	alone := n.Normalize(raw, o, nil)
	var before []Value
	for _, v := range alone {
		before = append(before, Value{Attribute: v.Attribute, Shown: "Before", Canonical: "before"}, Value{Attribute: v.Attribute, Problem: BadName})
	}
	before = append(before, Value{Attribute: attribute.Street, Flags: table.Junk})
	// Room to spare is where an append that looks back does harm unseen.
	given := append(make([]Value, 0, 4*len(before)+8), before...)
	if got := n.Normalize(raw, o, given); !slices.Equal(got, slices.Concat(before, alone)) {
		t.Errorf("%s(%q) after %d other values gives %+v, want them and then %+v", n.Name(), raw, len(before), got, alone)
	}
}

func checkForm(t *testing.T, n Normalizer, raw, s string) {
	t.Helper()
	if !utf8.ValidString(s) || strings.IndexFunc(s, unicode.IsControl) >= 0 || strings.TrimSpace(s) != s {
		t.Errorf("%s(%q): form %q is not clean", n.Name(), raw, s)
	}
}

// checkStable reads a form again: its canonical form must be v's.
func checkStable(t *testing.T, own Normalizer, raw, form string, v Value, o Options) {
	t.Helper()
	if form == "" || v.Canonical == "" {
		return
	}
	for _, w := range own.Normalize(form, o, nil) {
		if w.Attribute == v.Attribute {
			if w.Canonical != v.Canonical {
				t.Errorf("%s(%q) gives %+v; its form %q gives canonical %q", own.Name(), raw, v, form, w.Canonical)
			}
			return
		}
	}
	t.Errorf("%s(%q) gives %+v; its form %q gives nothing", own.Name(), raw, v, form)
}

// lawSeeds are texts that have broken a law, or look as if they could.
var lawSeeds = []string{
	"", " ", "N/A", "José", "JOSÉ MARÍA DE LA CRUZ", "Dr. Ana María de la Cruz Jr", "O’Brien", "o brien", "Smith Sr", "SMITH John",
	"Müller", "Søren Ødegård", "Александр Васильев", "Παπαδόπουλος Γιώργος", "محمد بن سلمان آل سعود", "فيصل صديقي", "王杰", "佐藤太郎", "김민수",
	"גיא כהן", "गीता देवी", "គឹម,តារា", "ﬁn\u200bn", "e\u0301", "\u0301", "ßtrasse", "İstanbul", "ŉ", "ǰ", "\x00\xff", "a@b.co", "A.B+x@Googlemail.com",
	"Maria <m@x.de>", "mailto:a.b@c.de", "info@ca-state.gov", "a@xn--mnchen-3ya.de", "+44 20 7946 0018", "650-650-6176", "04 02121465", "555-0100 x12",
	"1515 Adela Lane, Las Vegas NV 89111", "Flat 2, 10 High St, Leeds LS1 4AP", "Hauptstr. 5, 10115 Berlin", "#01-11, HillV2, 4 Hillview Rise, 667979",
	"P.O. Box 12987", "1450 N City Rd Suite 900", "2/45 Smith St", "12/11/1978", "13/02/1980", "15-Mar-92", "19730231", "1980", "1980-02", "2026-03-01T10:00:00Z",
	"1\x1f2\x1f1980", "1980\x1f2\x1f3", "1980\x1f\x1f3", "m", "weiblich", "2", "123-45-6789", "DE89370400440532013000", "en_US", "Deutsch", "1.234,50 €", "-0.0", "1,234",
	"{6D92078A-8246-4BA4-AE5B-76104861E7DC}", "00000000-0000-0000-0000-000000000000", "US-NV", "Texas", "SW988AF", "FL-2198", "927230000", "012 A", "Apt 4B",
	"3rd floor", "Penthouse Suite", "St Johns", "st st", "E St", "N Main", "strstrstr", "Siemens AG", "The A.B.C. Co., Ltd.", "ООО БАЙ", "٠١٢٣٤٥٦٧٨٩", "１２３",
}

var lawOptions = []Options{
	{Attribute: attribute.Custom("note")},
	{Attribute: attribute.Custom("note"), Region: "US", DateOrder: MDY, Kind: "ssn", ReferenceYear: 2026},
	{Attribute: attribute.Custom("note"), Region: "AU", DateOrder: DMY, Kind: "iban"},
	{Attribute: attribute.Custom("note"), Region: "GB", DateOrder: YMD, Kind: "loyalty"},
}

func TestLawsOnSeeds(t *testing.T) {
	for _, raw := range lawSeeds {
		for i := range all {
			for _, o := range lawOptions {
				checkLaws(t, &all[i], raw, o)
			}
		}
		checkLaws(t, BirthParts, raw, lawOptions[0])
	}
}

// FuzzLaws reads a text by one normalizer with one set of options, both chosen
// by which, and checks the laws of the package.
func FuzzLaws(f *testing.F) {
	for i, s := range lawSeeds {
		f.Add(uint8(i), s)
	}
	f.Fuzz(func(t *testing.T, which uint8, raw string) {
		n := BirthParts
		if i := int(which) / len(lawOptions); i < len(all) {
			n = &all[i]
		}
		checkLaws(t, n, raw, lawOptions[int(which)%len(lawOptions)])
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range lawSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := clean(s)
		if clean(c) != c {
			t.Errorf("clean(%q) = %q, cleaned again %q", s, c, clean(c))
		}
		checkLatin(t, s)
		folded := Fold(s)
		if !isFolded(folded) || Fold(folded) != folded {
			t.Errorf("Fold(%q) = %q is not folded", s, folded)
		}
	})
}

func TestEveryTypeHasANormalizer(t *testing.T) {
	for _, typ := range attribute.Types() {
		n, ok := For(typ)
		if !ok {
			t.Errorf("semantic type %q has no normalizer", typ)
			continue
		}
		if len(n.Description()) < 8 {
			t.Errorf("normalizer of %q has no description", typ)
		}
		if !attribute.IsBirthPart(typ) && n.Name() != string(typ) {
			t.Errorf("normalizer of %q is called %q", typ, n.Name())
		}
	}
	if _, ok := For("no_such_type"); ok {
		t.Error("a type that does not exist has a normalizer")
	}
}

func TestLongValueIsAProblem(t *testing.T) {
	raw := strings.Repeat("a", maxValueBytes+1)
	for i := range all {
		got := all[i].Normalize(raw, lawOptions[0], nil)
		if all[i].name == attribute.TypeText {
			if len(got) != 1 || got[0].Problem != "" {
				t.Errorf("text of %d bytes was refused", len(raw))
			}
		} else if len(got) != 1 || got[0].Problem != TooLong {
			t.Errorf("%s: %+v for a value of %d bytes", all[i].name, got, len(raw))
		}
	}
}
