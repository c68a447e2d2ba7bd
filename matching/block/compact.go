package block

// compactPairs is the number of pairs up to which a unit is walked ahead, so
// that the records left without a partner are not loaded. Most tight blocks
// hold nothing that an earlier rule has not paired, and loading a record costs
// as much as scoring ten pairs. With more pairs than this a unit has more than
// sixteen a record, and nearly all records keep one.
const compactPairs = 1 << 16

// compact is a unit walked ahead: its pairs, with positions renumbered to the
// records that have one.
type compact struct {
	on       bool
	outers   []outerRun
	next     int
	partners []int32
	position []int32 // by old position: the new one, -1 for a record left out
}

// outerRun is one outer record and the bounds of its partners.
type outerRun struct{ outer, lo, hi int32 }

// collect walks the unit ahead and drops the records that no pair has.
func (w *Walker) collect() {
	c := &w.compact
	c.on, c.next = true, 0
	c.outers, c.partners = c.outers[:0], c.partners[:0]
	c.position = resize(c.position, len(w.rows))
	for i := range c.position {
		c.position[i] = -1
	}
	for w.advance() {
		lo := len(c.partners)
		c.partners = append(c.partners, w.partners...)
		c.outers = append(c.outers, outerRun{int32(w.outer), int32(lo), int32(len(c.partners))})
		c.position[w.outer] = 0
		for _, j := range w.partners {
			c.position[j] = 0
		}
	}
	w.keepUsed()
	for i := range c.outers {
		c.outers[i].outer = c.position[c.outers[i].outer]
	}
	for i, j := range c.partners {
		c.partners[i] = c.position[j]
	}
}

// keepUsed closes the gaps in rows and notes the new positions.
func (w *Walker) keepUsed() {
	used := int32(0)
	for i, p := range w.compact.position {
		if p < 0 {
			continue
		}
		w.rows[used] = w.rows[i]
		w.compact.position[i] = used
		used++
	}
	w.rows = w.rows[:used]
}

// nextCollected is Next for a unit walked ahead.
func (w *Walker) nextCollected() bool {
	c := &w.compact
	if c.next == len(c.outers) {
		return false
	}
	run := c.outers[c.next]
	c.next++
	w.outer, w.partners = int(run.outer), c.partners[run.lo:run.hi]
	return true
}
