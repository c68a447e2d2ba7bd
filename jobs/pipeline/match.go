package pipeline

import (
	"context"
	"fmt"
	"math"
	"slices"

	"concord/jobs/engine"
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
	model       *model.Model // nil until it is trained, unless the job names one
	modelDigest string
	rules       []rules.Result   // of the deterministic rules
	judged      rules.Judgements // by people
	scorer      *score.Scorer    // of pairs that come one at a time; clone it for other goroutines
}

// newMatcher makes the engine's table and says what is compared.
func (r *run) newMatcher() (*matcher, error) {
	m := &matcher{table: r.withoutShared(column.From(r.in.Records, r.in.Hash))}
	var err error
	if m.comparators, err = r.comparisons(m); err != nil {
		return nil, err
	}
	return m, r.stow(m.table)
}

// bind binds the comparisons that the table has columns for. It comes after
// blocking and the deterministic rules, which need as much memory for a while as
// bound comparisons do from then on.
func (r *run) bind(ctx context.Context, m *matcher) error {
	all := m.comparators
	m.comparators = nil
	bound, rows, err := compare.Bind(m.table, all, r.blockOptions(ctx).Each)
	if err != nil {
		return fmt.Errorf("bind comparisons: %w", err)
	}
	for i, k := range bound {
		if k != nil {
			m.comparators, m.kernels = append(m.comparators, all[i]), append(m.kernels, k)
		}
	}
	if len(m.kernels) == 0 {
		return failedf(ErrConfig, "match: no channel maps a column that records can be compared by: map names, contact points, addresses, dates of birth or identifiers")
	}
	if len(m.kernels) > score.MaxComparisons {
		return failedf(ErrConfig, "match: %d comparisons, and a model holds %d: map fewer kinds of identifier", len(m.kernels), score.MaxComparisons)
	}
	return r.stow(rows)
}

// block chooses the blocking rules. Nothing is scored: pair counts are known
// before.
func (r *run) block(ctx context.Context, m *matcher) error {
	budget := int64(r.Job.Match.Budget.Pairs)
	var err error
	m.plan, m.choices, err = block.Propose(m.table, budget, r.blockOptions(ctx))
	if err != nil || budget == 0 {
		return err
	}
	return m.plan.Check(budget)
}

// blockOptions is what the job and the people's consent say of blocking.
func (r *run) blockOptions(ctx context.Context) block.Options {
	return block.Options{
		DuplicateFree: r.duplicateFree(), Unlinkable: r.unlinkable,
		Each: func(n int, unit func(i int) error) error {
			return r.Engine.Each(ctx, n, func(_, i int) error { return unit(i) })
		},
	}
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
	if m.model != nil {
		return m.compile()
	}
	in := train.Input{
		Comparisons: train.Describe(m.comparators),
		Records:     int64(m.table.N),
		Pairs:       possiblePairs(m.table, r.duplicateFree()),
		Samples:     make([]*train.LevelSample, len(m.comparators)),
	}
	err := r.Engine.Each(ctx, len(m.comparators), func(_, i int) error {
		in.Samples[i] = train.SampleBound(m.table, m.comparators[i], m.kernels[i].Clone(), train.SampleOptions{})
		return nil
	})
	if err != nil {
		return fmt.Errorf("sample random pairs: %w", err)
	}
	m.captures(&in)
	if err := r.countPasses(ctx, m, &in); err != nil {
		return err
	}
	if err := m.labels(&in); err != nil {
		return err
	}
	m.model, err = train.Train(in, train.Options{CreatedFor: r.Digest()})
	if err != nil {
		return err
	}
	return m.compile()
}

// labels tells training what people judged of pairs.
func (m *matcher) labels(in *train.Input) error {
	if len(m.judged.Must)+len(m.judged.Cannot) == 0 {
		return nil
	}
	scorer, err := m.counting()
	if err != nil {
		return err
	}
	for _, judged := range []struct {
		pairs []rules.Pair
		match bool
	}{{m.judged.Must, true}, {m.judged.Cannot, false}} {
		for _, p := range judged.pairs {
			_, pattern := scorer.Pair(p.A, p.B)
			in.Labels = append(in.Labels, train.Label{Pattern: pattern, Match: judged.match, Pairs: 1})
		}
	}
	return nil
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
// scoring. Three times as many pairs move the F1 of no public set by more than
// .0005, in either direction.
const (
	passPairs  = 50_000
	unionPairs = 500_000
)

// countPasses counts agreement patterns, rule by rule over all pairs of the
// rule, and over the whole plan.
func (r *run) countPasses(ctx context.Context, m *matcher, in *train.Input) error {
	counts := m.plan.Counts()
	scorer, err := m.counting()
	if err != nil {
		return err
	}
	all := patternCount{scorer: scorer}
	all.sample(m.plan.Pairs(), unionPairs)
	for k := range counts {
		one := patternCount{scorer: scorer, alone: true}
		one.sample(counts[k].Pairs, passPairs)
		for _, c := range []*patternCount{&one, &all} {
			if err := c.count(ctx, r.Engine, m, k); err != nil {
				return fmt.Errorf("count agreement patterns of blocking rule %q: %w", m.plan.Rule(k), err)
			}
		}
		rule := m.plan.Rule(k)
		in.Passes = append(in.Passes, train.Pass{Rule: rule.String(), Fixed: train.Fixed(rule, in.Comparisons), Counts: one.patterns()})
	}
	in.Union = all.patterns()
	in.UnionShare = float64(in.Union.Pairs()) / float64(max(m.plan.Pairs(), 1))
	return nil
}

// patternCount counts agreement patterns of a sample of pairs.
type patternCount struct {
	scorer    *score.Scorer // cloned for each worker
	alone     bool          // all pairs of a rule, rather than those new to it
	threshold uint64        // by hash of a pair's lower record
	workers   []*counter
}

type counter struct {
	scorer *score.Scorer
	walker *block.Walker
	counts score.Patterns
}

// sample leaves about most of so many pairs: those of which one record's hash is
// at most the threshold, since records are numbered by hash. Of 1 − (1 − t)² of
// the pairs one is within the lowest share t.
func (c *patternCount) sample(pairs, most int64) {
	c.threshold = math.MaxUint64
	if pairs > most {
		c.threshold = uint64((1 - math.Sqrt(1-float64(most)/float64(pairs))) * math.MaxUint64)
	}
}

// count adds the pairs of rule k.
func (c *patternCount) count(ctx context.Context, e engine.Engine, m *matcher, k int) error {
	if c.workers == nil {
		c.workers = make([]*counter, e.Workers())
	}
	blocks := m.plan.Blocks(k)
	units := blocks.Units()
	return e.Each(ctx, len(units), func(w, i int) error {
		if c.workers[w] == nil {
			c.workers[w] = &counter{scorer: c.scorer.Clone(), walker: m.plan.Walker()}
			c.workers[w].walker.Sample, c.workers[w].walker.Alone = c.threshold, c.alone
		}
		x := c.workers[w]
		x.walker.Start(blocks, units[i])
		x.scorer.Count(x.walker, &x.counts)
		return nil
	})
}

// patterns is what all workers have counted.
func (c *patternCount) patterns() train.Table {
	var total score.Patterns
	for _, w := range c.workers {
		if w != nil {
			total.Merge(&w.counts)
		}
	}
	return train.FromPatterns(total.Sorted())
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

// settle lets go of what only linking needs. The model and the comparisons
// stay.
func (m *matcher) settle() {
	m.plan.Forget()
	m.table, m.kernels, m.scorer, m.rules = nil, nil, nil, nil
}
