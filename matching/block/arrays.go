package block

// Arrays shows move a pointer to each array that grows with the records. Move
// may put an equal array in its place, of memory that is managed otherwise.
// Walkers that began before keep the old ones.
func (p *Plan) Arrays(move func(array any)) {
	move(&p.layout.single)
	move(&p.layout.list)
	for _, b := range p.blocks {
		if b != nil {
			move(&b.starts)
			move(&b.members)
		}
	}
}
