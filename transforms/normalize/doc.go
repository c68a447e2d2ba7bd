// Package normalize reads raw values: one text cell in, values of canonical
// attributes out. It is called once per distinct value of a column.
//
//	raw "Dr. Ana María de la Cruz Jr" as full_name
//	  ─► name_prefix  "Dr"          dr
//	     given_name   "Ana"         ana
//	     middle_name  "María"       maria
//	     family_name  "de la Cruz"  de la cruz
//	     name_suffix  "Jr"          jr
//
// Every value has two forms. Shown is presentable: what golden records and
// snapshots carry. Canonical is what matching compares: lower-case, without
// diacritics, in Latin letters as far as the script can be romanised.
//
// Laws, fuzzed for every normalizer, N being the normalizer of one attribute:
//
//	v ∈ N(raw), v.Shown ≠ ""      ⟹  N(v.Shown) gives v.Canonical again
//	v ∈ N(raw), v.Canonical ≠ ""  ⟹  N(v.Canonical) gives v.Canonical again,
//	    for names Fold(v.Canonical) = v.Canonical: "xiu a" no longer tells
//	    whether "a" is an initial or the syllable 阿
//	Shown and Canonical are valid UTF-8 without control characters
//
// A text that stands for "nothing" ("", "N/A", "null") gives no value. A filler
// such as "test@test.com" gives a value with the Junk flag and no forms. What
// cannot be read gives a value with a Problem code and no forms, so that the
// pipeline can count it by column; nothing is ever guessed silently.
//
// A new semantic type is one file, its test, and a line in all.go. What each
// type does is listed in transforms/docs/normalize.md.
package normalize
