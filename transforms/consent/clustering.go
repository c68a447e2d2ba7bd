package consent

import (
	"slices"

	schema "concord/schemas/consent"
)

// ClusterID numbers the clusters in the order in which they were added.
type ClusterID uint32

// Clustering says who holds which anchors. An anchor may be held by several
// clusters: then its verdict is the meet of theirs. Add every cluster, then
// Seal; from then on it is read-only and may be shared.
type Clustering struct {
	starts   []uint32
	anchors  []AnchorID
	sets     []schema.JurisdictionSet
	minority []schema.Minority

	shared  []uint32 // by anchor index: 1 + place in bounds, or 0
	several []uint64 // by anchor index: a bit that tells whether shared is not 0; small enough to stay in a cache
	bounds  []uint32 // of holders
	holders []ClusterID
}

// Add appends a cluster. anchors are all the contact points, devices and
// accounts of its records, in any order; jurisdictions the union over *all*
// its records, where a record without any adds what Policy.Jurisdiction("")
// gives (leaving it out would let a merge relax the regime); minority the
// maximum over its records.
func (c *Clustering) Add(anchors []AnchorID, jurisdictions schema.JurisdictionSet, minority schema.Minority) ClusterID {
	if len(c.starts) == 0 {
		c.starts = append(c.starts, 0)
	}
	from := len(c.anchors)
	c.anchors = append(c.anchors, anchors...)
	slices.Sort(c.anchors[from:])
	c.anchors = c.anchors[:from+len(slices.Compact(c.anchors[from:]))]
	c.starts = append(c.starts, uint32(len(c.anchors)))
	c.sets = append(c.sets, jurisdictions)
	c.minority = append(c.minority, minority)
	return ClusterID(len(c.sets) - 1)
}

// Len counts the clusters.
func (c *Clustering) Len() int { return len(c.sets) }

// Anchors is the sorted anchors of a cluster. The slice is shared: do not
// change it.
func (c *Clustering) Anchors(k ClusterID) []AnchorID {
	return c.anchors[c.starts[k]:c.starts[k+1]]
}

// Seal finds the anchors that several clusters hold.
func (c *Clustering) Seal() {
	size := uint32(0)
	for _, a := range c.anchors {
		size = max(size, a.Index()+1)
	}
	count := make([]uint32, size)
	for _, a := range c.anchors {
		count[a.Index()]++
	}
	c.bounds = append(c.bounds[:0], 0)
	c.several = make([]uint64, (size+63)/64)
	total := uint32(0)
	for i, n := range count {
		count[i] = 0
		if n > 1 {
			c.several[i/64] |= 1 << (i % 64)
			count[i] = uint32(len(c.bounds))
			total += n
			c.bounds = append(c.bounds, total)
		}
	}
	c.shared = count
	c.holders = make([]ClusterID, total)
	next := slices.Clone(c.bounds)
	for k := range c.sets {
		for _, a := range c.Anchors(ClusterID(k)) {
			if s := c.shared[a.Index()]; s != 0 {
				c.holders[next[s-1]] = ClusterID(k)
				next[s-1]++
			}
		}
	}
}

// Holders is the clusters that hold an anchor, when there are several; nil
// when there is one.
func (c *Clustering) Holders(a AnchorID) []ClusterID {
	i := a.Index()
	if int(i) >= len(c.shared) || c.several[i/64]>>(i%64)&1 == 0 {
		return nil
	}
	s := c.shared[i]
	return c.holders[c.bounds[s-1]:c.bounds[s]]
}
