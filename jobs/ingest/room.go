package ingest

import "concord/jobs/spill"

// room is where the arrays are that grow with the rows: the heap, and once
// the run is seen not to fit, a file.
type room struct {
	space *spill.Space // nil while memory suffices; changes only between units of work
	// outgrown is [Options.Outgrown].
	outgrown func(rows int, size int64) (*spill.Space, error)
	rows     int   // of people channels, read so far
	size     int64 // of the objects opened so far, in bytes
	owners   []owner
}

// owner shows move a pointer to each of its arrays; move may replace them.
type owner interface{ arrays(move func(array any)) }

// check looks, after some rows were read, whether memory still suffices, and
// whether the disk does.
func (m *room) check() error {
	if m.space != nil || m.outgrown == nil {
		return m.space.Err()
	}
	space, err := m.outgrown(m.rows, m.size)
	if err != nil || space == nil {
		return err
	}
	m.space = space
	for _, o := range m.owners {
		if err := space.MoveAll(o.arrays); err != nil {
			return err
		}
	}
	return nil
}

// fit is an array without the room to grow that it has in the heap. In a file
// the room takes nothing.
func fit[E any](m *room, a []E) []E {
	if !m.space.Owns(a) {
		a = append(make([]E, 0, len(a)), a...)
	}
	return a[:len(a):len(a)]
}

// free gives arrays back that nobody touches any more.
func (m *room) free(o owner) {
	if m.space != nil {
		o.arrays(m.space.Free)
	}
}
