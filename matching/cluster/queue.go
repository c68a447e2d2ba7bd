package cluster

// queue is a binary heap of links that may be worth contracting: the greatest
// weight first, equal weights by link number. A link whose weight changes is
// pushed again, and the reader drops entries that are out of date.
type queue struct{ heap []proposal }

type proposal struct {
	weight int64
	link   uint32
}

func (p proposal) ahead(q proposal) bool {
	return p.weight > q.weight || p.weight == q.weight && p.link < q.link
}

func (q *queue) reset() { q.heap = q.heap[:0] }

// push proposes a link. Links without positive weight are never contracted.
func (q *queue) push(link uint32, weight int64) {
	if weight <= 0 {
		return
	}
	q.heap = append(q.heap, proposal{weight, link})
	h := q.heap
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if !h[i].ahead(h[up]) {
			return
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
}

// pop removes the best proposal; ok is false when there is none.
func (q *queue) pop() (best proposal, ok bool) {
	h := q.heap
	if len(h) == 0 {
		return proposal{}, false
	}
	best = h[0]
	h[0] = h[len(h)-1]
	h = h[:len(h)-1]
	q.heap = h
	for i := 0; ; {
		down := 2*i + 1
		if down >= len(h) {
			return best, true
		}
		if down+1 < len(h) && h[down+1].ahead(h[down]) {
			down++
		}
		if !h[down].ahead(h[i]) {
			return best, true
		}
		h[i], h[down] = h[down], h[i]
		i = down
	}
}
