package consent

// Arrays shows move a pointer to each array that grows with the events. Move
// may put an equal array in its place, of memory that is managed otherwise.
// Nothing else may use the log meanwhile.
func (l *Log) Arrays(move func(array any)) {
	for _, a := range []any{
		&l.anchors, &l.buckets, &l.facts, &l.ids, &l.starts, &l.named, &l.origins,
		&l.bars, &l.barOrigins, &l.barStarts, &l.notice, &l.evidence,
	} {
		move(a)
	}
	l.notices.Arrays(move)
	l.proofs.Arrays(move)
}

// Arrays is [Log.Arrays] of the events gathered since it was asked last. It may
// be asked again and again.
func (b *Builder) Arrays(move func(array any)) {
	for i := range b.buckets {
		b.buckets[i].arrays(move)
	}
}

// Arrays is [Log.Arrays] of what grows with the clusters.
func (c *Clustering) Arrays(move func(array any)) {
	for _, a := range []any{&c.starts, &c.anchors, &c.sets, &c.minority, &c.shared, &c.several, &c.bounds, &c.holders} {
		move(a)
	}
}
