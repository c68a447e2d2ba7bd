package block

import "cmp"

// assemble chooses among the grouped candidates under a limit of effort. rate
// is the share of records they were grouped from: effort is reckoned for all.
func (b *Binder) assemble(effort int64, rate float64) (*draft, []Choice) {
	all := b.draft()
	all.rules = append(all.rules, b.grouped[:min(len(b.grouped), maxCandidates)]...)
	c := chooser{draft: all, pairs: all.evidence(), left: float64(effort), rate: rate}
	for i := range c.pairs {
		if c.pairs[i].likely {
			c.likely += c.pairs[i].weight
		}
	}
	c.taken = make([]bool, len(all.rules))
	for k := c.next(); k >= 0; k = c.next() {
		c.take(k)
	}
	chosen := b.draft()
	for i := range c.choices {
		if choice := &c.choices[i]; choice.Chosen {
			choice.Count = chosen.add(all.rules[c.order[i]])
		}
	}
	return chosen, c.choices
}

// chooser is a greedy choice in the making.
type chooser struct {
	draft   *draft
	pairs   []seenPair // sampled pairs that no chosen rule covers
	likely  float64    // likely matches in all
	left    float64    // effort
	rate    float64
	taken   []bool // by rule: whether it has been decided
	order   []int  // the rules decided, in order
	choices []Choice
}

// worth is what a rule would add to those chosen.
type worth struct {
	rule        int
	fresh       float64 // pairs that no chosen rule has
	likely      float64 // likely matches among them
	effort      float64
	pairs, uses float64 // of the rule itself: pairs, records in blocks
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
	count := &c.draft.rules[k].count
	w := worth{rule: k, pairs: float64(count.Pairs), uses: float64(count.Records)}
	for i := range c.pairs {
		if p := &c.pairs[i]; p.covered(k) {
			w.fresh += p.weight
			if p.likely {
				w.likely += p.weight
			}
		}
	}
	w.effort = w.fresh/(c.rate*c.rate) + loadCost*w.uses/c.rate
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
	choice.New = min(choice.Pairs, int64(w.fresh+.5))
	c.order, c.choices = append(c.order, k), append(c.choices, choice)
	if !choice.Chosen {
		return
	}
	c.left -= w.effort
	kept := c.pairs[:0]
	for _, p := range c.pairs {
		if !p.covered(k) {
			kept = append(kept, p)
		}
	}
	c.pairs = kept
}

func (c *chooser) verdict(w worth) (reason string, chosen bool) {
	switch {
	case w.pairs == 0:
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
