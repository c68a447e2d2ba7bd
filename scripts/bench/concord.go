package main

import (
	"context"
	"fmt"

	"concord/jobs/engine"
	"concord/matching/block"
	"concord/matching/column"
	"concord/matching/compare"
	"concord/matching/score"
	"concord/matching/train"
	"concord/schemas/model"
)

// matcher is what Concord links with: the table, the comparisons bound to it
// and the plan of pairs.
type matcher struct {
	workers     engine.Engine
	table       *column.Table
	comparators []compare.Comparator
	kernels     []compare.Kernel
	plan        *block.Plan
}

// runConcord is Concord's side.
func runConcord(task *task) (*result, error) {
	clock := startClock()
	workers := engine.Local{Count: task.Threads}
	table, err := load(task.Records, workers)
	if err != nil {
		return nil, err
	}
	out := &result{Records: table.N}
	if err := out.phase(clock, "load"); err != nil {
		return nil, err
	}
	m, err := newMatcher(table, task.model, workers)
	if err != nil {
		return nil, err
	}
	if err := out.phase(clock, "prepare"); err != nil {
		return nil, err
	}
	scorer, err := score.New(m.kernels, train.Params(task.model), table.N, task.Threshold)
	if err != nil {
		return nil, err
	}
	if task.Full {
		out.Counts, out.Pairs, err = m.count(scorer)
	} else {
		out.Links, out.Pairs, err = m.link(scorer)
	}
	if err != nil {
		return nil, err
	}
	return out, out.phase(clock, "match")
}

// newMatcher binds the model's comparisons and blocking rules to the table.
func newMatcher(table *column.Table, m *model.Model, workers engine.Engine) (*matcher, error) {
	out := &matcher{workers: workers, table: table}
	for i := range m.Comparisons {
		c, err := compare.NewThreshold(&m.Comparisons[i])
		if err != nil {
			return nil, err
		}
		out.comparators = append(out.comparators, c)
	}
	var err error
	if out.kernels, _, err = compare.Bind(table, out.comparators, each(workers)); err != nil {
		return nil, fmt.Errorf("bind comparisons: %w", err)
	}
	for i, k := range out.kernels {
		if k == nil {
			return nil, fmt.Errorf("comparison %q: no such column", out.comparators[i].Name())
		}
	}
	rules := make([]block.Rule, len(m.BlockingRules))
	for k, text := range m.BlockingRules {
		if rules[k], err = block.ParseRule(text); err != nil {
			return nil, err
		}
	}
	out.plan, err = newPlan(table, rules, workers)
	return out, err
}

// newPlan compares every pair that a rule finds: no block is too large, as
// none is for a join.
func newPlan(table *column.Table, rules []block.Rule, workers engine.Engine) (*block.Plan, error) {
	return block.Bind(table, rules, block.Options{MaxBlock: table.N, Each: each(workers)})
}

// each runs units on the workers, for code that knows nothing of them.
func each(workers engine.Engine) func(n int, unit func(i int) error) error {
	return func(n int, unit func(i int) error) error {
		return workers.Each(context.Background(), n, func(_, i int) error { return unit(i) })
	}
}

// worker is one goroutine's scorer, walker and results.
type worker struct {
	scorer   *score.Scorer
	walker   *block.Walker
	edges    []score.Edge
	patterns []score.Patterns // by rule
}

// each has the workers take the units of all rules, rule by rule.
func (m *matcher) each(scorer *score.Scorer, unit func(*worker)) ([]*worker, error) {
	workers := make([]*worker, m.workers.Workers())
	for i := range workers {
		workers[i] = &worker{scorer: scorer.Clone(), walker: m.plan.Walker(), patterns: make([]score.Patterns, m.plan.Len())}
	}
	for k := range m.plan.Len() {
		blocks := m.plan.Blocks(k)
		units := blocks.Units()
		err := m.workers.Each(context.Background(), len(units), func(w, i int) error {
			workers[w].walker.Start(blocks, units[i])
			unit(workers[w])
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("score blocking rule %q: %w", m.plan.Rule(k), err)
		}
	}
	return workers, nil
}

// link scores with early exit, as the product does.
func (m *matcher) link(scorer *score.Scorer) ([]link, int64, error) {
	workers, err := m.each(scorer, func(w *worker) { w.edges = w.scorer.Unit(w.walker, w.edges) })
	if err != nil {
		return nil, 0, err
	}
	var parts [][]score.Edge
	for _, w := range workers {
		parts = append(parts, w.edges)
	}
	edges := score.Merge(m.table.N, parts...)
	out := make([]link, len(edges))
	for i, e := range edges {
		out[i] = link{e.A, e.B, e.Weight, e.Rule, e.Pattern}
	}
	return out, compared(workers), nil
}

// count evaluates every comparison of every pair.
func (m *matcher) count(scorer *score.Scorer) ([]count, int64, error) {
	workers, err := m.each(scorer, func(w *worker) { w.scorer.Count(w.walker, &w.patterns[w.walker.Rule()]) })
	if err != nil {
		return nil, 0, err
	}
	var out []count
	for k := range m.plan.Len() {
		var total score.Patterns
		for _, w := range workers {
			total.Merge(&w.patterns[k])
		}
		for _, c := range total.Sorted() {
			out = append(out, count{uint8(k), c.Pattern, c.Pairs})
		}
	}
	return out, compared(workers), nil
}

func compared(workers []*worker) int64 {
	pairs := int64(0)
	for _, w := range workers {
		pairs += w.scorer.Stats.Pairs
	}
	return pairs
}

func (r *result) phase(c *clock, name string) error {
	p, err := c.phase(name)
	if err != nil {
		return err
	}
	_, r.Peak, err = usage()
	r.Phases = append(r.Phases, p)
	return err
}
