package consent

// Warm reads what decisions about some clusters will read, in loops of reads
// that do not wait for each other. Clusters that are asked about in the order
// of a keyed hash lie all over memory: deciding about them one after the other
// waits for each of a chain of cache misses, while here a processor waits for a
// dozen at once. It decides nothing, and decisions do not depend on it.
func (d *Decider) Warm(clusters []ClusterID) {
	w, c, l := &d.warmed, d.e.clusters, d.e.log
	sum := w.scene(c, clusters)
	w.anchors = w.anchors[:0]
	for _, k := range clusters {
		w.anchors = append(w.anchors, c.Anchors(k)...)
	}
	sum += w.facts(l)
	w.others = w.others[:0]
	for _, a := range w.anchors {
		if c.several[a.Index()/64]>>(a.Index()%64)&1 != 0 {
			w.others = append(w.others, ClusterID(c.shared[a.Index()]))
		}
	}
	if len(w.others) > 0 {
		sum += w.meets(c, l)
	}
	w.sink += sum
}

// warming is the memory of [Decider.Warm].
type warming struct {
	anchors []AnchorID
	starts  []uint32
	others  []ClusterID
	sink    uint32 // so that reading is not optimised away
}

// scene reads what clusters themselves are.
func (w *warming) scene(c *Clustering, clusters []ClusterID) (sum uint32) {
	for _, k := range clusters {
		sum += c.starts[k+1] + uint32(c.sets[k]) + uint32(c.minority[k])
	}
	for _, k := range clusters {
		if at := int(c.starts[k]); at < len(c.anchors) {
			sum += uint32(c.anchors[at])
		}
	}
	return sum
}

// facts reads the first fact of each of the anchors; of most there is one.
func (w *warming) facts(l *Log) (sum uint32) {
	w.starts = w.starts[:0]
	for _, a := range w.anchors {
		if i := a.Index(); int(i) < len(l.anchors) && l.starts[i] < l.starts[i+1] {
			w.starts = append(w.starts, l.starts[i])
		}
	}
	for _, i := range w.starts {
		sum += uint32(l.facts[i].lo) + uint32(l.facts[i].state)
	}
	return sum
}

// meets reads the same of the clusters that share an anchor, whose places
// among the shared ones are in others.
func (w *warming) meets(c *Clustering, l *Log) (sum uint32) {
	for _, s := range w.others {
		sum += c.bounds[s]
	}
	places := len(w.others)
	for _, s := range w.others[:places] {
		if lo, hi := c.bounds[s-1], c.bounds[s]; hi-lo <= maxHolders {
			w.others = append(w.others, c.holders[lo:hi]...)
		}
	}
	holders := w.others[places:]
	sum += w.scene(c, holders)
	w.anchors = w.anchors[:0]
	for _, k := range holders {
		w.anchors = append(w.anchors, c.Anchors(k)...)
	}
	return sum + w.facts(l)
}
