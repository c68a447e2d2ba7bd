package column

import "concord/schemas/table"

// dictionary gives each distinct key a code, from 1 on in order of first
// sight. Nothing may depend on that order.
type dictionary struct {
	values table.Strings
	code   map[string]uint32
}

func newDictionary() *dictionary {
	d := &dictionary{code: map[string]uint32{"": 0}}
	d.values.Append("")
	return d
}

func (d *dictionary) add(key string) uint32 {
	if c, ok := d.code[key]; ok {
		return c
	}
	c := d.values.Append(key)
	// The map's key must not share memory that Append may move away from: a
	// derived key often points into the value it was made of, which stays.
	d.code[key] = c
	return c
}

// Derivation is the keys of one kind of every distinct value of a column.
// Pointer-free and read-only.
type Derivation struct {
	// Starts bounds each value's keys in Codes; nil means one key per value, 0
	// where it has none.
	Starts []int32
	// Codes are the keys by value, without repeats within one value.
	Codes []uint32
	// Values are the distinct keys; entry 0 is null.
	Values table.Strings
}

// Of is the keys of value v, never 0 among them.
func (d *Derivation) Of(v uint32) []uint32 {
	if d.Starts != nil {
		return d.Codes[d.Starts[v]:d.Starts[v+1]]
	}
	if d.Codes[v] == 0 {
		return nil
	}
	return d.Codes[v : v+1]
}

// Derive computes kind k of every distinct value of the columns, in order,
// with one dictionary for them all: the same key has the same code whichever
// column it comes from.
func Derive(k Kind, columns ...*Column) []Derivation {
	dict := newDictionary()
	out := make([]Derivation, len(columns))
	for i, c := range columns {
		out[i] = derive(k, c.Values, dict)
	}
	for i := range out {
		out[i].Values = dict.values
	}
	return out
}

func derive(k Kind, values table.Strings, dict *dictionary) Derivation {
	n := max(values.Len(), 1)
	d := Derivation{Codes: make([]uint32, 0, n)}
	if k.Multiple() {
		d.Starts = make([]int32, 1, n+1)
	}
	var keys []string
	for v := range uint32(n) {
		keys = keys[:0]
		if v > 0 {
			keys = Keys(k, values.At(v), keys)
		}
		for _, key := range keys {
			d.Codes = append(d.Codes, dict.add(key))
		}
		switch {
		case k.Multiple():
			d.Starts = append(d.Starts, int32(len(d.Codes)))
		case len(keys) == 0:
			d.Codes = append(d.Codes, 0)
		}
	}
	return d
}
