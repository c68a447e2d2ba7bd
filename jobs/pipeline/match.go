package pipeline

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"

	"concord/matching/block"
	"concord/matching/column"
	"concord/matching/compare"
	"concord/matching/rules"
	"concord/matching/score"
	"concord/matching/train"
	"concord/schemas/model"
)

// matcher holds what linking is made of: the engine's table of the records,
// the comparisons bound to it, the blocking plan and the model.
type matcher struct {
	table       *column.Table
	comparators []compare.Comparator
	kernels     []compare.Kernel
	plan        *block.Plan
	choices     []block.Choice
	model       *model.Model
	modelDigest string
	rules       []rules.Result   // of the deterministic rules
	judged      rules.Judgements // by people
	scorer      *score.Scorer    // of pairs that come one at a time; clone it for other goroutines
}

// newMatcher makes the engine's table and binds the comparisons that its
// columns allow.
func (r *run) newMatcher(ctx context.Context) (*matcher, error) {
	m := &matcher{table: column.From(r.in.Records, r.in.Hash)}
	all := r.withinModel(compare.Default(m.table), m.table)
	bound := make([]compare.Kernel, len(all))
	err := r.Engine.Each(ctx, len(all), func(_, i int) error {
		bound[i] = all[i].Bind(m.table)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("bind comparisons: %w", err)
	}
	for i, k := range bound {
		if k != nil {
			m.comparators, m.kernels = append(m.comparators, all[i]), append(m.kernels, k)
		}
	}
	if len(m.kernels) == 0 {
		return nil, failedf(ErrConfig, "match: no channel maps a column that records can be compared by: map names, contact points, addresses, dates of birth or identifiers")
	}
	if len(m.kernels) > score.MaxComparisons {
		return nil, failedf(ErrConfig, "match: %d comparisons, and a model holds %d: map fewer kinds of identifier", len(m.kernels), score.MaxComparisons)
	}
	return m, nil
}

// block chooses the blocking rules. Nothing is scored: pair counts are known
// before.
func (r *run) block(ctx context.Context, m *matcher) error {
	budget := int64(r.Job.Match.Budget.Pairs)
	p := block.NewProposal(m.table, budget, block.Options{DuplicateFree: r.duplicateFree(), Unlinkable: r.unlinkable})
	bind := func() error {
		if err := r.Engine.Each(ctx, p.Keys(), func(_, i int) error { p.Derive(i); return nil }); err != nil {
			return fmt.Errorf("derive blocking keys: %w", err)
		}
		if err := r.Engine.Each(ctx, p.Rules(), func(_, i int) error { return p.Group(i) }); err != nil {
			return fmt.Errorf("group blocks: %w", err)
		}
		return nil
	}
	if err := bind(); err != nil {
		return err
	}
	p.Narrow() // to the rules that a sample of records speaks for
	if err := bind(); err != nil {
		return err
	}
	m.plan, m.choices = p.Choose()
	if budget == 0 {
		return nil
	}
	return m.plan.Check(budget)
}

// duplicateFree tells, by source, whether the job says that it holds nobody
// twice; nil when it says so of none.
func (r *run) duplicateFree() []bool {
	free := make([]bool, len(r.in.Records.Sources))
	any := false
	for i, source := range r.in.Records.Sources {
		for _, c := range r.Job.Channels {
			if c.Source == source && c.Unique {
				free[i], any = true, true
			}
		}
	}
	if !any {
		return nil
	}
	return free
}

// train estimates the model from the records, or reads the one that the job
// names.
func (r *run) train(ctx context.Context, m *matcher) error {
	if name := r.Job.Match.Model; name != "auto" {
		return r.readModel(m, r.directory(name))
	}
	in := train.Input{
		Comparisons: train.Describe(m.comparators),
		Records:     int64(m.table.N),
		Pairs:       possiblePairs(m.table, r.duplicateFree()),
		Samples:     make([]*train.LevelSample, len(m.comparators)),
	}
	err := r.Engine.Each(ctx, len(m.comparators), func(_, i int) error {
		in.Samples[i] = train.Sample(m.table, m.comparators[i:i+1], train.SampleOptions{})[0]
		return nil
	})
	if err != nil {
		return fmt.Errorf("sample random pairs: %w", err)
	}
	m.captures(&in)
	if err := r.countPasses(ctx, m, &in); err != nil {
		return err
	}
	m.model, err = train.Train(in, train.Options{CreatedFor: r.Digest()})
	if err != nil {
		return err
	}
	return m.compile()
}

func (r *run) readModel(m *matcher, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return failedf(ErrConfig, "match model: %w", err)
	}
	m.model, err = model.Parse(text)
	if err != nil {
		return failedf(ErrConfig, "match model %s: %w", path, err)
	}
	return m.compile()
}

// compile turns the model into integer weights, comparison by comparison as
// the kernels stand.
func (m *matcher) compile() error {
	if err := train.Check(m.model, m.comparators); err != nil {
		return failed(ErrConfig, err)
	}
	text, err := m.model.JSON()
	if err != nil {
		return err
	}
	m.modelDigest = digestOf(text)
	m.scorer, err = score.New(m.kernels, train.Params(m.model), m.table.N, 0)
	return err
}

// possiblePairs is how many pairs could match at all.
func possiblePairs(t *column.Table, free []bool) int64 {
	n := int64(t.N)
	pairs := n * (n - 1) / 2
	if free == nil {
		return pairs
	}
	count := make([]int64, len(free))
	for _, s := range t.Source {
		count[s]++
	}
	for s, k := range count {
		if free[s] {
			pairs -= k * (k - 1) / 2
		}
	}
	return pairs
}

// Bounds of what training looks at: enough for stable shares, little beside
// scoring.
const (
	passPairs  = 150_000
	unionPairs = 1_500_000
)

// countPasses counts agreement patterns, rule by rule and over the whole plan.
func (r *run) countPasses(ctx context.Context, m *matcher, in *train.Input) error {
	counts := m.plan.Counts()
	for k := range counts {
		rule := m.plan.Rule(k)
		single := block.NewBinder(m.table, []block.Rule{rule}, block.Options{
			DuplicateFree: r.duplicateFree(), Unlinkable: r.unlinkable, MaxBlock: counts[k].Limit})
		for i := range single.Keys() {
			single.Derive(i)
		}
		if err := single.Group(0); err != nil {
			return fmt.Errorf("blocking rule %q: %w", rule, err)
		}
		plan := single.Plan()
		patterns, _, err := r.countPatterns(ctx, m, plan, passPairs)
		if err != nil {
			return err
		}
		in.Passes = append(in.Passes, train.Pass{Rule: rule.String(), Fixed: train.Fixed(rule, in.Comparisons), Counts: train.FromPatterns(patterns)})
	}
	union, share, err := r.countPatterns(ctx, m, m.plan, unionPairs)
	in.Union, in.UnionShare = train.FromPatterns(union), share
	return err
}

// countPatterns counts the patterns of a plan's pairs, all of them or, where
// there are more than about most, those of a share of the records by hash.
func (r *run) countPatterns(ctx context.Context, m *matcher, plan *block.Plan, most int64) ([]score.PatternCount, float64, error) {
	sample, share := uint64(math.MaxUint64), 1.0
	if pairs := plan.Pairs(); pairs > most {
		share = float64(most) / float64(pairs)
		sample = uint64(share * math.MaxUint64)
		share = float64(sample) / math.MaxUint64
	}
	counting, err := m.counting()
	if err != nil {
		return nil, 0, err
	}
	var total score.Patterns
	workers := make([]*counter, r.Engine.Workers())
	for k := range plan.Len() {
		blocks := plan.Blocks(k)
		units := blocks.Units()
		err := r.Engine.Each(ctx, len(units), func(w, i int) error {
			if workers[w] == nil {
				workers[w] = &counter{scorer: counting.Clone(), walker: plan.Walker()}
				workers[w].walker.Sample = sample
			}
			workers[w].walker.Start(blocks, units[i])
			workers[w].scorer.Count(workers[w].walker, &workers[w].patterns)
			return nil
		})
		if err != nil {
			return nil, 0, fmt.Errorf("count agreement patterns: %w", err)
		}
	}
	for _, w := range workers {
		if w != nil {
			total.Merge(&w.patterns)
		}
	}
	return total.Sorted(), share, nil
}

// counting is a scorer that grades in full and weighs nothing: before there is
// a model, every level weighs the same.
func (m *matcher) counting() (*score.Scorer, error) {
	var p score.Params
	for _, c := range m.comparators {
		level := score.Level{M: 1, U: 1}
		p.Comparisons = append(p.Comparisons, score.Comparison{Name: c.Name(), Levels: slices.Repeat([]score.Level{level}, len(c.Levels()))})
	}
	return score.New(m.kernels, p, m.table.N, math.Inf(-1))
}

type counter struct {
	scorer   *score.Scorer
	walker   *block.Walker
	patterns score.Patterns
}
