package train

import (
	"math"
	"testing"

	"concord/matching/score"
)

// The scorer's weights are the model's.
func TestParamsKeepTheWeights(t *testing.T) {
	w := &world{records: 2000, lambda: 5e-4, seed: 6}
	w.m, w.u = people(1e-3)
	m, err := Train(w.draw(3), Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := Params(m)
	almost(t, "prior", p.Prior, math.Log2(m.Prior/(1-m.Prior)))
	for k, c := range p.Comparisons {
		for l := 1; l < len(c.Levels); l++ {
			almost(t, c.Name, c.Levels[l].Weight(), m.Comparisons[k].Levels[l].Weight)
			if tf := m.Comparisons[k].Levels[l].TermFrequency; tf != nil && (c.Levels[l].TFBase != tf.Base || c.Levels[l].TFStrength != tf.Strength) {
				t.Errorf("%s level %d: term frequency %g·log2(%g/f), want %+v", c.Name, l, c.Levels[l].TFStrength, c.Levels[l].TFBase, *tf)
			}
		}
	}
}

func TestFromPatterns(t *testing.T) {
	got := FromPatterns([]score.PatternCount{{Pattern: 33, Pairs: 7}})
	if len(got) != 1 || got[0] != (Count{33, 7}) || score.LevelBits != LevelBits {
		t.Errorf("%v, %d bits a level, the scorer has %d", got, LevelBits, score.LevelBits)
	}
}
