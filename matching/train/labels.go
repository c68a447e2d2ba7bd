package train

// Labels say two things. Each is a pair whose class is known, and counts as one.
// And pairs of one pattern are alike to the model: what people judged of some
// of them says how likely the others are matches, which only the parameters of
// all patterns together would say otherwise.

// modelWorth is how many judged pairs of a pattern the model's word on it is
// worth.
const modelWorth = 5

// judged counts what people said of pairs, by pattern.
type judged map[uint64]verdicts

type verdicts struct{ same, different float64 }

// judgedBy is the labels by pattern, of the comparisons that keep has the bits
// of.
func (f *fitting) judgedBy(keep uint64) judged {
	out := judged{}
	matched, unmatched := f.labels(keep)
	for _, c := range matched {
		v := out[c.Pattern]
		v.same += float64(c.Pairs)
		out[c.Pattern] = v
	}
	for _, c := range unmatched {
		v := out[c.Pattern]
		v.different += float64(c.Pairs)
		out[c.Pattern] = v
	}
	return out
}

// posterior is how likely a pair of the pattern is a match, given that the model
// says p.
func (j judged) posterior(pattern uint64, p float64) float64 {
	v, ok := j[pattern]
	if !ok {
		return p
	}
	return (v.same + modelWorth*p) / (v.same + v.different + modelWorth)
}

// labels are the pairs that people judged, by class, with the levels of the
// comparisons that keep has the bits of.
func (f *fitting) labels(keep uint64) (matched, unmatched Table) {
	for _, l := range f.in.Labels {
		if l.Match {
			matched = append(matched, Count{l.Pattern, l.Pairs})
		} else {
			unmatched = append(unmatched, Count{l.Pattern, l.Pairs})
		}
	}
	return matched.canonical(keep), unmatched.canonical(keep)
}
