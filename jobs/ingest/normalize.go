package ingest

import (
	"context"
	"fmt"

	"concord/jobs/engine"
	"concord/jobs/spill"
	"concord/schemas/attribute"
	"concord/transforms/normalize"
)

// normalizeColumn turns a column's distinct raw values into variants and
// returns the problems it counted.
func (c *channel) normalizeColumn(ctx context.Context, e engine.Engine, f *fieldColumn, referenceYear int, room *[2][]chunkValues) ([]Problem, error) {
	norm, ok := normalize.For(f.typ)
	if isBirthParts(f) {
		norm, ok = normalize.BirthParts, true
	}
	if !ok {
		return nil, fmt.Errorf("channel %q column %q: no normalizer for semantic type %q", c.name, f.columns[0], f.typ)
	}
	options := c.options(f, referenceYear)
	raw := f.raw.seal()
	problems := newProblemCounter(c, f, raw.Len())
	sink := newOutputs(c.vocabulary)
	w := &waves{room: room, read: func(code uint32, out []normalize.Value) []normalize.Value {
		return norm.Normalize(raw.At(code), options, out)
	}}
	w.take = func(r *chunkValues, first uint32) error { return sink.take(r, first, problems) }
	if err := w.run(ctx, e, raw.Len()); err != nil {
		return nil, fmt.Errorf("normalize channel %q column %q: %w", c.name, f.columns[0], err)
	}
	f.outputs = sink.finish(raw.Len())
	f.distinct = int64(raw.Len() - 1)
	c.in.free(f.raw)
	f.raw = nil
	list := problems.list()
	c.in.space.Free(&problems.by)
	return list, c.in.space.Err()
}

// fieldFacts counts what a column brought.
func (c *channel) fieldFacts(f *fieldColumn, problems []Problem) Field {
	out := Field{Channel: c.name, Column: f.columns[0], Attribute: string(f.typ), Distinct: f.distinct}
	if len(f.outputs) > 0 {
		out.Attribute = f.outputs[0].name.Column()
	}
	for i := range f.outputs {
		out.Attributes = append(out.Attributes, f.outputs[i].name)
	}
	for _, p := range problems {
		if p.Code == junkCode {
			out.Junk += p.Rows
		} else {
			out.Invalid += p.Rows
		}
	}
	return out
}

func isBirthParts(f *fieldColumn) bool { return attribute.IsBirthPart(f.field.As) }

func (c *channel) options(f *fieldColumn, referenceYear int) normalize.Options {
	o := normalize.Options{
		Region:        f.field.Region,
		Kind:          f.field.Kind,
		Label:         f.field.Label,
		ReferenceYear: referenceYear,
	}
	if attribute.IsCustom(f.typ) {
		o.Attribute = attribute.Custom(f.field.Name)
	}
	o.DateOrder, _ = normalize.ParseOrder(f.field.DateOrder)
	if o.DateOrder == normalize.Unset && (f.typ == attribute.TypeBirthDate || f.typ == attribute.TypeDate) {
		o.DateOrder, _ = normalize.InferDateOrder(f.rawValues)
	}
	o.NameOrder, _ = normalize.ParseNameOrder(f.field.NameOrder)
	if o.NameOrder == normalize.UnsetNames && f.typ == attribute.TypeFullName {
		o.NameOrder, _ = normalize.InferNameOrder(f.rawValues)
	}
	return o
}

// rawValues are the column's distinct values.
func (f *fieldColumn) rawValues(yield func(string) bool) {
	for code := uint32(1); int(code) < f.raw.values.Len(); code++ {
		if !yield(f.raw.values.At(code)) {
			return
		}
	}
}

// outputs collects the variants of one column's raw values, by attribute.
type outputs struct {
	vocabulary *vocabulary
	list       []collected
}

type collected struct {
	output
	terms *terms
	last  uint32 // raw code last written
	multi bool
}

func newOutputs(v *vocabulary) *outputs { return &outputs{vocabulary: v} }

// take interns the values of one chunk, whose first raw code is first.
func (s *outputs) take(r *chunkValues, first uint32, problems *problemCounter) error {
	lo := int32(0)
	for i, hi := range r.ends {
		code := first + uint32(i)
		for k := lo; k < hi; k++ {
			v := &r.values[k]
			problems.note(code, v)
			if v.Shown == "" && v.Canonical == "" {
				continue
			}
			c := s.of(v.Attribute)
			variant, err := c.terms.variant(v)
			if err != nil {
				return err
			}
			c.add(code, variant)
		}
		lo = hi
	}
	return nil
}

func (s *outputs) of(n attribute.Name) *collected {
	for i := range s.list {
		if s.list[i].name == n {
			return &s.list[i]
		}
	}
	s.list = append(s.list, collected{output: output{name: n}, terms: s.vocabulary.of(n)})
	return &s.list[len(s.list)-1]
}

// add appends a variant of raw code. While no raw value has two variants,
// variants is indexed by raw code; the first that has makes it a list.
func (c *collected) add(code, variant uint32) {
	in := c.terms.in
	if !c.multi {
		if code != c.last || c.last == 0 {
			c.variants = spill.Grow(in.space, c.variants, int(code)-len(c.variants)+1)
			for uint32(len(c.variants)) < code {
				c.variants = append(c.variants, 0)
			}
			c.variants = append(c.variants, variant)
			c.last = code
			return
		}
		c.multi = true
		c.starts = spill.Make[int32](in.space, cap(c.variants)+1)[:len(c.variants)]
		for i := range c.starts {
			c.starts[i] = int32(i)
		}
		c.last = code
		c.variants = append(spill.Grow(in.space, c.variants, 1), variant)
		return
	}
	c.starts = spill.Grow(in.space, c.starts, max(0, int(code)+1-len(c.starts)))
	for uint32(len(c.starts)) <= code {
		c.starts = append(c.starts, int32(len(c.variants)))
	}
	c.variants = append(spill.Grow(in.space, c.variants, 1), variant)
	c.last = code
}

// finish pads every output to all raw codes.
func (s *outputs) finish(size int) []output {
	list := make([]output, len(s.list))
	for i := range s.list {
		c := &s.list[i]
		in := c.terms.in
		if c.multi {
			c.starts = spill.Grow(in.space, c.starts, max(0, size+1-len(c.starts)))
			for len(c.starts) <= size {
				c.starts = append(c.starts, int32(len(c.variants)))
			}
		} else {
			c.variants = spill.Grow(in.space, c.variants, max(0, size-len(c.variants)))
			for len(c.variants) < size {
				c.variants = append(c.variants, 0)
			}
		}
		list[i] = c.output
	}
	return list
}
