package block

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"concord/matching/column"
	"concord/schemas/attribute"

	"pgregory.net/rapid"
)

// recoded is t with the codes of every column permuted.
func recoded(t *column.Table) *column.Table {
	out := *t
	out.Columns = slices.Clone(t.Columns)
	for i := range out.Columns {
		c := &out.Columns[i]
		n := uint32(c.Values.Len())
		old := c.Values
		c.Codes, c.Count, c.Values.Bytes, c.Values.Offsets = slices.Clone(c.Codes), slices.Clone(c.Count), nil, nil
		c.Values.Append("")
		for code := n - 1; code > 0; code-- {
			c.Values.Append(old.At(code))
		}
		for s, code := range c.Codes {
			if code != 0 {
				c.Codes[s] = n - code
			}
		}
		slices.Reverse(c.Count[1:])
	}
	return &out
}

func TestProposalDoesNotDependOnDictionaryCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		effort := rapid.Int64Range(1, 3000).Draw(t, "effort")
		p, choices, err := Propose(table, effort, Options{})
		if err != nil {
			t.Fatal(err)
		}
		q, again, err := Propose(recoded(table), effort, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(choices, again) {
			t.Fatalf("%+v, with other codes %+v", choices, again)
		}
		if !maps.Equal(walkAll(t, p, math.MaxUint64), walkAll(t, q, math.MaxUint64)) {
			t.Fatal("other pairs with other codes")
		}
	})
}

func TestProposalStaysWithinItsEffort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		effort := rapid.Int64Range(1, 3000).Draw(t, "effort")
		p, choices, err := Propose(table, effort, Options{})
		if err != nil {
			t.Fatal(err)
		}
		spent := p.Pairs()
		for _, c := range p.Counts() {
			spent += loadCost * int64(c.Records)
		}
		if spent > effort {
			t.Fatalf("spends %d of %d", spent, effort)
		}
		for _, c := range choices {
			if c.Reason == "" {
				t.Fatalf("no reason is given for %q", c.Rule)
			}
		}
	})
}

// households makes n records in pairs that share an e-mail address and a
// birth date; family names are shared by hundreds.
func households(n int) *column.Table {
	email, family, birth := make([][]string, n), make([][]string, n), make([][]string, n)
	for r := range n {
		email[r] = []string{fmt.Sprintf("p%d@x.example", r/2)}
		family[r] = []string{fmt.Sprintf("name%d", r/2%(n/300))}
		birth[r] = []string{fmt.Sprintf("%04d-%02d-%02d", 1900+r/2%97, 1+r/2%12, 1+r/2%28)}
	}
	return tableOf(n, map[attribute.Name][][]string{
		attribute.Email: email, attribute.FamilyName: family, attribute.BirthDate: birth,
	})
}

func TestProposalFromASampleFindsTheLikelyMatches(t *testing.T) {
	const n = sampleRecords + 20_000
	p, choices, err := Propose(households(n), 3_000_000, Options{})
	if err != nil {
		t.Fatal(err)
	}
	entity := make([]uint32, n)
	for r := range entity {
		entity[r] = uint32(r/2 + 1)
	}
	if got := p.Completeness(entity); got.Covered != got.True || got.True != n/2 {
		t.Errorf("%d of %d true pairs are covered", got.Covered, got.True)
	}
	if err := p.Check(3_000_000); err != nil {
		t.Error(err)
	}
	if len(choices) < p.Len() {
		t.Errorf("%d choices for %d rules", len(choices), p.Len())
	}
}

func TestCompletenessByHand(t *testing.T) {
	// Records 0 and 1 share a year of birth, 2 shares the name with all.
	p, err := Bind(crowd(3, 2), []Rule{{[]Key{Of(attribute.BirthDate, column.Year)}}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := p.Completeness([]uint32{1, 1, 1})
	if got.True != 3 || got.Covered != 1 || got.First[0] != 1 || got.Any[0] != 1 || got.Share() != 1./3 {
		t.Errorf("got %+v", got)
	}
	if got := p.Completeness([]uint32{0, 0, 0}); got.Share() != 1 {
		t.Errorf("nothing to find: share %v", got.Share())
	}
}
