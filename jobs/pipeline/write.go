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
	reasons                [64]int64        // by reason
	survival               []survival       // by attribute of the golden plan
	from                   [][]int64        // by attribute and channel: values taken
}

type survival struct{ filled, contested int64 }

func newCounts(attributes, channels int) counts {
	c := counts{withheld: map[string]int64{}, survival: make([]survival, attributes)}
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
	if err := r.concludeLinking(ctx); err != nil {
		return fmt.Errorf("links: %w", err)
	}
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
	if err := r.stow(r.clustering); err != nil {
		return err
	}
	engine, err := consent.NewEngine(r.log, r.clustering, requests, consent.Options{
		AsOf: r.AsOf.UnixMicro(), NoFeed: r.log.Events() == 0,
	})
	if err != nil {
		return failed(ErrConfig, err)
	}
	r.decisions = engine
	if err := r.writeSnapshots(ctx, audiences); err != nil {
		return err
	}
	for _, p := range r.snapshots {
		r.Observe.Note("wrote snapshot", "name", p.audience.name, "profiles", p.counts.profiles, "rows", p.counts.rows)
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

// unit is a part of a snapshot that a worker writes and verifies.
type unit struct {
	of       *published
	profiles []profile // of the whole snapshot
	part     int
	weight   int // how much there is to write, for the order of work
}

// writeSnapshots writes every audience's tables in parts, in the order of
// profile ids, and verifies each part as soon as it is written. Parts of all
// audiences are shared out together, those of the widest tables first, so that
// no worker idles at a snapshot's end.
func (r *run) writeSnapshots(ctx context.Context, audiences []*audience) error {
	var units []unit
	made := map[*published][]*part{}
	for _, a := range audiences {
		folder, err := r.freshFolder(ctx, "snapshots/"+a.name+"/as_of="+r.slot())
		if err != nil {
			return fmt.Errorf("snapshot %q: %w", a.name, err)
		}
		p := &published{audience: a, folder: folder, counts: newCounts(len(r.golden.Attributes()), len(r.in.Records.Channels))}
		r.begun = append(r.begun, p)
		profiles, err := r.profiles(ctx, a)
		if err != nil {
			return fmt.Errorf("snapshot %q: %w", a.name, err)
		}
		parts := max((len(profiles)+partClusters-1)/partClusters, 1)
		made[p] = make([]*part, parts)
		for i := range parts {
			units = append(units, unit{p, profiles, i, len(a.columns)})
		}
	}
	slices.SortStableFunc(units, func(x, y unit) int { return cmp.Compare(y.weight, x.weight) })
	scratch := make([]snapshot.Scratch, r.Engine.Workers())
	err := r.Engine.Each(ctx, len(units), func(worker, i int) error {
		u := units[i]
		lo, hi := min(u.part*partClusters, len(u.profiles)), min((u.part+1)*partClusters, len(u.profiles))
		m, err := r.writePart(ctx, u.of, u.part, u.profiles, lo, hi, &scratch[worker])
		if err == nil {
			err = r.verify(ctx, u.of, m.files, u.profiles[lo:hi])
		}
		if err != nil {
			return fmt.Errorf("snapshot %q: %w", u.of.audience.name, err)
		}
		made[u.of][u.part] = &part{counts: m.counts, files: m.files} // let go of the rest
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range r.begun {
		for _, m := range made[p] {
			p.counts.add(&m.counts)
			p.files = append(p.files, m.files...)
		}
		slices.SortFunc(p.files, func(a, b written) int { return cmp.Compare(a.key, b.key) })
		if err := p.replays(); err != nil {
			return fmt.Errorf("snapshot %q: %w", p.audience.name, err)
		}
		r.snapshots = append(r.snapshots, p)
	}
	return nil
}

// profile is a golden record's place in a snapshot.
type profile struct {
	key     snapshot.ProfileKey
	cluster uint32
}

// profiles are the golden records with their pseudonyms in the audience's
// domain, in the order of those.
func (r *run) profiles(ctx context.Context, a *audience) ([]profile, error) {
	c := r.resolved.clusters
	profiles := make([]profile, c.len())
	const chunk = 1 << 13
	err := r.Engine.Each(ctx, (len(profiles)+chunk-1)/chunk, func(_, unit int) error {
		pseudonym, err := r.pseudonym(a)
		if err != nil {
			return err
		}
		for k := unit * chunk; k < min(len(profiles), (unit+1)*chunk); k++ {
			profiles[k] = profile{pseudonym.ProfileKey(c.ids[k]), uint32(k)}
		}
		return nil
	})
	slices.SortFunc(profiles, func(x, y profile) int {
		return cmp.Or(cmp.Compare(x.key.Hi, y.key.Hi), cmp.Compare(x.key.Lo, y.key.Lo))
	})
	return profiles, err
}

// pseudonym makes the ids of an audience's domain.
func (r *run) pseudonym(a *audience) (*snapshot.Pseudonym, error) {
	return snapshot.NewPseudonym(a.key, a.version, purposeDomain(a.purpose))
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
