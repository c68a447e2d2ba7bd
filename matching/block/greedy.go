package block

import (
	"cmp"
	"math/bits"
)

// assemble chooses among the grouped candidates under a limit of effort. rate
// is the share of records they were grouped from: effort is reckoned for all.
func (b *binder) assemble(effort int64, rate float64) (*draft, []Choice, error) {
	all := b.draft(b.grouped[:min(len(b.grouped), maxCandidates)])
	pairs, err := all.evidence()
	if err != nil {
		return nil, nil, err
	}
	c := newChooser(all, pairs, float64(effort), rate)
	for k := c.next(); k >= 0; k = c.next() {
		c.take(k)
	}
	var rules []grouped
	for i := range c.choices {
		if c.choices[i].Chosen {
			rules = append(rules, all.rules[c.order[i]])
		}
	}
	chosen := b.draft(rules)
	if err := chosen.count(); err != nil {
		return nil, nil, err
	}
	next := 0
	for i := range c.choices {
		if c.choices[i].Chosen {
			c.choices[i].Count = chosen.rules[next].count
			next++
		}
	}
	return chosen, c.choices, nil
}

// chooser is a greedy choice in the making.
type chooser struct {
	draft   *draft
	pairs   []seenPair // sampled pairs that no chosen rule covers
	adds    []worth    // by rule: what it would add to those chosen
	likely  float64    // likely matches in all
	left    float64    // effort
	rate    float64
	taken   []bool // by rule: whether it has been decided
	order   []int  // the rules decided, in order
	choices []Choice
}

// worth is what a rule would add to those chosen.
type worth struct {
	rule   int
	fresh  float64 // pairs that no chosen rule has
	likely float64 // likely matches among them
	effort float64
}

func newChooser(d *draft, pairs []seenPair, effort, rate float64) *chooser {
	c := &chooser{draft: d, pairs: pairs, left: effort, rate: rate, adds: make([]worth, len(d.rules)), taken: make([]bool, len(d.rules))}
	for i := range pairs {
		c.account(&pairs[i], pairs[i].weight)
		if pairs[i].likely {
			c.likely += pairs[i].weight
		}
	}
	return c
}

// account adds weight to what the rules that cover the pair would add.
func (c *chooser) account(p *seenPair, weight float64) {
	for i, covers := range p.covers {
		for ; covers != 0; covers &= covers - 1 {
			w := &c.adds[64*i+bits.TrailingZeros64(covers)]
			if w.fresh += weight; p.likely {
				w.likely += weight
			}
		}
	}
}

// next is the undecided rule to decide next, -1 when there is none.
func (c *chooser) next() int {
	best, found := worth{rule: -1}, false
	for k := range c.draft.rules {
		if c.taken[k] {
			continue
		}
		if w := c.worth(k); !found || c.better(w, best) {
			best, found = w, true
		}
	}
	return best.rule
}

func (c *chooser) worth(k int) worth {
	w := c.adds[k]
	w.rule = k
	w.effort = w.fresh/(c.rate*c.rate) + loadCost*float64(c.draft.rules[k].count.Records)/c.rate
	return w
}

// better orders undecided rules: by likely matches an effort while they
// count, then by effort. Candidates come in a fixed order, which breaks ties.
func (c *chooser) better(x, y worth) bool {
	xs, ys := c.decisive(x), c.decisive(y)
	if xs != ys {
		return xs
	}
	if xs {
		return x.likely*y.effort > y.likely*x.effort
	}
	return cmp.Less(x.effort, y.effort)
}

func (c *chooser) decisive(w worth) bool {
	return w.likely > covered*c.likely && w.effort <= c.left
}

// take decides rule k.
func (c *chooser) take(k int) {
	w := c.worth(k)
	c.taken[k] = true
	choice := Choice{Count: c.draft.rules[k].count}
	choice.Reason, choice.Chosen = c.verdict(w)
	choice.New = min(choice.Pairs, max(0, int64(w.fresh+.5)))
	c.order, c.choices = append(c.order, k), append(c.choices, choice)
	if !choice.Chosen {
		return
	}
	c.left -= w.effort
	kept := c.pairs[:0]
	for i := range c.pairs {
		if p := &c.pairs[i]; p.covered(k) {
			c.account(p, -p.weight)
		} else {
			kept = append(kept, *p)
		}
	}
	c.pairs = kept
}

func (c *chooser) verdict(w worth) (reason string, chosen bool) {
	switch {
	case c.draft.rules[w.rule].count.Pairs == 0:
		return "no two records share its key in a block small enough", false
	case w.effort > c.left:
		return "its work exceeds what is left of the effort", false
	case c.decisive(w):
		return "it adds likely matches", true
	case w.fresh < 1:
		return "the rules before it have all its pairs, as far as sampled", false
	}
	return "effort was left for it", true
}
