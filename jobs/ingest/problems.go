package ingest

import (
	"concord/jobs/spill"
	"concord/schemas/table"
	"concord/transforms/normalize"
)

// problemCounter counts a column's unusable and junk values: distinct ones
// as they are normalized, rows afterwards by one pass over the codes.
type problemCounter struct {
	channel *channel
	field   *fieldColumn
	codes   []string // problem codes in order of appearance
	by      []uint8  // by raw code: index into codes + 1, 0 for none
}

func newProblemCounter(c *channel, f *fieldColumn, size int) *problemCounter {
	return &problemCounter{channel: c, field: f, by: spill.Make[uint8](c.in.space, size)}
}

// junkCode is how junk is listed among the problems.
const junkCode = "junk"

// note records the problem of a value of raw code, if it has one. The first
// problem of a raw value is the one that is counted.
func (p *problemCounter) note(code uint32, v *normalize.Value) {
	problem := v.Problem
	if problem == "" && v.Flags&table.Junk != 0 {
		problem = junkCode
	}
	if problem == "" || p.by[code] != 0 {
		return
	}
	for i, known := range p.codes {
		if known == problem {
			p.by[code] = uint8(i + 1)
			return
		}
	}
	p.codes = append(p.codes, problem)
	p.by[code] = uint8(len(p.codes))
}

// list gives the counts, by problem.
func (p *problemCounter) list() []Problem {
	if len(p.codes) == 0 {
		return nil
	}
	out := make([]Problem, len(p.codes))
	for i, code := range p.codes {
		out[i] = Problem{Channel: p.channel.name, Column: p.field.columns[0], Code: code}
	}
	for _, b := range p.by {
		if b > 0 {
			out[b-1].Distinct++
		}
	}
	for r := range uint32(p.channel.rows()) {
		lo, hi := p.field.elements(r)
		for _, code := range p.field.codes[lo:hi] {
			b := p.by[code]
			if b == 0 {
				continue
			}
			o := &out[b-1]
			if o.Rows == 0 {
				o.Object = p.channel.objects[p.channel.object[r]].Key
				o.Row = int64(p.channel.number[r])
			}
			o.Rows++
		}
	}
	return out
}
