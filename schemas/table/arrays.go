package table

// Arrays shows move a pointer to each of the list's arrays. Move may put an
// equal array in its place, of memory that is managed otherwise.
func (s *Strings) Arrays(move func(array any)) {
	move(&s.Bytes)
	move(&s.Offsets)
}

// Arrays is [Strings.Arrays] of the column's own arrays; those of Starts are
// shared by columns and not shown.
func (c *Column) Arrays(move func(array any)) {
	move(&c.Codes)
	move(&c.Canon)
	move(&c.Flags)
	c.Shown.Arrays(move)
	c.Canonical.Arrays(move)
}

// Arrays is [Strings.Arrays] of everything that grows with the records.
func (r *Records) Arrays(move func(array any)) {
	move(&r.Channel)
	move(&r.Source)
	move(&r.Object)
	move(&r.Brand)
	move(&r.Row)
	move(&r.EventTime)
	r.Key.Arrays(move)
	moved := map[*int32][]int32{} // Starts that columns share, by their first number
	for i := range r.Columns {
		c := &r.Columns[i]
		c.Arrays(move)
		if len(c.Starts) == 0 {
			continue
		}
		first := &c.Starts[0]
		if _, there := moved[first]; !there {
			move(&c.Starts)
			moved[first] = c.Starts
		}
		c.Starts = moved[first]
	}
}
