package train

import (
	"math"
	"strings"

	"concord/schemas/model"
)

// Strength of the defaults against the data.
const (
	// matchesPrior is how many matching pairs the default m is worth. With 160
	// real matches a level's share is a fifth default; with 10,000 the default
	// is gone. In a small file every household is a good part of the matches,
	// and what EM makes of it is worth less than what is known of people.
	matchesPrior = 40
	// halfCount smooths a level of u that no sampled pair showed (Krichevsky
	// and Trofimov 1981); see smoothU for small samples.
	halfCount = 0.5
)

// defaults is what Concord assumes of a comparison before it sees data.
type defaults struct {
	// name is the comparison, or ends in "_" and opens a family of them.
	name string
	// disagree is the share of matching pairs at else: how often the attribute
	// changes or is wrong in one person's records.
	disagree float64
	// coincidence is the share of non-matching pairs at the top level.
	coincidence float64
}

// defaultTable holds rough figures, of the order seen in customer files and
// public linkage sets: names and birth dates stay, people move, e-mail
// addresses, phones and devices are many per person. They stand in only where
// the data cannot speak, weigh matchesPrior pairs otherwise, and a model that
// rests on them says so.
var defaultTable = []defaults{
	{"name", 0.003, 1e-5},
	{"middle_name", 0.02, 1e-2},
	{"birth_date", 0.003, 1e-4},
	{"birth_place", 0.10, 1e-2},
	{"address", 0.35, 1e-5},
	{"email", 0.30, 1e-6},
	{"phone", 0.30, 1e-6},
	{"sex", 0.02, 0.5},
	{"organisation", 0.30, 1e-3},
	{"identifier_", 0.03, 1e-6},
	{"device_id", 0.60, 1e-6},
	{"", 0.10, 1e-3},
}

func defaultsFor(name string) defaults {
	for _, d := range defaultTable {
		if d.name == name || strings.HasSuffix(d.name, "_") && strings.HasPrefix(name, d.name) {
			return d
		}
	}
	return defaultTable[len(defaultTable)-1]
}

// falling is the ratio between the default m of a level and of the one above
// it: better levels are commoner among matches.
const falling = 1.0 / 3

// lowestU is the default u of the weakest level of agreement; those between
// it and the top are spaced evenly on a logarithmic scale.
const lowestU = 0.02

// DefaultM is the default m of a comparison by level: the share of
// disagreement as the table has it, the rest over the levels of agreement,
// each a third of the one above it, put in the order of levels against
// [DefaultU].
func DefaultM(c *model.Comparison) []float64 {
	m := make([]float64, len(c.Levels))
	top := len(m) - 1
	sum, share := 0.0, 1.0
	for l := top; l > model.ElseLevel; l-- {
		m[l] = math.Max(share, 1e-4) // a floor, or the last of 20 levels would have no default to speak of
		sum += m[l]
		share *= falling
	}
	d := defaultsFor(c.Name)
	for l := top; l > model.ElseLevel; l-- {
		m[l] *= (1 - d.disagree) / sum
	}
	m[model.ElseLevel] = d.disagree
	seen(m, c)
	monotone(m, DefaultU(c))
	return m
}

// seldomSeen are the levels of names and birth dates at which more than a slip
// of the pen separates one person's records, with the share of matches there:
// people marry, and seldom change their given name or are born anew.
var seldomSeen = map[string]map[string]float64{
	"name": {
		"family_conflict": 0.0005, "part_similar": 0.003, "given_only": 0.02, "family_near": 0.001, "family_only": 0.004,
		"misplaced": 0.003, "family_faint": 0.003, "given_faint": 0.003, "both_similar": 0.004,
	},
	"birth_date": {
		"within_decade": 0.002, "within_year": 0.002, "month_day": 0.004, "near_in_other_year": 0.002, "within_month": 0.003,
	},
}

// seen puts the shares of levels that are seldom seen into m; the others make
// room.
func seen(m []float64, c *model.Comparison) {
	shares := seldomSeen[c.Name]
	given, rest := 0.0, 0.0
	for l := model.ElseLevel + 1; l < len(m); l++ {
		if s, ok := shares[c.Levels[l].Label]; ok {
			given += s
		} else {
			rest += m[l]
		}
	}
	for l := model.ElseLevel + 1; l < len(m); l++ {
		if s, ok := shares[c.Levels[l].Label]; ok {
			m[l] = s
		} else {
			m[l] *= (1 - m[model.ElseLevel] - given) / rest
		}
	}
}

// withoutUnreachable gives what the default m has of levels above the best that
// any pair of the file shows to that level: where no street is recorded, an equal
// postcode is as good as two addresses get.
func (f *fitting) withoutUnreachable() {
	for k, m := range f.priorM {
		best := len(m) - 1
		for best > model.ElseLevel && !f.shown(k, best) {
			best--
		}
		if best == model.ElseLevel {
			continue // nobody agrees: nothing is known of the levels
		}
		for l := best + 1; l < len(m); l++ {
			m[best] += m[l] - least
			m[l] = least
		}
	}
}

// least is the share that stays at a level that no pair shows.
const least = 1e-5

// shown tells whether any pair, random or blocked, is at a level.
func (f *fitting) shown(k, level int) bool {
	if f.counted[k][level] > 0 {
		return true
	}
	return k < len(f.in.Samples) && f.in.Samples[k] != nil && (f.in.Samples[k].Levels[level] > 0 || level == len(f.counted[k])-1 && f.in.Samples[k].Exact > 0)
}

// DefaultU is the default u of a comparison by level.
func DefaultU(c *model.Comparison) []float64 {
	u := make([]float64, len(c.Levels))
	top := len(u) - 1
	rare := defaultsFor(c.Name).coincidence
	common := math.Max(lowestU, rare)
	sum := 0.0
	for l := top; l > model.ElseLevel; l-- {
		// position 0 at the top, 1 at the weakest level.
		position := float64(top-l) / math.Max(float64(top-2), 1)
		u[l] = math.Exp(math.Log(rare) + position*(math.Log(common)-math.Log(rare)))
		sum += u[l]
	}
	for l := top; l > model.ElseLevel && sum > 0.5; l-- {
		u[l] *= 0.5 / sum
	}
	u[model.ElseLevel] = 1 - math.Min(sum, 0.5)
	return u
}

func allDefaults(cs []model.Comparison, f func(*model.Comparison) []float64) [][]float64 {
	out := make([][]float64, len(cs))
	for k := range cs {
		out[k] = f(&cs[k])
	}
	return out
}
