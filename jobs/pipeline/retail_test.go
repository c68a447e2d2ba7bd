package pipeline_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/jobs/engine"
	"concord/jobs/pipeline"
)

const retailFolder = "../examples/retail"

// retail runs the retail example on a copy of it.
func retail(t *testing.T) *pipeline.Config {
	t.Helper()
	home := t.TempDir()
	if err := os.CopyFS(filepath.Join(home, "data"), os.DirFS(filepath.Join(retailFolder, "data"))); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(retailFolder, "job.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(home, "job.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := pipeline.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	c := &pipeline.Config{Job: j, Path: path, AsOf: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Engine: engine.Local{Count: 2}, Version: "test", Observe: pipeline.Silent{}}
	if _, err := pipeline.Run(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	return c
}

// retailLine is a line of the table in the example's README.
var retailLine = regexp.MustCompile("(?m)^\\| (.+) \\| `concord consent explain \\S+ --contact-point (\\S+) --purpose (\\S+) --brand (\\S+)` \\| (ALLOW|DENY) `(\\w+)` \\|$")

// What the example's README says is to be seen is seen: in the answer of
// consent explain, and in the contact points that are published.
func TestRetailShowsWhatItsReadmeSays(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(retailFolder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := retailLine.FindAllStringSubmatch(string(readme), -1)
	seen := map[string]bool{}
	c := retail(t)
	s := &source{t: t, config: c}
	snapshots := map[string]string{"third_party_sharing": "sharing", "marketing.communications.email": "email_marketing"}
	for _, l := range lines {
		what, point, purpose, brand, verdict, reason := l[1], l[2], l[3], l[4], l[5], l[6]
		answers, err := pipeline.ExplainConsent(context.Background(), c, pipeline.ConsentQuestion{ContactPoint: point, Purpose: purpose, Brand: brand})
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		for _, a := range answers {
			for _, cell := range a.Cells {
				var codes []string
				for _, g := range cell.Grounds {
					codes = append(codes, g.Code)
				}
				if cell.Allowed != (verdict == "ALLOW") || !slices.Contains(codes, reason) {
					t.Errorf("%s: allowed is %v with %v", what, cell.Allowed, codes)
				}
				seen[reason] = true
			}
		}
		published := slices.ContainsFunc(s.rows("contact_points", snapshots[purpose]), func(row map[string]string) bool {
			return strings.EqualFold(row["value"], point) && row["brand"] == brand
		})
		if published != (verdict == "ALLOW") {
			t.Errorf("%s: in the contact points of %s: %v", what, snapshots[purpose], published)
		}
	}
	for _, reason := range []string{"denied_for_person", "objected", "guardian_needed", "grant_expired", "not_confirmed", "withdrawn", "soft_opt_in"} {
		if !seen[reason] {
			t.Errorf("the README shows nothing of %s", reason)
		}
	}
}
