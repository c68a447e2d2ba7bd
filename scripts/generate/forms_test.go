package main

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"
)

func testWorld(t *testing.T) *world {
	t.Helper()
	w, err := newWorld(1)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) country(code string) *country {
	for _, c := range w.countries {
		if c.code == code {
			return c
		}
	}
	return nil
}

// Nearly all numbers are ones that could exist, by the numbering plans of
// libphonenumber: ours know prefixes and lengths, not every range in use.
func TestPhonesAreValid(t *testing.T) {
	for _, c := range testWorld(t).countries {
		s := newStream(1, tagPerson, 0)
		valid := 0
		const draws = 400
		for i := range draws {
			home := &c.cities[s.n(len(c.cities))]
			p := drawMobile(c, home, &s)
			if i%2 == 0 {
				p = drawLandline(c, home, &s)
			}
			n, err := phonenumbers.Parse(string(p.e164(nil)), "ZZ")
			if err == nil && phonenumbers.IsValidNumber(n) {
				valid++
			}
		}
		if valid < draws*9/10 {
			t.Errorf("%s: %d of %d numbers are valid", c.code, valid, draws)
		}
	}
}

// However a number is written, a reader in its country reads the same one.
func TestPhonesAsWritten(t *testing.T) {
	w := testWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(w.countries).Draw(t, "country")
		s := newStream(rapid.Uint64().Draw(t, "seed"), tagPerson, 0)
		p := drawMobile(c, &c.cities[0], &s)
		text := string(p.written(nil, &s, rapid.Bool().Draw(t, "abroad")))
		if strings.HasPrefix(text, "00") { // the trunk prefix of international calls
			text = "+" + text[2:]
		}
		n, err := phonenumbers.Parse(text, c.code)
		if err != nil {
			t.Fatalf("%s: %q: %v", c.code, text, err)
		}
		if got, want := phonenumbers.Format(n, phonenumbers.E164), string(p.e164(nil)); got != want {
			t.Errorf("%s: %q reads as %s, want %s", c.code, text, got, want)
		}
	})
}

func TestFeminineSurnames(t *testing.T) {
	w := testWorld(t)
	for _, c := range []struct{ country, name, native, latin string }{
		{"BG", "Иванов=Ivanov", "Иванова", "Ivanova"},
		{"UA", "Ковальський=Kovalskyi", "Ковальська", "Kovalska"},
		{"UA", "Шевченко=Shevchenko", "Шевченко", "Shevchenko"},
		{"GR", "Παπαδόπουλος=Papadopoulos", "Παπαδοπούλου", "Papadopoulou"},
		{"GR", "Βλάχος=Vlachos", "Βλάχου", "Vlachou"},
		{"DE", "Müller=Mueller", "Müller", "Mueller"},
	} {
		name := parseTerm(c.name)
		for _, native := range []bool{true, false} {
			want := c.latin
			if native {
				want = c.native
			}
			if got := string(appendSurname(nil, &name, w.country(c.country), true, native, 0)); got != want {
				t.Errorf("%s: a woman called %s is written %s, want %s", c.country, c.name, got, want)
			}
		}
	}
}

func TestStreetLines(t *testing.T) {
	w := testWorld(t)
	for code, want := range map[string]string{
		"US": "12 Main Street", "DE": "Hauptstraße 12", "FR": "12 rue de la Paix", "ES": "Calle Mayor, 12", "BG": "ул. Иван Вазов 12", "GR": "Οδός Ερμού 12",
	} {
		c := w.country(code)
		a := address{country: c, street: &c.streets.terms[0], kind: &c.types.terms[0], number: 12}
		if got := string(a.appendStreet(nil, true, 0b10)); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

// Terms hold what their syntax says, and every Latin form is ASCII: e-mail
// addresses and Windows-1252 rely on it.
func TestTerms(t *testing.T) {
	x := parseTerm("Παναγιώτης=Panagiotis/Panayiotis ~ Πάνος=Panos, Τάκης=Takis")
	if x.native != "Παναγιώτης" || len(x.latin) != 2 || len(x.nicks) != 2 || x.nicks[1].in(false, 0) != "Takis" {
		t.Errorf("parsed as %+v", x)
	}
	for _, c := range testWorld(t).countries {
		for _, list := range []*table{c.female, c.male, c.family, c.streets, c.types} {
			for i := range list.terms {
				name := &list.terms[i]
				if name.native == "" || len(letters(nil, name.in(false, 0))) == 0 && list != c.streets && list != c.types {
					t.Errorf("%s: term %q has no Latin letters", c.code, name.native)
				}
				for _, v := range name.latin {
					if _, err := charmap.Windows1252.NewEncoder().String(v); err != nil {
						t.Errorf("%s: Latin form %q is not in Windows-1252", c.code, v)
					}
				}
			}
		}
	}
}

// A name's number of draws goes by its weight.
func TestTableDrawsByWeight(t *testing.T) {
	tab, err := section{"often : 900", "seldom : 100"}.table()
	if err != nil {
		t.Fatal(err)
	}
	s := newStream(1, tagPerson, 0)
	often := 0
	for range 10_000 {
		often += b2i(tab.draw(&s).native == "often")
	}
	if often < 8_850 || often > 9_150 { // five standard deviations
		t.Errorf("a term with nine tenths of the weight was drawn %d times in 10000", often)
	}
}

// Whatever the fields, a standard reader gets them back.
func TestLinesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fields := rapid.SliceOfN(rapid.StringMatching(`[a-z,;"\n ]{0,8}`), 2, 5).Draw(t, "fields")
		l := line{delim: rapid.SampledFrom([]byte(",;")).Draw(t, "delimiter"), all: rapid.Bool().Draw(t, "all")}
		l.begin()
		for _, f := range fields {
			l.add([]byte(f))
		}
		r := csv.NewReader(strings.NewReader(string(l.end())))
		r.Comma = rune(l.delim)
		got, err := r.Read()
		if err != nil {
			t.Fatal(err)
		}
		for i := range fields {
			if got[i] != fields[i] {
				t.Fatalf("field %d reads back as %q, want %q", i, got[i], fields[i])
			}
		}
	})
}

func TestDeviceIDs(t *testing.T) {
	id := string(appendDevice(nil, 42))
	if len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) || strings.Count(id, "-") != 4 {
		t.Errorf("%s has not the form of a version 4 UUID", id)
	}
}
