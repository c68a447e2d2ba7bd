package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"concord/jobs/pipeline"
	"concord/schemas/consent"
	"concord/transforms/snapshot"
)

const joinJob = `job: join
store: .
output: out
controller: Northwind
consent: {policy: eu-gdpr}
channels:
  crm:
    read: crm.csv
    key: id
    event_time: seen
    brand: {column: brand}
    fields: {first: given_name, email: email, country: country}
  preferences: {kind: consent, read: consent.csv, source: crm}
snapshots:
  mail: {purpose: marketing.communications, channel: email}
  analytics: {purpose: analytics.reporting}
  recommendations: {purpose: personalize.recommendations}
JOINS
`

// A join map holds a profile only if both snapshots do, for the same brand:
// over random consents its rows are exactly the people whom both permit.
func TestJoinMapHoldsOnlyWhomBothPermit(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 7))
			crm, feed := "id,first,email,country,seen,brand\n", "subject_kind,subject_value,brand,purpose,channel,state,event_time\n"
			both := []string{}
			for i := range 60 {
				brand := []string{"north", "south"}[r.IntN(2)]
				crm += fmt.Sprintf("%d,P%02d,%02d%d@mail.alt,FR,2026-01-01T00:00:01Z,%s\n", i, i, i, r.IntN(1e6), brand)
				permitted := 0
				for _, cell := range []string{"marketing.communications,email", "analytics.reporting,*"} {
					for _, b := range []string{"north", "south"} {
						if state := []string{"", "given", "refused"}[r.IntN(3)]; state != "" {
							feed += fmt.Sprintf("account,%d,%s,%s,%s,2026-02-01T00:00:00Z\n", i, b, cell, state)
							if state == "given" && b == brand {
								permitted++
							}
						}
					}
				}
				if permitted == 2 {
					both = append(both, fmt.Sprintf("P%02d", i))
				}
			}
			s := newSource(t, map[string]string{
				"job.yaml": strings.Replace(joinJob, "JOINS", "joins: {reached: [mail, analytics]}", 1), "crm.csv": crm, "consent.csv": feed,
			})
			s.run()
			name := map[string]string{} // by profile id in mail
			mail := s.rows("profiles", "mail")
			for _, row := range mail {
				name[row["profile_id"]] = row["given_name"]
			}
			var analytics []string
			for _, row := range s.rows("profiles", "analytics") {
				analytics = append(analytics, row["profile_id"]+row["brand"])
			}
			var got []string
			for _, row := range s.rows("join_map", "reached") {
				if !slices.Contains(analytics, row["other_profile_id"]+row["brand"]) || name[row["profile_id"]] == "" {
					t.Fatalf("a row of the map is in only one of the snapshots: %v", row)
				}
				got = append(got, name[row["profile_id"]])
			}
			for key, want := range map[string]string{
				"purpose": "marketing.communications", "other_purpose": "analytics.reporting", "as_of": "2026-05-01T00:00:00Z",
				"policy_digest": consent.DefaultPolicy().Digest, "registry_digest": consent.DefaultRegistry().Digest,
			} {
				if got := s.metadata("joins/reached/run=*/join_map/part-00000.parquet", key); got != want {
					t.Errorf("the map's file says %s is %q, want %q", key, got, want)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, both) || len(both) == 0 || len(both) == len(mail) {
				t.Errorf("the map holds %v, want %v", got, both)
			}
		})
	}
}

// metadata is what a written file says of itself under a key.
func (s *source) metadata(glob, key string) string {
	s.t.Helper()
	paths, err := filepath.Glob(filepath.Join(filepath.Dir(s.config.Path), "out", filepath.FromSlash(glob)))
	if err != nil || len(paths) != 1 {
		s.t.Fatalf("%s is %v, %v", glob, paths, err)
	}
	text, err := os.ReadFile(paths[0])
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := snapshot.Open(bytes.NewReader(text), int64(len(text)), paths[0], nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Close()
	return r.Metadata(key)
}

// Without a word in the job nothing joins two snapshots, and what cannot be
// joined is refused before any row is read.
func TestJoinMapsAreAskedFor(t *testing.T) {
	files := map[string]string{
		"crm.csv":     "id,first,email,country,seen,brand\n1,Ann,ann@one.alt,FR,2026-01-01,north\n",
		"consent.csv": "subject_kind,subject_value,brand,purpose,channel,state,event_time\nemail,ann@one.alt,north,marketing.communications,email,given,2026-02-01\n",
		"job.yaml":    strings.Replace(joinJob, "JOINS", "", 1),
	}
	s := newSource(t, files)
	s.run()
	if _, err := os.Stat(filepath.Join(filepath.Dir(s.config.Path), "out", "joins")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a join map was written unasked: %v", err)
	}
	files["job.yaml"] = strings.Replace(joinJob, "JOINS", "joins: {same: [mail, texts]}", 1)
	files["job.yaml"] = strings.Replace(files["job.yaml"], "  analytics:", "  texts: {purpose: marketing.communications, channel: sms}\n  analytics:", 1)
	if _, err := pipeline.Run(context.Background(), newSource(t, files).config); !errors.Is(err, pipeline.ErrConfig) || !strings.Contains(err.Error(), "have the same profile ids") {
		t.Errorf("two snapshots of one purpose: %v", err)
	}
}
