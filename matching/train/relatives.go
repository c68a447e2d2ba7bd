package train

import (
	"math"
	"slices"
	"strings"

	"concord/schemas/model"
)

// People who live or work together are the pairs that a model of matches and
// strangers gets wrong: they share an address, a telephone, a family name, and
// are two people. So there is a third class of pairs, the relatives. It has no
// parameters of its own but its size: what relatives have in common they have
// as one person's records would (m), all else as strangers (u).

// sharing is how often two relatives have in common what a comparison reads.
// Like defaultTable, of the order seen in customer files; birth dates are
// twins', identifiers mix-ups.
var sharing = []struct {
	name  string
	share float64
}{
	{"address", 0.95},
	{"phone", 0.5},
	{"device_id", 0.5},
	{"email", 0.2},
	{"organisation", 0.2},
	{"birth_date", 0.005},
	{"identifier_", 0.005},
}

// Relatives' names.
const (
	// sharedFamily is how often relatives bear one family name.
	sharedFamily = 0.8
	// sameName is how often they bear one name: father and son.
	sameName = 0.01
)

func sharingOf(name string) float64 {
	for _, s := range sharing {
		if s.name == name || strings.HasSuffix(s.name, "_") && strings.HasPrefix(name, s.name) {
			return s.share
		}
	}
	return 0
}

// ofOneFamily are the levels of the name comparison at which the family names
// agree and the given names do as strangers' would.
var ofOneFamily = []string{
	"family_near", "family_only", "given_faint", "initial_family_near", "initial_family", "given_similar", "given_typo", "nickname", "exact",
}

// relatives is the share of each level among relatives, nil when nothing is
// compared that they could share: strangers of one family name are strangers.
func relatives(cs []model.Comparison, m, u [][]float64) [][]float64 {
	shares := func(c model.Comparison) bool { return c.Comparator != model.Text && sharingOf(c.Name) >= 0.5 }
	if !slices.ContainsFunc(cs, shares) {
		return nil
	}
	out := clone(u)
	for k := range cs {
		if cs[k].Name == "name" {
			relativesNames(out[k], &cs[k], u[k])
			continue
		}
		share := sharingOf(cs[k].Name)
		for l := range out[k] {
			out[k][l] = share*m[k][l] + (1-share)*u[k][l]
		}
	}
	return out
}

// relativesNames fills in their names: mostly one family name, and given names
// as strangers of one family name have them.
func relativesNames(to []float64, c *model.Comparison, u []float64) {
	family := 0.0
	for l := range u {
		if slices.Contains(ofOneFamily, c.Levels[l].Label) {
			family += u[l]
		}
	}
	total := 0.0
	for l := model.ElseLevel; l < len(u); l++ {
		to[l] = (1 - sharedFamily - sameName) * u[l]
		if slices.Contains(ofOneFamily, c.Levels[l].Label) {
			to[l] += sharedFamily * u[l] / math.Max(family, 1e-12)
		}
		switch c.Levels[l].Label {
		case "exact":
			to[l] += sameName
		}
		total += to[l]
	}
	for l := range to {
		to[l] /= total
	}
}

// relate estimates how many pairs are relatives, by the EM algorithm over all
// blocked pairs with three classes, and with them once more m, u and λ: passes
// know of two classes, and count some relatives as matches. Where next to
// nobody is related, the class is dropped and nothing changes.
func (f *fitting) relate() {
	r := relatives(f.in.Comparisons, f.m, f.u)
	if r == nil || !f.trained {
		return
	}
	before := *f
	before.m, before.u = clone(f.m), clone(f.u)
	f.r, f.kin = r, f.lambda
	pairs := float64(f.in.Pairs)
	for range maxIterations {
		e := f.expectThree()
		last := f.kin
		f.kin = clampShare((e.related + 0.5) / (pairs + 1))
		f.lambda = clampShare((e.matched + 0.5) / (pairs + 1))
		for k := range f.m {
			posteriorMean(f.m[k], e.matches[k], f.priorM[k], matchesPrior)
			for l := range e.matches[k] {
				e.matches[k][l] += e.relatives[k][l]
			}
		}
		f.u = estimateU(f.in.Samples, f.priorU, f.counted, e.matches)
		f.order()
		f.r, f.matches = relatives(f.in.Comparisons, f.m, f.u), e.matched
		if math.Abs(f.kin-last) < settled*last {
			break
		}
	}
	if f.kin < fewRelatives*f.lambda {
		*f = before
		return
	}
	f.prior = model.Prior{Method: "expected matches", Low: f.lambda, High: f.lambda}
}

// fewRelatives is how many to a match are too few to tell from errors.
const fewRelatives = 0.01

// three is what the E step over three classes expects.
type three struct {
	matches, relatives [][]float64 // by comparison and level
	matched, related   float64     // in all
}

func (f *fitting) expectThree() three {
	e := three{matches: zeros(f.m), relatives: zeros(f.m)}
	all := f.all()
	for _, c := range f.union {
		m, r, u := math.Log(f.lambda), math.Log(f.kin), math.Log1p(-f.lambda-f.kin)
		for k := range f.m {
			if l := Level(c.Pattern, k); l != model.NullLevel {
				m += math.Log(f.m[k][l])
				r += math.Log(f.r[k][l])
				u += math.Log(f.u[k][l])
			}
		}
		top := max(m, r, u)
		m, r, u = math.Exp(m-top), math.Exp(r-top), math.Exp(u-top)
		n := float64(c.Pairs) / f.share / (m + r + u)
		e.matched += n * m
		e.related += n * r
		addLevels(e.matches, c.Pattern, all, n*m)
		addLevels(e.relatives, c.Pattern, all, n*r)
	}
	matched, _ := f.labels(math.MaxUint64)
	for _, c := range matched {
		addLevels(e.matches, c.Pattern, all, float64(c.Pairs))
	}
	return e
}
