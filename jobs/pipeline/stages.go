package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"concord/jobs/engine"
	"concord/jobs/ingest"
	"concord/matching/score"
)

// extractRoom is how many bytes extraction allocates between collections at
// least: little is alive at first, or while records are kept on disk.
const extractRoom = 48 << 20

// extract reads every extract: customer records into the records table, consent
// events into logs.
func (r *run) extract(ctx context.Context) error {
	defer engine.HeapRoom(extractRoom)()
	if err := r.openFeeds(ctx); err != nil {
		return err
	}
	var read int64
	in, err := ingest.Read(ctx, r.Job, r.store, r.Engine, ingest.Options{
		ReferenceYear: r.AsOf.Year(),
		Feed:          r.feeds.feed,
		Versions:      r.feeds.version,
		Outgrown:      r.outgrown,
		Progress: func(o *ingest.Object) {
			read += o.Read
			r.Observe.Progress(read, 0, "rows")
		},
	})
	if err != nil {
		return err
	}
	r.in = in
	r.objectDigest = make([]string, len(in.Records.Objects))
	for i := range in.Objects {
		if at, ok := slices.BinarySearch(in.Records.Objects, in.Objects[i].Key); ok {
			r.objectDigest[at] = in.Objects[i].SHA256
		}
	}
	if err := r.checkColumns(); err != nil {
		return err
	}
	r.Observe.Note("read", "records", in.Records.N, "objects", len(in.Objects), "quarantined", len(in.Quarantine))
	return r.stow(in.Records, single[uint64]{&in.Hash})
}

// blocks chooses the pairs worth comparing and binds the comparisons.
func (r *run) blocks(ctx context.Context) error {
	if err := refuseMemory(r.in, r.Job.Match.Budget.Memory); err != nil {
		return err
	}
	m, err := r.newMatcher()
	if err != nil {
		return err
	}
	if err := r.block(ctx, m); err != nil {
		return fmt.Errorf("block: %w", err)
	}
	if err := r.judge(m); err != nil {
		return err
	}
	if err := r.deterministic(ctx, m); err != nil {
		return err
	}
	if err := r.bind(ctx, m); err != nil {
		return err
	}
	r.matcher = m
	if err := r.stow(m.plan); err != nil {
		return err
	}
	r.Observe.Note("blocked", "rules", m.plan.Len(), "pairs", m.plan.Pairs())
	return nil
}

// learn gets the match model.
func (r *run) learn(ctx context.Context) error {
	if err := r.train(ctx, r.matcher); err != nil {
		return err
	}
	for _, w := range r.matcher.model.Training.Warnings {
		r.Observe.Note("model warning", "text", w)
	}
	return nil
}

// scores weighs the pairs.
func (r *run) scores(ctx context.Context) error {
	var err error
	r.edges, r.stats, err = r.link(ctx, r.matcher)
	if err != nil {
		return err
	}
	r.edges = r.matcher.withRules(r.edges)
	if err := r.stow(single[score.Edge]{&r.edges}); err != nil {
		return err
	}
	r.Observe.Note("scored", "pairs", r.stats.Pairs, "links", len(r.edges))
	return nil
}

// resolve turns links into clusters with golden ids.
func (r *run) resolve(ctx context.Context) error {
	var err error
	r.resolved, err = r.cluster(ctx, r.matcher, r.edges, clusterPairs(r.matcher.judged.Must), clusterPairs(r.matcher.judged.Cannot))
	if err != nil {
		return err
	}
	if err := r.identify(ctx, r.resolved.clusters); err != nil {
		return err
	}
	r.Observe.Note("clustered", "records", r.in.Records.N, "golden", r.resolved.clusters.len())
	return r.stow(r.resolved.clusters)
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
