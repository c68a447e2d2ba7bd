package pipeline

import (
	"testing"

	"concord/matching/cluster"
	"concord/matching/score"
	"concord/schemas/model"
)

func TestEvidenceAgainstInClusters(t *testing.T) {
	level := func(label string, m, u float64) model.Level { return model.Level{Label: label, M: m, U: u} }
	o := newOpposition(&model.Model{Comparisons: []model.Comparison{
		{Name: "name", Levels: []model.Level{{Label: "null"}, level("else", .001, .99), level("exact", .999, .01)}},
		{Name: "birth_date", Levels: []model.Level{{Label: "null"}, level("else", .01, .7), level("within_decade", .01, .1), level("exact", .98, .2)}},
		{Name: "identifier_ssn", Levels: []model.Level{{Label: "null"}, level("else", .1, .9), level("exact", .9, .1)}},
	}})
	pattern := func(name, birth, ssn uint64) uint64 {
		return name | birth<<score.LevelBits | ssn<<(2*score.LevelBits)
	}
	for _, c := range []struct {
		name              string
		weight, strangers int32 // bits
		pattern           uint64
		want              int32 // tenths of a bit
	}{
		{"evidence for stands", 5, 9, pattern(2, 1, 0), 50},
		{"strangers' evidence is damped", -10, -10, pattern(2, 0, 0), -40},
		{"kin's is not", -3, 12, pattern(2, 3, 0), -30},
		{"of both, the strangers' part is", -12, -10, pattern(2, 3, 0), -60},
		{"another birth date is another person", -2, 6, pattern(2, 1, 0), -200},
		{"one within a decade is not that rare among matches", -10, -10, pattern(2, 2, 0), -40},
		{"nor is another number here", -10, -10, pattern(2, 3, 1), -40},
		{"names may change", -10, -10, pattern(1, 3, 0), -40},
	} {
		got := o.weigh(c.weight*score.Bit, c.strangers*score.Bit, c.pattern)
		if d := got - c.want*cluster.Bit/10; d < -1 || d > 1 {
			t.Errorf("%s: %v bits, want %v", c.name, float64(got)/cluster.Bit, float64(c.want)/10)
		}
	}
}
