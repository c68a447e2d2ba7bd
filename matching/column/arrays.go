package column

// Arrays shows move a pointer to each array that is the table's own. Move may
// put an equal array in its place, of memory that is managed otherwise.
func (t *Table) Arrays(move func(array any)) {
	for i := range t.Columns {
		move(&t.Columns[i].Codes)
		move(&t.Columns[i].Count)
	}
}
