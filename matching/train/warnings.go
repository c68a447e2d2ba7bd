package train

import (
	"fmt"
	"strconv"
	"strings"

	"concord/schemas/model"
)

// fewMatches is the number of expected matches below which the defaults
// still shape m.
const fewMatches = 5 * matchesPrior

// warnRepair is the mean change of a match's weight, in bits, that the order of
// levels must cause to be worth a warning.
const warnRepair = 0.25

// warnings says what a reader of the model should know, gravest first.
func (f *fitting) warnings(t *model.Training) []string {
	var out []string
	warn := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch {
	case f.in.Records < minRecords:
		warn("untrained defaults: %d records are fewer than the %d that training needs", f.in.Records, minRecords)
	case !f.trained:
		warn("untrained defaults: no blocked pairs to train on")
	case t.Matches < fewMatches:
		warn("%.0f matches are expected among the blocked pairs: m rests largely on the defaults", t.Matches)
	}
	if f.trained && !f.settled {
		warn("did not converge: m still moved after %d rounds", f.rounds)
	}
	for _, p := range t.Passes {
		if !p.Converged {
			warn("did not converge: pass %q after %d iterations, last change %.1e", p.Rule, p.Iterations, p.LastChange)
		}
	}
	if left := f.leftOut(); len(left) > 0 {
		warn("left out, the class of pairs that they found is of several people, not of one person's records: passes %s", strings.Join(left, ", "))
	}
	if f.most != nil {
		warn("other people were taken for matches once kin were told apart: no pair counts as likelier a match than before")
	}
	if f.trained && f.isRecaptured && f.prior.Method != "capture-recapture" {
		warn("the deterministic rules suggest %.0f matches, the blocked pairs %.0f: the rules may link strangers, the smaller was taken", f.recaptured.value, t.Matches)
	}
	for k := range f.in.Comparisons {
		f.warnComparison(k, warn)
	}
	for _, d := range t.Dependence {
		if d.Bits >= warnDependence {
			warn("comparisons %q and %q depend on each other among matches: %.2f bits of a pair's weight are counted twice on average", d.A, d.B, d.Bits)
		}
	}
	return out
}

// leftOut lists the passes that found other people.
func (f *fitting) leftOut() (rules []string) {
	for _, s := range f.passes {
		if s.others {
			rules = append(rules, strconv.Quote(s.rule))
		}
	}
	return rules
}

func (f *fitting) warnComparison(k int, warn func(string, ...any)) {
	name := f.in.Comparisons[k].Name
	if !f.trained {
		return
	}
	switch present := sum(f.expected[k][model.ElseLevel:]); {
	case f.reversed[k]:
		warn("comparison %q: disagreement spoke for a match, so m is the default", name)
	case present < 1:
		warn("comparison %q: no expected match holds both values, so m is the default", name)
	case f.fromUnion[k]:
		warn("comparison %q: no blocking rule leaves it free with enough matches, so m was estimated from all blocked pairs together", name)
	}
	if bits := f.repaired[k]; bits >= warnRepair && sum(f.expected[k][model.ElseLevel:]) >= 1 {
		warn("comparison %q: weights of neighbouring levels were out of order and were pooled, which changed a match's weight by %.1f bits on average", name, bits)
	}
}
