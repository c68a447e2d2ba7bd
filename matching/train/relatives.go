package train

import (
	"math"
	"slices"
	"strings"

	"concord/schemas/model"
)

// People who live or work together are the pairs that a model of matches and
// strangers gets wrong: they share an address, a telephone, a family name, and
// are two people. So there is a third class of pairs, the relatives, and a
// fourth, the twins, who share a birth date besides. Neither has parameters of
// its own but its size: what kin have in common they have as one person's
// records would (m), all else as strangers (u).

// sharing is how often two relatives, or twins, have in common what a
// comparison reads. Like defaultTable, of the order seen in customer files;
// identifiers are mix-ups.
var sharing = []struct {
	name             string
	relatives, twins float64
}{
	{"address", 0.95, 0.95},
	{"phone", 0.5, 0.5},
	{"device_id", 0.5, 0.5},
	{"email", 0.2, 0.2},
	{"organisation", 0.2, 0.2},
	{"birth_date", 0.005, 0.99},
	{"identifier_", 0.005, 0.005},
}

// kind is a kind of kin.
type kind struct {
	// share is how often they have in common what a comparison reads.
	share func(comparison string) float64
	// family is how often they bear one family name, name how often one name:
	// father and son.
	family, name float64
}

var (
	ofRelatives = kind{func(c string) float64 { r, _ := sharingOf(c); return r }, 0.8, 0.01}
	ofTwins     = kind{func(c string) float64 { _, t := sharingOf(c); return t }, 0.85, 0}
)

func sharingOf(name string) (relatives, twins float64) {
	for _, s := range sharing {
		if s.name == name || strings.HasSuffix(s.name, "_") && strings.HasPrefix(name, s.name) {
			return s.relatives, s.twins
		}
	}
	return 0, 0
}

// ofOneFamily are the levels of the name comparison at which the family names
// agree and the given names do as strangers' would, be it that one is missing.
var ofOneFamily = []string{
	"family_conflict", "family_near", "family_only", "given_faint", "family_near_given_missing", "family_given_missing",
	"initial_family_near", "initial_family", "given_similar", "given_typo", "nickname", "exact",
}

// haveKin tells whether anything is compared that relatives share: strangers
// of one family name are strangers.
func haveKin(cs []model.Comparison) bool {
	return slices.ContainsFunc(cs, func(c model.Comparison) bool {
		r, _ := sharingOf(c.Name)
		return c.Comparator != model.Text && r >= 0.5
	})
}

// haveTwins tells whether twins can be told from one person.
func haveTwins(cs []model.Comparison) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(cs, func(c model.Comparison) bool { return c.Name == name && c.Comparator != model.Text })
	}
	return haveKin(cs) && has("birth_date") && has("name")
}

// tellTwins tells whether anything is compared in which twins differ and one
// person's records, whatever name they bear, do not. Without it their number
// cannot be estimated.
func tellTwins(cs []model.Comparison) bool {
	return slices.ContainsFunc(cs, func(c model.Comparison) bool {
		return c.Name == "sex" || c.Name == "email" || strings.HasPrefix(c.Name, "identifier_")
	})
}

// among is the share of each level among kin.
func (k kind) among(cs []model.Comparison, m, u [][]float64) [][]float64 {
	out := clone(u)
	for i := range cs {
		if cs[i].Name == "name" {
			k.names(out[i], &cs[i], u[i])
			continue
		}
		share := k.share(cs[i].Name)
		for l := range out[i] {
			out[i][l] = share*m[i][l] + (1-share)*u[i][l]
		}
	}
	return out
}

// names fills in their names: mostly one family name, and given names as
// strangers of one family name have them.
func (k kind) names(to []float64, c *model.Comparison, u []float64) {
	family := 0.0
	for l := range u {
		if slices.Contains(ofOneFamily, c.Levels[l].Label) {
			family += u[l]
		}
	}
	total := 0.0
	for l := model.ElseLevel; l < len(u); l++ {
		to[l] = (1 - k.family - k.name) * u[l]
		if slices.Contains(ofOneFamily, c.Levels[l].Label) {
			to[l] += k.family * u[l] / math.Max(family, 1e-12)
		}
		if c.Levels[l].Label == "exact" {
			to[l] += k.name
		}
		total += to[l]
	}
	for l := range to {
		to[l] /= total
	}
}

// kin is a class of pairs beside matches and strangers.
type kin struct {
	kind
	shares [][]float64 // of the levels; nil: there is no such class
	size   float64     // share in all pairs
}

// The classes of kin, and how many of each there are to a match where their
// number starts. A birth in eighty is one of twins, and few households have
// both in their records.
const (
	relatives = iota
	twins
	kinClasses
)

var kinAtFirst = [kinClasses]float64{relatives: 1, twins: 0.02}

// fewTwins is how many twins to a match are assumed where nothing tells.
const fewTwins = 0.003

// relate estimates how many pairs are kin, by the EM algorithm over all blocked
// pairs, and with them once more m, u and λ: passes know of two classes, and
// count some kin as matches. Where next to nobody is related, the class is
// dropped; without any nothing changes.
func (f *fitting) relate() {
	if !f.trained || !haveKin(f.in.Comparisons) {
		return
	}
	before := *f
	before.m, before.u = clone(f.m), clone(f.u)
	f.kin[relatives].kind = ofRelatives
	if haveTwins(f.in.Comparisons) {
		f.kin[twins].kind = ofTwins
	}
	f.replaced = f.replacedShares()
	f.boundReplaced(f.replaced)
	start := *f
	start.m, start.u = clone(f.m), clone(f.u)
	f.climbKin()
	if f.matches > drifted*before.matches {
		*f = start
		f.most = make([]float64, len(f.union))
		for i, w := range f.weigh() {
			f.most[i] = sigmoid(w.weight)
		}
		f.climbKin()
	}
	f.dropFew()
	if f.kin[relatives].shares == nil && f.kin[twins].shares == nil {
		*f = before
		return
	}
	f.prior = model.Prior{Method: "expected matches", Low: f.lambda, High: f.lambda}
}

// drifted is how many times the matches expected without kin those with kin
// are, at most. Kin explain pairs that were taken for matches, so their number
// falls, and by chance rises a little. Where few records have duplicates EM may
// instead find a greater class than theirs, such as all who have a given name
// and a sex in common.
const drifted = 1.25

// climbKin is the EM algorithm over all classes.
func (f *fitting) climbKin() {
	for c := range f.kin {
		if f.kin[c].share != nil {
			f.kin[c].size = f.lambda * kinAtFirst[c]
		}
	}
	f.shareOut()
	for range maxIterations {
		last := f.kin
		f.maximiseKin(f.expectKin())
		if math.Abs(f.kin[relatives].size-last[relatives].size) < settled*last[relatives].size &&
			math.Abs(f.kin[twins].size-last[twins].size) <= settled*last[twins].size {
			return
		}
	}
}

// dropFew drops the classes that are too few to tell from errors. Twins whose
// number is assumed go with the relatives.
func (f *fitting) dropFew() {
	for c := range f.kin {
		if f.kin[c].size < fewKin[c]*f.lambda {
			f.kin[c] = kin{}
		}
	}
	if f.kin[relatives].shares == nil && !tellTwins(f.in.Comparisons) {
		f.kin[twins] = kin{}
	}
}

// maximiseKin is the M step over all classes.
func (f *fitting) maximiseKin(e expected) {
	pairs := float64(f.in.Pairs) + 1
	f.lambda, f.matches = clampShare((e.matched+0.5)/pairs), e.matched
	for c := range f.kin {
		switch {
		case f.kin[c].shares == nil:
		case c == twins && !tellTwins(f.in.Comparisons):
			f.kin[c].size = f.lambda * fewTwins
		default:
			f.kin[c].size = clampShare((e.kin[c] + 0.5) / pairs)
		}
	}
	for k := range f.m {
		posteriorMean(f.m[k], e.matches[k], f.priorM[k], matchesPrior)
	}
	if f.replaced != (replaced{}) {
		f.boundReplaced(f.replaced)
	}
	for k := range f.m {
		for l := range e.matches[k] {
			e.matches[k][l] += e.related[k][l]
		}
	}
	f.u = f.strangers(e.matches)
	f.order()
	f.shareOut()
}

// shareOut gives every class its shares by the present m and u.
func (f *fitting) shareOut() {
	for c := range f.kin {
		if f.kin[c].share != nil {
			f.kin[c].shares = f.kin[c].among(f.in.Comparisons, f.m, f.u)
		}
	}
}

// fewKin is how many of a class to a match are too few to tell from errors.
var fewKin = [kinClasses]float64{relatives: 0.01, twins: 0.0005}

// expected is what the E step over all classes expects.
type expected struct {
	matches, related [][]float64 // by comparison and level; related of all kin
	matched          float64     // in all
	kin              [kinClasses]float64
}

// capped gives matches their most, and what is left to strangers and kin. The
// sum stays what it was.
func capped(most, m, u, r, t float64) (matches, relatives, twins float64) {
	all := m + u + r + t
	if u+r+t == 0 {
		return most * all, 0, 0
	}
	rest := (1 - most) * all / (u + r + t)
	return most * all, r * rest, t * rest
}

func (f *fitting) expectKin() expected {
	e := expected{matches: zeros(f.m), related: zeros(f.m)}
	all := f.all()
	strangers := 1 - f.lambda
	for c := range f.kin {
		strangers -= f.kin[c].size
	}
	logM, logU := zeros(f.m), zeros(f.m)
	logs(logM, f.m)
	logs(logU, f.u)
	var logKin [kinClasses][][]float64
	for c := range f.kin {
		if f.kin[c].shares != nil {
			logKin[c] = zeros(f.m)
			logs(logKin[c], f.kin[c].shares)
		}
	}
	at := func(to [][]float64, size float64, pattern uint64) float64 {
		if to == nil {
			return math.Inf(-1)
		}
		w := math.Log(size)
		for k := range to {
			w += to[k][Level(pattern, k)] // 0 at null
		}
		return w
	}
	for i, c := range f.union {
		m, u := at(logM, f.lambda, c.Pattern), at(logU, strangers, c.Pattern)
		r, t := at(logKin[relatives], f.kin[relatives].size, c.Pattern), at(logKin[twins], f.kin[twins].size, c.Pattern)
		top := max(m, u, r, t)
		m, u, r, t = math.Exp(m-top), math.Exp(u-top), math.Exp(r-top), math.Exp(t-top)
		n := float64(c.Pairs) / f.share / (m + u + r + t)
		if f.most != nil && m > f.most[i]*(m+u+r+t) {
			m, r, t = capped(f.most[i], m, u, r, t)
		}
		if _, ok := f.judged[c.Pattern]; ok {
			m, r, t = capped(f.judged.posterior(c.Pattern, m/(m+u+r+t)), m, u, r, t)
		}
		e.matched += n * m
		e.kin[relatives] += n * r
		e.kin[twins] += n * t
		addLevels(e.matches, c.Pattern, all, n*m)
		addLevels(e.related, c.Pattern, all, n*(r+t))
	}
	matched, _ := f.labels(math.MaxUint64)
	for _, c := range matched {
		addLevels(e.matches, c.Pattern, all, float64(c.Pairs))
	}
	return e
}
