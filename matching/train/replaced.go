package train

import (
	"math"
	"slices"

	"concord/schemas/model"
)

// Levels at which something of a person was replaced, not misspelt: both names
// or the given name, the birth date; and those at which the given name is badly
// spelt.
var (
	otherNames    = []string{"else"}
	otherGiven    = []string{"family_conflict", "family_near", "family_only"}
	misspeltGiven = []string{"given_faint", "given_similar", "given_typo"}
	otherBirth    = []string{"else", "within_decade", "within_year"}
)

// seldom is how often a person's given name is replaced where nothing else is:
// people change their names, and typists the record.
const seldom = 0.003

// boundReplaced bounds the shares of matches with other given names, and with
// nothing in common in their names, by how often given names are misspelt and
// birth dates replaced. A file in which whole values are replaced replaces
// both; where birth dates stay, other names are other people, whom passes took
// for matches: they know of nobody else who shares an address. Names with
// nothing in common take two replacements.
func (f *fitting) boundReplaced(share float64) {
	f.boundAt("name", otherGiven, share)
	f.boundAt("name", otherNames, share/2)
}

// replacedShare is the bound, from m as the passes found it.
func (f *fitting) replacedShare() float64 {
	most := f.shareAt("name", misspeltGiven)
	if slices.ContainsFunc(f.in.Comparisons, func(c model.Comparison) bool { return c.Name == "birth_date" }) {
		most = math.Min(most, f.shareAt("birth_date", otherBirth))
	}
	return math.Max(seldom, most)
}

// shareAt is the share of matches at the levels named.
func (f *fitting) shareAt(comparison string, labels []string) (share float64) {
	for k := range f.in.Comparisons {
		if f.in.Comparisons[k].Name != comparison {
			continue
		}
		for l, level := range f.in.Comparisons[k].Levels {
			if slices.Contains(labels, level.Label) {
				share += f.m[k][l]
			}
		}
	}
	return share
}

// boundAt scales the levels named down to the share given, and the others up.
func (f *fitting) boundAt(comparison string, labels []string, most float64) {
	have := f.shareAt(comparison, labels)
	if have <= most {
		return
	}
	for k := range f.in.Comparisons {
		if f.in.Comparisons[k].Name != comparison {
			continue
		}
		for l, level := range f.in.Comparisons[k].Levels {
			if slices.Contains(labels, level.Label) {
				f.m[k][l] *= most / have
			} else {
				f.m[k][l] *= (1 - most) / (1 - have)
			}
		}
	}
}
