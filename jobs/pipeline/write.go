package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"concord/schemas/attribute"
	schema "concord/schemas/consent"
	"concord/transforms/consent"
	"concord/transforms/golden"
	"concord/transforms/report"
	"concord/transforms/snapshot"
)

// partClusters is how many golden records one part of a table covers. It is a
// constant, not a share of the workers, so that files are the same at any
// number of them, small enough that a job of a few hundred thousand people
// keeps two cores busy, and large enough for readers: some megabytes a file.
const partClusters = 1 << 16

// published is one snapshot that was written and awaits its pointer.
type published struct {
	audience *audience
	folder   string // within the output store
	counts   counts
	files    []written
	live     bool // its pointer has moved
}

// counts are what a snapshot's account is made of.
type counts struct {
	golden, profiles, rows int64
	withheld               map[string]int64 // by the one reason
	allowed, denied        int64            // cells
	was, gained, lost      int64            // cells, against the published snapshot
	reasons                map[schema.Reason]int64
	survival               []survival // by attribute of the golden plan
	from                   [][]int64  // by attribute and channel: values taken
}

type survival struct{ filled, contested int64 }

func newCounts(attributes, channels int) counts {
	c := counts{withheld: map[string]int64{}, reasons: map[schema.Reason]int64{}, survival: make([]survival, attributes)}
	for range attributes {
		c.from = append(c.from, make([]int64, channels))
	}
	return c
}

func (c *counts) add(o *counts) {
	c.golden += o.golden
	c.profiles += o.profiles
	c.rows += o.rows
	c.allowed += o.allowed
	c.denied += o.denied
	c.was += o.was
	c.gained += o.gained
	c.lost += o.lost
	for k, n := range o.withheld {
		c.withheld[k] += n
	}
	for k, n := range o.reasons {
		c.reasons[k] += n
	}
	for i, s := range o.survival {
		c.survival[i].filled += s.filled
		c.survival[i].contested += s.contested
	}
	for i := range o.from {
		for ch, n := range o.from[i] {
			c.from[i][ch] += n
		}
	}
}

// write merges the clusters into golden records, once for each purpose as
// that purpose permits, writes the snapshots aside and verifies them.
func (r *run) write(ctx context.Context) error {
	plan, err := golden.Compile(r.in.Records, r.survivorship())
	if err != nil {
		return failed(ErrConfig, err)
	}
	r.golden = plan
	audiences, requests, err := r.audiences(ctx, plan)
	if err != nil {
		return err
	}
	r.describePeople()
	engine, err := consent.NewEngine(r.log, r.clustering, requests, consent.Options{
		AsOf: r.AsOf.UnixMicro(), NoFeed: r.log.Events() == 0,
	})
	if err != nil {
		return failed(ErrConfig, err)
	}
	r.decisions = engine
	for _, a := range audiences {
		p, err := r.writeSnapshot(ctx, a)
		if err != nil {
			return fmt.Errorf("snapshot %q: %w", a.name, err)
		}
		r.snapshots = append(r.snapshots, p)
		r.Observe.Note("wrote snapshot", "name", a.name, "profiles", p.counts.profiles, "rows", p.counts.rows)
	}
	return nil
}

// survivorship is the job's rules and channel ranks: the highest trust first,
// equals by name.
func (r *run) survivorship() golden.Options {
	o := golden.Options{Rules: ruleNames(r.Job.Golden)}
	o.Trust = slices.Clone(r.in.Records.Channels)
	slices.SortStableFunc(o.Trust, func(a, b string) int {
		return cmp.Compare(r.Job.Channels[b].Trust, r.Job.Channels[a].Trust)
	})
	for _, name := range o.Trust { // no ranking where nobody ranked
		if r.Job.Channels[name].Trust != r.Job.Channels[o.Trust[0]].Trust {
			return o
		}
	}
	o.Trust = nil
	return o
}

// describePeople tells the consent engine of every cluster: its anchors, the
// places it is in and whether a minor is among its records.
func (r *run) describePeople() {
	r.clustering = &consent.Clustering{}
	var anchors []consent.AnchorID
	for k := range uint32(r.resolved.clusters.len()) {
		anchors = anchors[:0]
		members := r.resolved.clusters.at(k)
		for _, rec := range members {
			anchors = r.anchors.of(rec, anchors)
		}
		set := r.jurisdictions(members)
		minority, _ := r.minority(members, set)
		r.clustering.Add(anchors, set, minority)
	}
	r.clustering.Seal()
}

// profile is a golden record's place in a snapshot.
type profile struct {
	id      string
	cluster uint32
}

// writeSnapshot writes one audience's tables in parts, in the order of
// profile ids.
func (r *run) writeSnapshot(ctx context.Context, a *audience) (*published, error) {
	folder, err := r.freshFolder(ctx, "snapshots/"+a.name+"/as_of="+r.slot())
	if err != nil {
		return nil, err
	}
	p := &published{audience: a, folder: folder, counts: newCounts(len(r.golden.Attributes()), len(r.in.Records.Channels))}
	r.begun = append(r.begun, p)
	profiles, err := r.profileIDs(ctx, a)
	if err != nil {
		return nil, err
	}
	parts := (len(profiles) + partClusters - 1) / partClusters
	made := make([]*part, max(parts, 1))
	err = r.Engine.Each(ctx, len(made), func(_, i int) error {
		lo, hi := min(i*partClusters, len(profiles)), min((i+1)*partClusters, len(profiles))
		var err error
		made[i], err = r.writePart(ctx, p, i, profiles, lo, hi)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		p.counts.add(&m.counts)
		p.files = append(p.files, m.files...)
	}
	slices.SortFunc(p.files, func(a, b written) int { return cmp.Compare(a.key, b.key) })
	if err := p.replays(); err != nil {
		return nil, err
	}
	return p, r.verify(ctx, p, profiles)
}

// profileIDs are the golden records' pseudonyms in the audience's domain,
// sorted.
func (r *run) profileIDs(ctx context.Context, a *audience) ([]profile, error) {
	c := r.resolved.clusters
	profiles := make([]profile, c.len())
	const chunk = 1 << 13
	err := r.Engine.Each(ctx, (len(profiles)+chunk-1)/chunk, func(_, unit int) error {
		pseudonym, err := snapshot.NewPseudonym(a.key, a.version, purposeDomain(a.purpose))
		if err != nil {
			return err
		}
		for k := unit * chunk; k < min(len(profiles), (unit+1)*chunk); k++ {
			profiles[k] = profile{pseudonym.ProfileID(c.ids[k]), uint32(k)}
		}
		return nil
	})
	slices.SortFunc(profiles, func(x, y profile) int { return cmp.Compare(x.id, y.id) })
	return profiles, err
}

// metadata is what every file of the run says of itself.
func (r *run) metadata(a *audience) []snapshot.Pair {
	pairs := []snapshot.Pair{{Key: "run", Value: r.RunID()}, {Key: "as_of", Value: r.AsOf.Format("2006-01-02T15:04:05Z")}}
	if a != nil {
		pairs = append(pairs,
			snapshot.Pair{Key: "purpose", Value: a.purpose},
			snapshot.Pair{Key: "policy_digest", Value: r.policy.Digest},
			snapshot.Pair{Key: "registry_digest", Value: schema.DefaultRegistry().Digest},
			snapshot.Pair{Key: "manifest", Value: "manifest.json"},
		)
	}
	return pairs
}

// account is the snapshot's part of the run manifest.
func (p *published) account() report.Snapshot {
	s := report.Snapshot{Name: p.audience.name, Purpose: p.audience.purpose, Basis: p.audience.basis.String(),
		Golden: p.counts.golden, Published: p.counts.profiles, Rows: p.counts.rows}
	for _, k := range sortedKeys(p.counts.withheld) {
		s.Withheld = append(s.Withheld, report.Count{Name: k, Count: p.counts.withheld[k]})
	}
	return s
}

// ruleNames are the job's survivorship rules by attribute.
func ruleNames(job map[string]string) map[attribute.Name]string {
	out := map[attribute.Name]string{}
	for a, rule := range job {
		out[attribute.Name(a)] = rule
	}
	return out
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}
