package column

// Arrays shows move a pointer to each array that is the table's own. Move may
// put an equal array in its place, of memory that is managed otherwise.
func (t *Table) Arrays(move func(array any)) {
	for i := range t.Columns {
		if c := &t.Columns[i]; len(c.Codes) > 0 && !t.lent[&c.Codes[0]] {
			move(&c.Codes)
		}
		move(&t.Columns[i].Count)
	}
}
