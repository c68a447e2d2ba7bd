package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"concord/matching/cluster"
	"concord/matching/identity"
	"concord/matching/score"
	"concord/schemas/table"
	"concord/transforms/golden"
	"concord/transforms/snapshot"
)

// Coordinate is where a record comes from.
type Coordinate struct {
	Channel, Key, Object string
	SHA256               string // of the object
	Row                  int64
	Time                 time.Time // zero when the channel gives none
}

// ProfileExplanation is why a golden record is what it is.
type ProfileExplanation struct {
	GoldenID string
	Members  []Coordinate
	Links    []LinkExplanation // a spanning set: without any of them the cluster falls apart
	Against  *LinkExplanation  // the strongest evidence against it, between two members
	Refused  []RefusalExplanation
	Values   []ValueExplanation
}

// LinkExplanation is the evidence between two records.
type LinkExplanation struct {
	A, B Coordinate
	By   string // a deterministic rule, "model", "model_rescored", "judgement"
	Pair score.Explanation
}

// RefusalExplanation is a cluster that some evidence spoke for joining, and
// that stayed apart.
type RefusalExplanation struct {
	GoldenID   string
	Weight     float64 // bits, summed over all pairs across
	Constraint string  // that forbade it, "" when the evidence did
}

// ValueExplanation is one attribute of the golden record.
type ValueExplanation struct {
	Attribute  string
	Rule       string
	Candidates []CandidateExplanation // best first
}

// CandidateExplanation is one value that was considered.
type CandidateExplanation struct {
	Value    string // presentable form: personal data
	From     Coordinate
	Held     int // members that hold it
	Survived bool
	LostOn   string // the first criterion on which it stands behind, "" for a survivor
}

// ExplainProfile explains a golden record by its golden id or by its profile
// id in any of the job's snapshots.
func ExplainProfile(ctx context.Context, c *Config, id string) (*ProfileExplanation, error) {
	r, err := c.resolveOnly(ctx, "cluster")
	if err != nil {
		return nil, err
	}
	k, err := r.findProfile(ctx, id)
	if err != nil {
		return nil, classify(err)
	}
	return r.explainCluster(k)
}

// ExplainRecord explains the golden record that a record, CHANNEL/KEY, is in.
func ExplainRecord(ctx context.Context, c *Config, name string) (*ProfileExplanation, error) {
	r, err := c.resolveOnly(ctx, "cluster")
	if err != nil {
		return nil, err
	}
	rec, err := r.findRecord(name)
	if err != nil {
		return nil, err
	}
	return r.explainCluster(r.resolved.clusters.of[rec])
}

// ExplainPair takes the match weight of two records, each CHANNEL/KEY, apart.
func ExplainPair(ctx context.Context, c *Config, a, b string) (*LinkExplanation, error) {
	r, err := c.resolveOnly(ctx, "cluster")
	if err != nil {
		return nil, err
	}
	x, err := r.findRecord(a)
	if err != nil {
		return nil, err
	}
	y, err := r.findRecord(b)
	if err != nil {
		return nil, err
	}
	if x == y {
		return nil, failedf(ErrConfig, "--pair: the two are one record")
	}
	return r.explainLink(min(x, y), max(x, y)), nil
}

// findRecord finds a record by CHANNEL/KEY or SOURCE/KEY.
func (r *run) findRecord(name string) (uint32, error) {
	rec, ok := r.recordIndex()[name]
	if !ok {
		return 0, failedf(ErrNotFound, "no record of that channel and key is among the extracts: write CHANNEL/KEY, with one of the channels %s", strings.Join(r.in.Records.Channels, ", "))
	}
	return rec, nil
}

func (r *run) findProfile(ctx context.Context, id string) (uint32, error) {
	ids := r.resolved.clusters.ids
	if _, err := identity.Parse(id); err == nil {
		if k := slices.Index(ids, id); k >= 0 {
			return uint32(k), nil
		}
	}
	for _, name := range r.Job.SnapshotNames() {
		a := &audience{name: name, spec: r.Job.Snapshots[name]}
		if err := a.declare(); err != nil {
			return 0, failed(ErrConfig, err)
		}
		key, version, err := r.keys.Secret(ctx, purposeDomain(a.purpose))
		if err != nil {
			return 0, err
		}
		p, err := snapshot.NewPseudonym(key, version, purposeDomain(a.purpose))
		if err != nil {
			return 0, err
		}
		for k := range ids {
			if p.ProfileID(ids[k]) == id {
				return uint32(k), nil
			}
		}
	}
	return 0, failedf(ErrNotFound, "no golden record has that id: it may be of another as-of, of other extracts, or of a snapshot that the job no longer declares")
}

func (r *run) explainCluster(k uint32) (*ProfileExplanation, error) {
	if err := r.compileGolden(); err != nil {
		return nil, err
	}
	c := r.resolved.clusters
	members := c.at(k)
	out := &ProfileExplanation{GoldenID: c.ids[k], Against: r.strongestAgainst(members)}
	for _, rec := range members {
		out.Members = append(out.Members, r.coordinates(rec))
	}
	for _, l := range r.resolved.links {
		if c.of[l.A] == k {
			x := r.explainLink(l.A, l.B)
			x.By = r.originOf(l)
			out.Links = append(out.Links, *x)
		}
	}
	for _, f := range r.resolved.refused {
		if a, b := c.of[f.A], c.of[f.B]; a == k || b == k {
			out.Refused = append(out.Refused, RefusalExplanation{GoldenID: c.ids[a+b-k], Weight: float64(f.Weight) / cluster.Bit, Constraint: f.Constraint})
		}
	}
	merger := r.golden.Merger()
	for _, a := range r.golden.Attributes() {
		v := ValueExplanation{Attribute: a.Name.Column(), Rule: a.Rule.Name}
		for _, x := range merger.Explain(members, a.Name, nil) {
			if x.Code != 0 {
				v.Candidates = append(v.Candidates, r.explainCandidate(a, x))
			}
		}
		if len(v.Candidates) > 0 {
			out.Values = append(out.Values, v)
		}
	}
	return out, nil
}

func (r *run) explainCandidate(a golden.Attribute, x golden.Candidate) CandidateExplanation {
	return CandidateExplanation{
		Value: r.golden.Shown(r.golden.Index(a.Name), x.Code), From: r.coordinates(x.Record),
		Held: int(x.Held), Survived: x.Survived, LostOn: x.LostOn,
	}
}

// strongestAgainst is the pair of members that agrees least, nil when none
// speaks against the cluster. Of a huge cluster the first records are looked
// at.
func (r *run) strongestAgainst(members []uint32) *LinkExplanation {
	const most = 200
	members = members[:min(len(members), most)]
	worst, a, b := int32(0), uint32(0), uint32(0)
	for i, x := range members {
		for _, y := range members[i+1:] {
			if w, _ := r.matcher.scorer.Pair(x, y); w < worst {
				worst, a, b = w, x, y
			}
		}
	}
	if worst == 0 {
		return nil
	}
	return r.explainLink(a, b)
}

func (r *run) explainLink(a, b uint32) *LinkExplanation {
	x := &LinkExplanation{A: r.coordinates(a), B: r.coordinates(b), By: "no link", Pair: r.matcher.scorer.Explain(a, b)}
	i, ok := slices.BinarySearchFunc(r.edges, score.Edge{A: a, B: b}, func(e, want score.Edge) int {
		return cmp.Or(cmp.Compare(e.A, want.A), cmp.Compare(e.B, want.B))
	})
	if ok {
		x.By = r.matcher.linkedBy(r.edges[i])
	} else if _, blocked := r.matcher.plan.First(a, b); !blocked {
		x.By = "no link: no blocking rule proposed the pair"
	}
	return x
}

func (r *run) coordinates(rec uint32) Coordinate {
	t := r.in.Records
	c := Coordinate{
		Channel: t.Channels[t.Channel[rec]], Key: t.RecordKey(rec), Object: t.Objects[t.Object[rec]],
		SHA256: r.objectDigest[t.Object[rec]], Row: int64(t.Row[rec]),
	}
	if t.EventTime[rec] != table.NoTime {
		c.Time = time.UnixMicro(t.EventTime[rec]).UTC()
	}
	return c
}

// String is the coordinate in one line.
func (c Coordinate) String() string {
	return fmt.Sprintf("%s/%s (%s row %d)", c.Channel, c.Key, c.Object, c.Row)
}
