package compare

import (
	"strings"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// Sex compares sex or gender as recorded, or as a title implies where none is.
type Sex struct{}

const sexExact = Else + 1

var sexLevels = []LevelSpec{
	Null:     {"null", "a record tells the sex neither itself nor by a title", false},
	Else:     {"else", "the sexes differ", false},
	sexExact: {"exact", "the sexes are equal", false},
}

// Name is "sex".
func (Sex) Name() string { return "sex" }

// Description is one sentence.
func (Sex) Description() string {
	return "sex or gender as recorded, else as a title says: equal or not"
}

// Attributes are the sex and the titles.
func (Sex) Attributes() []attribute.Name {
	return []attribute.Name{attribute.Sex, attribute.NamePrefix}
}

// Levels lists the levels, worst first.
func (Sex) Levels() []LevelSpec { return sexLevels }

// Bind needs the sex or titles.
func (c Sex) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (Sex) bind(t *column.Table) rowed { return bindEquality(t.N, sexes(t), sexExact, false) }

// titleSex is the sex that a title implies.
var titleSex = map[string]string{"mr": "m", "sir": "m", "lord": "m", "mrs": "f", "ms": "f", "miss": "f", "lady": "f", "dame": "f"}

// sexes is the recorded sexes, completed by titles where every record has one
// sex at most; nil where the table has neither. It has codes and no values, as
// none are read.
func sexes(t *column.Table) *column.Column {
	recorded, titles := t.Column(attribute.Sex), t.Column(attribute.NamePrefix)
	if titles == nil || recorded != nil && recorded.Starts != nil {
		return recorded
	}
	coder := newCoder()
	byTitle, byValue := codesOf(titles, coder, sexOfTitle), codesOf(recorded, coder, func(sex string) string { return sex })
	c := &column.Column{Name: attribute.Sex, Codes: make([]uint32, t.N), Count: make([]uint32, len(coder))}
	for r := range uint32(t.N) {
		if recorded != nil {
			c.Codes[r] = byValue[recorded.Codes[r]]
		}
		if c.Codes[r] == 0 {
			c.Codes[r] = byTitle[titles.Single(r)]
		}
		c.Count[c.Codes[r]]++
	}
	return c
}

// codesOf codes what is made of each of a column's values; nil without a column.
func codesOf(c *column.Column, coder coder, made func(value string) string) []uint32 {
	if c == nil {
		return nil
	}
	out := make([]uint32, c.Values.Len())
	for v := 1; v < len(out); v++ {
		out[v] = coder.code(made(c.Values.At(uint32(v))))
	}
	return out
}

// sexOfTitle is the sex that the words of a title imply, "" where they imply
// none or both.
func sexOfTitle(title string) string {
	sex := ""
	for word := range strings.FieldsSeq(title) {
		switch s := titleSex[word]; {
		case s == "" || s == sex:
		case sex == "":
			sex = s
		default:
			return ""
		}
	}
	return sex
}
