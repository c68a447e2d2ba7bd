package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow/array"

	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/consent"
	"concord/transforms/snapshot"
)

// verify proves a snapshot before it is published: every file reads back, by
// a reader that shares no code with the writer, as what was meant; and every
// row of profiles and contact_points is decided again from the file.
func (r *run) verify(ctx context.Context, p *published, profiles []profile) error {
	return r.Engine.Each(ctx, len(p.files), func(_, i int) error {
		f := &p.files[i]
		if err := r.verifyFile(ctx, f); err != nil {
			return err
		}
		switch f.table {
		case table.TableProfiles, table.TableContactPoints:
			return r.redecide(ctx, p, f, profiles)
		}
		return nil
	})
}

// verifyFile reads a file back and compares it with what was meant.
func (r *run) verifyFile(ctx context.Context, f *written) error {
	o, err := r.output.Open(ctx, f.key)
	if err != nil {
		return err
	}
	defer o.Close() // read only: nothing to lose
	return snapshot.Verify(o, o.Size(), snapshot.Expectation{Name: f.key, Schema: f.schema, Options: f.options, Summary: f.summary})
}

// redecide reads a written file row by row and asks the consent engine anew
// whether the row may be in it.
func (r *run) redecide(ctx context.Context, p *published, f *written, profiles []profile) error {
	o, err := r.output.Open(ctx, f.key)
	if err != nil {
		return err
	}
	defer o.Close() // read only: nothing to lose
	columns := []string{table.ColProfileID, table.ColBrand}
	if f.table == table.TableContactPoints {
		columns = []string{table.ColProfileID, table.ColBrand, table.ColKind, f.schema.Field(3).Name}
	}
	reader, err := snapshot.Open(o, o.Size(), f.key, columns)
	if err != nil {
		return err
	}
	defer reader.Close()
	judge, err := r.newJudge(p, profiles)
	if err != nil {
		return err
	}
	row := 0
	for {
		b, err := reader.Next()
		if err != nil {
			return endOfFile(err)
		}
		texts := make([]*array.String, b.NumCols())
		for i := range texts {
			texts[i] = b.Column(i).(*array.String)
		}
		for i := range int(b.NumRows()) {
			var ok bool
			if f.table == table.TableProfiles {
				ok = judge.profile(texts[0].Value(i), nullable(texts[1], i))
			} else {
				ok = judge.contact(texts[0].Value(i), nullable(texts[1], i), texts[2].Value(i), texts[3].Value(i))
			}
			if !ok {
				return fmt.Errorf("verify %s: row %d is not permitted when it is decided again: nothing is published", f.key, row+i)
			}
		}
		row += int(b.NumRows())
	}
}

// endOfFile is nil for io.EOF.
func endOfFile(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func nullable(a *array.String, i int) string {
	if a.IsNull(i) {
		return ""
	}
	return a.Value(i)
}

// judge decides about rows of written files, from nothing but what stands in
// them.
type judge struct {
	r         *run
	a         *audience
	profiles  []profile
	decider   *consent.Decider
	pseudonym *snapshot.Pseudonym
	result    consent.Result
}

func (r *run) newJudge(p *published, profiles []profile) (*judge, error) {
	a := p.audience
	pseudonym, err := snapshot.NewPseudonym(a.key, a.version, purposeDomain(a.purpose))
	return &judge{r: r, a: a, profiles: profiles, decider: r.decisions.Decider(), pseudonym: pseudonym}, err
}

// cluster is the golden record that a profile id stands for.
func (j *judge) cluster(id string) (uint32, bool) {
	i, ok := slices.BinarySearchFunc(j.profiles, id, func(p profile, id string) int { return cmp.Compare(p.id, id) })
	if !ok {
		return 0, false
	}
	return j.profiles[i].cluster, true
}

// profile tells whether some anchor of the profile permits the brand.
func (j *judge) profile(id, brand string) bool {
	k, ok := j.cluster(id)
	request := j.request(brand)
	if !ok || request < 0 {
		return false
	}
	for _, a := range j.r.clustering.Anchors(consent.ClusterID(k)) {
		if j.decider.Decide(consent.ClusterID(k), a, request, &j.result); j.result.Allowed {
			return true
		}
	}
	return false
}

// request is the number of the consent request about a brand, -1 when the
// audience has no such brand.
func (j *judge) request(brand string) int {
	for i, b := range j.a.brands {
		if j.r.in.Records.Brands[b] == brand {
			return j.a.requests[i]
		}
	}
	return -1
}

// contact tells whether the contact point is one of the profile's and permits
// the brand.
func (j *judge) contact(id, brand, kind, value string) bool {
	k, ok := j.cluster(id)
	request := j.request(brand)
	if !ok || request < 0 {
		return false
	}
	want, err := schema.ParseKind(kind)
	if err != nil {
		return false
	}
	for _, a := range j.r.clustering.Anchors(consent.ClusterID(k)) {
		if a.Kind() != want || !j.standsFor(a, k, value) {
			continue
		}
		if j.decider.Decide(consent.ClusterID(k), a, request, &j.result); j.result.Allowed {
			return true
		}
	}
	return false
}

// standsFor tells whether a text of the file is the anchor: its token, or one
// of the spellings that the cluster's records have of it.
func (j *judge) standsFor(a consent.AnchorID, k uint32, text string) bool {
	if !j.a.entry.Direct {
		return j.pseudonym.Token(a.Kind().String(), j.r.anchors.canonical(a)) == text
	}
	c := j.r.anchors.find(a.Kind())
	if c == nil {
		return false
	}
	for _, rec := range j.r.resolved.clusters.at(k) {
		lo, hi := c.column.Slots(rec)
		for s := lo; s < hi; s++ {
			if c.slot(s) == a && j.r.shown(c, s) == text {
				return true
			}
		}
	}
	return false
}
