package job

import (
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"
)

func withGates(t *testing.T, gates string) (*Job, error) {
	t.Helper()
	text := strings.Replace(minimal, "key: id", "key: id\n    event_time: seen", 1)
	return Parse("job.yaml", []byte(strings.Replace(text, "snapshots:", "gates: "+gates+"\nsnapshots:", 1)))
}

func TestGatesHaveDefaults(t *testing.T) {
	j, err := withGates(t, "{permitted_drift: 0, quarantine: 12.5%, max_staleness: {crm: 36h}}")
	if err != nil {
		t.Fatal(err)
	}
	g := j.Gates
	if *g.PermittedDrift != 0 || *g.Quarantine != 0.125 || g.MaxStaleness["crm"] != Duration(36*time.Hour) {
		t.Errorf("what the file says was not kept: %+v", g)
	}
	if *g.ConsentDrop != DefaultConsentDrop || *g.MergeDrift != DefaultMergeDrift || g.LargestCluster != DefaultLargestCluster {
		t.Errorf("what the file leaves out has no default: %+v", g)
	}
}

func TestMistakesInGatesAreNamed(t *testing.T) {
	for gates, want := range map[string]string{
		"{consent_drop: 10}":                "line 9: gates.consent_drop: a share is a percentage such as 10% or a fraction such as 0.1",
		"{consent_drop: ten}":               "a share is a percentage",
		"{quarantine: 101%}":                "a share is a percentage",
		"{quarantin: 1%}":                   `unknown key "quarantin": did you mean "quarantine"?`,
		"{max_staleness: {cmr: 1d}}":        "gates.max_staleness.cmr: there is no channel of that name (did you mean crm?)",
		"{max_staleness: {crm: soon}}":      "gates.max_staleness.crm: a span of time is a number with h or d",
		"{max_staleness: {crm: 0h}}":        "a staleness is more than nothing",
		"{largest_cluster: several}":        "line",
		"{largest_cluster: 1.5}":            "a count is a whole number",
		"{max_staleness: {crm: -5h}}":       "a staleness is more than nothing",
		"{permitted_drift: -1%}":            "a share is a percentage",
		"{merge_drift: {crm: 10%}}":         "line",
		"{max_staleness: {crm: 99999999d}}": "a span of time is a number with h or d",
	} {
		if _, err := withGates(t, gates); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", gates, err, want)
		}
	}
	text := strings.Replace(minimal, "snapshots:", "gates: {max_staleness: {crm: 1d}}\nsnapshots:", 1)
	if _, err := Parse("job.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), "has no event_time") {
		t.Errorf("a limit on a channel without event times: %v", err)
	}
}

// A share reads back as what it prints, to a hundredth of a percent.
func TestSharesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Share(rapid.IntRange(0, 10000).Draw(t, "basis points")) / 10000
		var got Share
		if err := yaml.Unmarshal([]byte(want.String()), &got); err != nil || got.String() != want.String() {
			t.Fatalf("%v reads back as %v: %v", want, got, err)
		}
	})
}
