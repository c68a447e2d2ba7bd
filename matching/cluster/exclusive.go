package cluster

// Exclusive keeps records apart whose values of an attribute differ, such as
// two verified customer numbers of one register. Records without a value go
// with any.
type Exclusive struct {
	name, description string
	value             []uint32
}

// NewExclusive makes the constraint. value is by record; 0 is none.
func NewExclusive(name, description string, value []uint32) *Exclusive {
	return &Exclusive{name: name, description: description, value: value}
}

// Name is the constraint's name.
func (x *Exclusive) Name() string { return x.name }

// Description is one sentence for reports.
func (x *Exclusive) Description() string { return x.description }

// Forbids tells whether a and b have different values.
func (x *Exclusive) Forbids(a, b uint32) bool {
	v, w := x.value[a], x.value[b]
	return v != w && v != 0 && w != 0
}

// NewGroups makes the state of one Refiner.
func (x *Exclusive) NewGroups() Groups { return &exclusiveGroups{of: x} }

// exclusiveGroups holds each group's value: it has one at most.
type exclusiveGroups struct {
	of    *Exclusive
	value []uint32
}

func (g *exclusiveGroups) Reset(records []uint32) {
	g.value = sized(g.value, len(records))
	for i, r := range records {
		g.value[i] = g.of.value[r]
	}
}

func (g *exclusiveGroups) Forbids(a, b uint32) bool {
	v, w := g.value[a], g.value[b]
	return v != w && v != 0 && w != 0
}

func (g *exclusiveGroups) Merge(into, from uint32) {
	if g.value[into] == 0 {
		g.value[into] = g.value[from]
	}
}
