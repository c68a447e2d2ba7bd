package pipeline

import (
	"testing"

	"concord/matching/score"
	"concord/schemas/model"
)

// A trained model overrules built-in rules where it is against a pair; by far
// only where it was trained on few matches, or the job has stated the rule;
// defaults overrule nobody.
func TestModelsOverruleRules(t *testing.T) {
	for _, c := range []struct {
		what    string
		method  model.Method
		matches float64
		bits    int32
		own     bool
		want    bool
	}{
		{"against a pair", model.Estimated, 1000, -1, false, true},
		{"for a pair", model.Estimated, 1000, 1, false, false},
		{"against a rule of the job's own", model.Estimated, 1000, -1, true, false},
		{"far against a rule of the job's own", model.Estimated, 1000, -9, true, true},
		{"against a pair, by few matches", model.Estimated, 100, -1, false, false},
		{"far against a pair, by few matches", model.Estimated, 100, -9, false, true},
		{"defaults far against a pair", model.Untrained, 0, -30, false, false},
	} {
		m := &matcher{model: &model.Model{Training: model.Training{Method: c.method, Matches: c.matches}}}
		if got := m.overrules(c.bits*score.Bit, c.own); got != c.want {
			t.Errorf("%s: overrules %v", c.what, got)
		}
	}
}
