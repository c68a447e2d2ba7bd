package block

import "concord/matching/column"

// keyed is the keys of all records of one kind. Where a value gives one key,
// records keep the codes of their values, and the keys stand by value: a column of
// keys would take as much memory again as that of values.
type keyed struct {
	codes    []uint32
	keys     []uint32 // by code; nil where a code is its own key
	starts   []int32  // bounds of each record's slots in codes; nil: one each
	distinct int      // keys, null included
	// own: the slots go with those of no other column, as the values of one
	// address go together.
	own bool
}

// at is the key in slot s, 0 for none.
func (c *keyed) at(s uint32) uint32 {
	if c.keys == nil {
		return c.codes[s]
	}
	return c.keys[c.codes[s]]
}

// slots is the range of record r's slots.
func (c *keyed) slots(r uint32) (lo, hi uint32) {
	if c.starts == nil {
		return r, r + 1
	}
	return uint32(c.starts[r]), uint32(c.starts[r+1])
}

// of is the keys of the table's records, nil where it lacks what the key reads.
func (k Key) of(t *column.Table) *keyed {
	for _, n := range k.Names {
		if t.Column(n) == nil {
			return nil
		}
	}
	if k.Pair {
		parts := make([]column.Part, len(k.Names))
		for i, n := range k.Names {
			parts[i] = column.Part{Name: n, Kind: k.Kind}
		}
		return whole(t.Combined(true, parts...))
	}
	c := t.Column(k.Names[0])
	switch {
	case len(k.Names) > 1 || k.Kind.Multiple():
		return whole(t.Derived(k.Kind, k.Names...))
	case k.Kind == column.Whole:
		return whole(c)
	}
	keys := column.Derive(k.Kind, c)[0]
	return &keyed{codes: c.Codes, keys: keys.Codes, starts: c.Starts, distinct: keys.Values.Len(), own: c.Starts != nil}
}

// whole is the values of a column as keys.
func whole(c *column.Column) *keyed {
	if c == nil {
		return nil
	}
	return &keyed{codes: c.Codes, starts: c.Starts, distinct: len(c.Count)}
}
