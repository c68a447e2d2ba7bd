package normalize

import (
	"strings"
)

// readNumber reads a number of the job's own. Thousands separators and a
// decimal comma are understood where the text shows which is which; "1,234"
// is one thousand two hundred and thirty-four, as groups of three are.
func readNumber(raw string, o Options, out []Value) []Value {
	s := asciiDigits(clean(raw))
	if isNull(s) {
		return out
	}
	n, ok := plainNumber(s)
	if !ok {
		return problem(out, o.Attribute, BadNumber)
	}
	return append(out, Value{Attribute: o.Attribute, Shown: n, Canonical: n})
}

// readMoney reads an amount, with or without a currency before or behind it:
// "1234.50" or "1234.50 EUR".
func readMoney(raw string, o Options, out []Value) []Value {
	s := asciiDigits(clean(raw))
	if isNull(s) {
		return out
	}
	amount, currency, ok := cutCurrency(s)
	n, okNumber := plainNumber(amount)
	if !ok || !okNumber {
		return problem(out, o.Attribute, BadNumber)
	}
	v := Value{Attribute: o.Attribute, Shown: n}
	if currency != "" {
		v.Shown += " " + currency
	}
	v.Canonical = strings.ToLower(v.Shown)
	return append(out, v)
}

// currencySymbols are unmistakable; "$" and "kr" are not, and stay as they are
// written.
var currencySymbols = map[string]string{"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "US$": "USD", "A$": "AUD", "C$": "CAD", "CHF": "CHF", "$": "$"}

func cutCurrency(s string) (amount, currency string, ok bool) {
	i := strings.IndexAny(s, "0123456789")
	j := strings.LastIndexAny(s, "0123456789")
	if i < 0 {
		return "", "", false
	}
	before, behind := s[:i], strings.Trim(s[j+1:], " )-")
	negative := strings.ContainsAny(before, "-(")
	before = strings.Trim(before, " (-+.,")
	amount = s[i : j+1]
	if negative {
		amount = "-" + amount
	}
	currency = before + behind
	if before != "" && behind != "" {
		return "", "", false
	}
	if c, ok := currencySymbols[currency]; ok {
		return amount, c, true
	}
	c := strings.ToUpper(currency)
	return amount, c, c == "" || len(c) == 3 && strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// plainNumber writes a number as digits with a decimal point, no leading or
// trailing zeros that say nothing, and a minus sign.
func plainNumber(s string) (string, bool) {
	s = strings.ReplaceAll(s, " ", "")
	s = strings.ReplaceAll(s, "'", "")
	s, negative := strings.CutPrefix(s, "-")
	s = strings.TrimPrefix(s, "+")
	whole, fraction, ok := splitDecimal(s)
	if !ok || !allDigits(whole+fraction) || len(whole)+len(fraction) > 40 {
		return "", false
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		whole += "." + fraction
	}
	if negative && whole != "0" {
		whole = "-" + whole
	}
	return whole, true
}

// splitDecimal finds the decimal separator: the last one when both point and
// comma occur, a single point always, a single comma unless three digits
// follow it.
func splitDecimal(s string) (whole, fraction string, ok bool) {
	point, comma := strings.Count(s, "."), strings.Count(s, ",")
	sep := ""
	switch {
	case point > 0 && comma > 0:
		sep = "."
		if strings.LastIndexByte(s, ',') > strings.LastIndexByte(s, '.') {
			sep = ","
		}
	case point == 1:
		sep = "."
	case comma == 1 && len(s)-strings.IndexByte(s, ',') != 4:
		sep = ","
	}
	if sep == "" {
		return ungroup(s)
	}
	i := strings.LastIndex(s, sep)
	whole, _, ok = ungroup(s[:i])
	return whole, s[i+1:], ok && !strings.Contains(s[:i], sep)
}

// ungroup removes thousands separators, which must be of one kind and leave a
// last group of three digits.
func ungroup(s string) (digits, fraction string, ok bool) {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ',' })
	if strings.Contains(s, ".") && strings.Contains(s, ",") {
		return "", "", false
	}
	for i, g := range groups {
		if i > 0 && len(g) != 3 && len(g) != 2 || i == len(groups)-1 && i > 0 && len(g) != 3 {
			return "", "", false
		}
	}
	return strings.Join(groups, ""), "", len(groups) > 0 || s == ""
}
