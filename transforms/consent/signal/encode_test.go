package signal

import (
	"strings"
)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// writer builds segments, written apart from the reader and the simplest way:
// a text of zeros and ones.
type writer struct{ strings.Builder }

func (w *writer) uint(v uint64, n int) {
	for i := n - 1; i >= 0; i-- {
		w.WriteByte('0' + byte(v>>i&1))
	}
}

func (w *writer) bool(v bool) {
	if v {
		w.uint(1, 1)
	} else {
		w.uint(0, 1)
	}
}

func (w *writer) letters(s string) {
	for i := range len(s) {
		w.uint(uint64(s[i]-'A'), 6)
	}
}

func (w *writer) flags(f Flags, n int) {
	for i := 1; i <= n; i++ {
		w.bool(f.Has(i))
	}
}

// fibonacci writes n ≥ 1 by the greedy rule.
func (w *writer) fibonacci(n int) {
	fibs := []int{1, 2}
	for fibs[len(fibs)-1] <= n {
		fibs = append(fibs, fibs[len(fibs)-1]+fibs[len(fibs)-2])
	}
	digits := ""
	for i := len(fibs) - 1; i >= 0; i-- {
		switch {
		case fibs[i] <= n:
			n -= fibs[i]
			digits = "1" + digits
		case digits != "":
			digits = "0" + digits
		}
	}
	w.WriteString(digits + "1")
}

func (w *writer) ranges(set IDs) {
	w.uint(uint64(len(set)), 12)
	for _, r := range set {
		w.bool(r.First != r.Last)
		w.uint(uint64(r.First), 16)
		if r.First != r.Last {
			w.uint(uint64(r.Last), 16)
		}
	}
}

// vendors writes a set with the largest id that occurs, as ranges or as a bit
// field.
func (w *writer) vendors(set IDs, asRanges bool) {
	last := 0
	for _, r := range set {
		last = max(last, r.Last)
	}
	w.uint(uint64(last), 16)
	w.bool(asRanges)
	if asRanges {
		w.ranges(set)
		return
	}
	for id := 1; id <= last; id++ {
		w.bool(set.Has(id))
	}
}

// base64 pads with zeros to a whole character.
func (w *writer) base64() string {
	digits, out := w.String(), ""
	for len(digits)%6 != 0 {
		digits += "0"
	}
	for ; digits != ""; digits = digits[6:] {
		v := 0
		for _, d := range digits[:6] {
			v = v<<1 | int(d-'0')
		}
		out += alphabet[v : v+1]
	}
	return out
}

// encodeTCF writes a TC string; asRanges chooses the vendor encoding.
func encodeTCF(t *TCString, asRanges bool) string {
	w := &writer{}
	w.uint(tcVersion, 6)
	w.uint(uint64(t.Created), 36)
	w.uint(uint64(t.LastUpdated), 36)
	w.uint(uint64(t.CMP), 12)
	w.uint(uint64(t.CMPVersion), 12)
	w.uint(uint64(t.Screen), 6)
	w.letters(t.Language)
	w.uint(uint64(t.VendorList), 12)
	w.uint(uint64(t.Policy), 6)
	w.bool(t.ServiceSpecific)
	w.bool(t.NonStandardTexts)
	w.flags(t.SpecialFeatures, 12)
	w.flags(t.Consents, 24)
	w.flags(t.LegitimateInterests, 24)
	w.bool(t.PurposeOneNotDisclosed)
	w.letters(t.PublisherCountry)
	w.vendors(t.VendorConsents, asRanges)
	w.vendors(t.VendorLegitimateInterests, asRanges)
	w.uint(uint64(len(t.Restrictions)), 12)
	for _, r := range t.Restrictions {
		w.uint(uint64(r.Purpose), 6)
		w.uint(uint64(r.Type), 2)
		w.ranges(r.Vendors)
	}
	out := w.base64()
	for i, set := range []*IDs{t.DisclosedVendors, t.AllowedVendors} {
		if set != nil {
			w := &writer{}
			w.uint(uint64(i+1), 3)
			w.vendors(*set, asRanges)
			out += "." + w.base64()
		}
	}
	if p := t.Publisher; p != nil {
		w := &writer{}
		w.uint(3, 3)
		w.flags(p.Consents, 24)
		w.flags(p.LegitimateInterests, 24)
		w.uint(uint64(p.CustomPurposes), 6)
		w.flags(p.CustomConsents, p.CustomPurposes)
		w.flags(p.CustomLegitimateInterests, p.CustomPurposes)
		out += "." + w.base64()
	}
	return out
}

// encodeGPP writes a GPP string of sections in ascending order; runs of ids
// become groups.
func encodeGPP(sections []Section) string {
	type item struct{ first, last int }
	var items []item
	for _, s := range sections {
		if n := len(items); n > 0 && items[n-1].last == s.ID-1 {
			items[n-1].last = s.ID
		} else {
			items = append(items, item{s.ID, s.ID})
		}
	}
	w := &writer{}
	w.uint(3, 6)
	w.uint(1, 6)
	w.uint(uint64(len(items)), 12)
	last := 0
	for _, i := range items {
		w.bool(i.first != i.last)
		w.fibonacci(i.first - last)
		if i.first != i.last {
			w.fibonacci(i.last - i.first)
		}
		last = i.last
	}
	out := w.base64()
	for _, s := range sections {
		out += "~" + s.Text
	}
	return out
}

// encodeUS writes a US section, with a GPC segment if its layout has one.
func encodeUS(s *USSection, gpcSegment bool) string {
	w := &writer{}
	w.uint(uint64(s.Version), 6)
	for _, f := range s.Fields {
		for _, v := range f.Values {
			w.uint(uint64(v), 2)
		}
	}
	out := w.base64()
	if gpcSegment {
		w := &writer{}
		w.uint(1, 2)
		w.bool(s.GPC)
		out += "." + w.base64()
	}
	return out
}
