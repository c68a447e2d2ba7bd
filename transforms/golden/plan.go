package golden

import (
	"fmt"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// Options is what a job says about survivorship. The zero value means the
// defaults of [attribute.Spec] and equal trust in every channel.
type Options struct {
	// Rules names the rule of an attribute, by [Rule.Name]. An attribute that
	// is not listed keeps its default. A rule for one part of an address is
	// the rule of the address: two different ones are an error.
	Rules map[attribute.Name]string
	// Trust lists channels, the most trusted first. Channels that are not
	// listed share the last place.
	Trust []string
}

// Plan is the survivorship of one run: compiled once, then read-only. Any
// number of goroutines may use it, each with its own [Merger].
type Plan struct {
	records    *table.Records
	attributes []Attribute
	units      []unit
	trust      []uint32 // by channel
}

// Attribute is a column of the golden records.
type Attribute struct {
	Name attribute.Name
	Rule Rule

	column *table.Column
	unit   int // index into units
	part   int // index of the column in its unit
}

// unit is what survives as one: an attribute, or all parts of an address.
type unit struct {
	rule    *Rule
	columns []*table.Column
	// reachable marks the parts that make an address one that post reaches:
	// a street, or a unit such as a post-office box. All bits for a unit that
	// is no address.
	reachable uint16
	contact   string // contact point kind, or ""
	names     []attribute.Name
}

// Compile makes the plan for the records of one run. Its errors name the
// attribute or channel at fault and what may stand there.
func Compile(records *table.Records, o Options) (*Plan, error) {
	p := &Plan{records: records}
	for n := range o.Rules {
		if records.Column(n) == nil {
			return nil, fmt.Errorf("survivorship of %q: no channel maps this attribute", n.Column())
		}
	}
	address, err := addressRule(records, o)
	if err != nil {
		return nil, err
	}
	addressUnit := -1
	for i := range records.Columns {
		col := &records.Columns[i]
		spec, ok := attribute.Lookup(col.Name)
		if !ok {
			return nil, fmt.Errorf("survivorship of %q: not an attribute", col.Name)
		}
		if spec.Group == attribute.AddressGroup {
			addressUnit = p.addPart(col, spec, address, addressUnit)
			continue
		}
		rule, err := ruleOf(col.Name, spec, o)
		if err != nil {
			return nil, err
		}
		p.addPart(col, spec, rule, -1)
	}
	p.trust, err = ranks(records.Channels, o.Trust)
	return p, err
}

// addPart makes col a part of unit at (a new one where at < 0) and returns
// the unit's index.
func (p *Plan) addPart(col *table.Column, spec attribute.Spec, rule *Rule, at int) int {
	if at < 0 {
		at = len(p.units)
		p.units = append(p.units, unit{rule: rule})
	}
	u := &p.units[at]
	part := len(u.columns)
	u.columns = append(u.columns, col)
	u.names = append(u.names, col.Name)
	if spec.Contact != "" {
		u.contact = spec.Contact
	}
	if spec.Contact != "" || col.Name == attribute.Unit {
		u.reachable |= 1 << part
	}
	p.attributes = append(p.attributes, Attribute{Name: col.Name, Rule: *rule, column: col, unit: at, part: part})
	return at
}

// addressRule is the one rule of the address: what the job says of any part,
// else the default.
func addressRule(records *table.Records, o Options) (*Rule, error) {
	var chosen *Rule
	var by attribute.Name
	for i := range records.Columns {
		n := records.Columns[i].Name
		spec, _ := attribute.Lookup(n)
		if spec.Group != attribute.AddressGroup || o.Rules[n] == "" {
			continue
		}
		rule, err := ruleOf(n, spec, o)
		if err != nil {
			return nil, err
		}
		if rule.List {
			return nil, fmt.Errorf("survivorship of %q: an address survives as one, so %s does not apply; the contact_points table has every address", n, rule.Name)
		}
		if chosen != nil && chosen.Name != rule.Name {
			return nil, fmt.Errorf("survivorship of %q: %s, but %q has %s: the parts of an address survive together, give them one rule", n, rule.Name, by, chosen.Name)
		}
		chosen, by = rule, n
	}
	if chosen == nil {
		spec, _ := attribute.Lookup(attribute.Street)
		return ruleOf(attribute.Street, spec, Options{})
	}
	return chosen, nil
}

func ruleOf(n attribute.Name, spec attribute.Spec, o Options) (*Rule, error) {
	name := o.Rules[n]
	if name == "" {
		name = spec.Survivorship
	}
	rule, ok := Lookup(name)
	if !ok {
		return nil, fmt.Errorf("survivorship of %q: no rule %q; there are %s", n.Column(), name, ruleNames())
	}
	return &rule, nil
}

func ranks(channels, trust []string) ([]uint32, error) {
	out := make([]uint32, len(channels))
	for i := range out {
		out[i] = uint32(len(trust))
	}
	for rank, name := range trust {
		at := -1
		for i, c := range channels {
			if c == name {
				at = i
			}
		}
		if at < 0 {
			return nil, fmt.Errorf("trust ranking: no channel %q; there are %q", name, channels)
		}
		out[at] = uint32(rank)
	}
	return out, nil
}

// Attributes lists the columns of the golden records in table order. The
// slice is shared: do not change it.
func (p *Plan) Attributes() []Attribute { return p.attributes }

// Index is the position of an attribute in Attributes, -1 where there is none.
func (p *Plan) Index(n attribute.Name) int {
	for i := range p.attributes {
		if p.attributes[i].Name == n {
			return i
		}
	}
	return -1
}

// Shown is the presentable form of variant code of attribute i.
func (p *Plan) Shown(i int, code uint32) string { return p.attributes[i].column.Shown.At(code) }
