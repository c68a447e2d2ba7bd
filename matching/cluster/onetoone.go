package cluster

// OneToOne keeps records of two classes apart that an assignment did not make
// partners: where one of two has a partner, it is nobody else's. Records of
// both classes without partners go with any, so that Unique, which the classes
// need besides, is what bounds them.
type OneToOne struct {
	name, description string
	class             []uint16
	left, right       uint16
	partner           []uint32
}

// NewOneToOne makes the constraint. partner is that of Assign.
func NewOneToOne(name, description string, class []uint16, left, right uint16, partner []uint32) *OneToOne {
	return &OneToOne{name: name, description: description, class: class, left: left, right: right, partner: partner}
}

// Name is the constraint's name.
func (o *OneToOne) Name() string { return o.name }

// Description is one sentence for reports.
func (o *OneToOne) Description() string { return o.description }

// Forbids tells whether a and b are of the two classes, and one of them is the
// partner of another.
func (o *OneToOne) Forbids(a, b uint32) bool {
	if o.class[a] == o.right {
		a, b = b, a
	}
	return o.class[a] == o.left && o.class[b] == o.right && o.apart(a, b)
}

func (o *OneToOne) apart(a, b uint32) bool {
	return o.partner[a] != b && (o.partner[a] != a || o.partner[b] != b)
}

// NewGroups makes the state of one Refiner.
func (o *OneToOne) NewGroups() Groups { return &oneToOneGroups{of: o} }

// oneToOneGroups holds each group's records of the two classes.
type oneToOneGroups struct {
	of          *OneToOne
	left, right [][]uint32
}

func (g *oneToOneGroups) Reset(records []uint32) {
	g.left, g.right = sized(g.left, len(records)), sized(g.right, len(records))
	for i, r := range records {
		g.left[i], g.right[i] = g.left[i][:0], g.right[i][:0]
		switch g.of.class[r] {
		case g.of.left:
			g.left[i] = append(g.left[i], r)
		case g.of.right:
			g.right[i] = append(g.right[i], r)
		}
	}
}

func (g *oneToOneGroups) Forbids(a, b uint32) bool {
	return g.across(g.left[a], g.right[b]) || g.across(g.left[b], g.right[a])
}

func (g *oneToOneGroups) across(left, right []uint32) bool {
	for _, x := range left {
		for _, y := range right {
			if g.of.apart(x, y) {
				return true
			}
		}
	}
	return false
}

func (g *oneToOneGroups) Merge(into, from uint32) {
	g.left[into] = append(g.left[into], g.left[from]...)
	g.right[into] = append(g.right[into], g.right[from]...)
	g.left[from], g.right[from] = g.left[from][:0], g.right[from][:0]
}
