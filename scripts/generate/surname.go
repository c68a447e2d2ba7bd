package main

import "strings"

// surname is a family name: one or two terms.
type surname struct {
	first, second *term
	hyphen        bool // "Meier-Huber" rather than "García López"
}

// feminine are the endings that a woman's family name changes, by language:
// what it ends in, and what that becomes.
var feminine = map[string][]struct{ native, womans, latin, womansLatin string }{
	"bg": {
		{"ов", "ова", "ov", "ova"},
		{"ев", "ева", "ev", "eva"},
		{"ски", "ска", "ski", "ska"},
	},
	"ua": {
		{"ський", "ська", "skyi", "ska"},
		{"ський", "ська", "sky", "ska"},
	},
	"gr": {
		{"όπουλος", "οπούλου", "opoulos", "opoulou"},
		{"ος", "ου", "os", "ou"},
		{"ης", "η", "is", "i"},
		{"άς", "ά", "as", "a"},
		{"ός", "ού", "os", "ou"},
		{"ής", "ή", "is", "i"},
	},
}

// append writes the name. A woman's form of a gendered name replaces its
// ending; two names are joined by a hyphen or a space.
func (n *surname) append(dst []byte, c *country, female, native bool, pick uint64) []byte {
	dst = appendSurname(dst, n.first, c, female, native, pick)
	if n.second == nil {
		return dst
	}
	joint := byte(' ')
	if n.hyphen {
		joint = '-'
	}
	return appendSurname(append(dst, joint), n.second, c, female, native, pick>>8)
}

func appendSurname(dst []byte, t *term, c *country, female, native bool, pick uint64) []byte {
	text := t.in(native, pick)
	if !female || c.naming.gendered == "" {
		return append(dst, text...)
	}
	for _, e := range feminine[c.naming.gendered] {
		from, to := e.latin, e.womansLatin
		if native {
			from, to = e.native, e.womans
		}
		if stem, ok := strings.CutSuffix(text, from); ok {
			return append(append(dst, stem...), to...)
		}
	}
	return append(dst, text...)
}

func (n *surname) empty() bool { return n.first == nil }

// drawSurname draws the name somebody is born with.
func drawSurname(c *country, s *stream) surname {
	n := surname{first: c.family.draw(s)}
	if c.naming.two {
		n.second = c.family.draw(s)
	} else if c.naming.latin && s.chance(120) {
		n.second, n.hyphen = c.family.draw(s), true
	}
	return n
}

// childSurname is the name of a couple's child.
func childSurname(c *country, father, mother *surname) surname {
	if c.naming.two {
		return surname{first: father.first, second: mother.first}
	}
	return *father
}
