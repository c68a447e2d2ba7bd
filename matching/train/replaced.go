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
	// Of the year alone systems make the first of January.
	otherYear = []string{"else", "within_decade"}
	// Levels at which something happened to the given name, and to the family
	// name, that leaves the other to tell.
	givenSlips  = append([]string{"initial_family", "initial_family_near", "swapped"}, misspeltGiven...)
	familySlips = []string{"family_faint", "family_similar", "family_typo", "family_variant", "swapped"}
)

// seldom is how often a person's given name is replaced where nothing else is:
// people change their names, and typists the record.
const seldom = 0.003

// lied is how often birth dates may be replaced in any file: some people do not
// give theirs, and some systems make one up.
const lied = 0.02

// replaced are bounds of the shares of matches at which something of a person
// was replaced.
type replaced struct {
	names  float64 // another given name
	both   float64 // nothing in common in the names
	births float64 // another birth date
}

// boundReplaced bounds the shares of matches with other given names, with
// nothing in common in their names, and with other birth dates. A file in which
// whole values are replaced replaces names and birth dates both; where birth
// dates stay, other names are other people, whom passes took for matches: they
// know of nobody else who shares an address.
func (f *fitting) boundReplaced(most replaced) {
	f.boundAt("name", otherGiven, most.names)
	f.boundAt("name", otherNames, most.both)
	f.boundAt("birth_date", otherYear, most.births)
}

// replacedShares are the bounds, from m as the passes found it: given names are
// replaced no more often than they are misspelt and birth dates replaced, and
// birth dates no more often than given names are misspelt, or those who have
// them are namesakes. Names with nothing in common take two slips, in given and
// in family name, and are as rare as both together, or four times that, since
// who errs in one errs in the other.
func (f *fitting) replacedShares() replaced {
	misspelt := f.shareAt("name", misspeltGiven)
	most := replaced{names: math.Max(seldom, misspelt), births: 1}
	if f.compares("birth_date", otherBirth) {
		most.names = math.Max(seldom, math.Min(misspelt, f.shareAt("birth_date", otherBirth)))
	}
	most.both = most.names / 2
	if f.compares("name", familySlips) {
		slips := 4 * f.shareAt("name", givenSlips) * f.shareAt("name", familySlips)
		most.both = math.Max(seldom/2, math.Min(most.both, slips))
	}
	if f.compares("name", misspeltGiven) {
		most.births = math.Max(lied, misspelt)
	}
	return most
}

// compares tells whether the comparison has one of the levels named.
func (f *fitting) compares(comparison string, labels []string) bool {
	return slices.ContainsFunc(f.in.Comparisons, func(c model.Comparison) bool {
		return c.Name == comparison && slices.ContainsFunc(c.Levels, func(l model.Level) bool { return slices.Contains(labels, l.Label) })
	})
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
	for k := range f.in.Comparisons {
		if c := &f.in.Comparisons[k]; c.Name == comparison {
			bound(f.m[k], func(l int) bool { return slices.Contains(labels, c.Levels[l].Label) }, most)
		}
	}
}

// bound scales the shares that are bounded down to most together, if they are
// more, and the others up.
func bound(shares []float64, bounded func(level int) bool, most float64) {
	have := 0.0
	for l, share := range shares {
		if bounded(l) {
			have += share
		}
	}
	if have <= most {
		return
	}
	for l := range shares {
		if bounded(l) {
			shares[l] *= most / have
		} else {
			shares[l] *= (1 - most) / (1 - have)
		}
	}
}
