package block

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"concord/matching/column"
	"concord/schemas/attribute"

	"pgregory.net/rapid"
)

// pair is two records, lower first.
type pair struct{ a, b uint32 }

// tableOf makes a table of single-letter values: by attribute, by record, the
// slots ("" is null). Attributes of one group must have equal slots.
func tableOf(n int, values map[attribute.Name][][]string) *column.Table {
	t := &column.Table{N: n, Source: make([]uint16, n), Hash: make([]uint64, n)}
	for r := range n {
		t.Hash[r] = uint64(r+1) * 0x9e3779b97f4a7c15
	}
	names := make([]attribute.Name, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b attribute.Name) int { return cmp.Compare(a, b) })
	for _, name := range names {
		t.Columns = append(t.Columns, columnOf(name, values[name]))
	}
	return t
}

func columnOf(name attribute.Name, values [][]string) column.Column {
	c := column.Column{Name: name}
	c.Values.Append("")
	codes := map[string]uint32{"": 0}
	single := true
	for _, slots := range values {
		single = single && len(slots) == 1
	}
	if !single {
		c.Starts = []int32{0}
	}
	for _, slots := range values {
		for _, v := range slots {
			if _, ok := codes[v]; !ok {
				codes[v] = c.Values.Append(v)
			}
			c.Codes = append(c.Codes, codes[v])
		}
		if !single {
			c.Starts = append(c.Starts, int32(len(c.Codes)))
		}
	}
	c.Count = make([]uint32, c.Values.Len())
	return c
}

// drawTable draws a small table with crowded values.
func drawTable(t *rapid.T) *column.Table {
	n := rapid.IntRange(0, 40).Draw(t, "records")
	values := map[attribute.Name][][]string{}
	for _, group := range [][]attribute.Name{{attribute.GivenName, attribute.FamilyName}, {attribute.Email}, {attribute.Phone}} {
		several := rapid.Bool().Draw(t, "several")
		for _, name := range group {
			values[name] = [][]string{}
		}
		for range n {
			slots := 1
			if several {
				slots = rapid.IntRange(0, 3).Draw(t, "slots")
			}
			for _, name := range group {
				values[name] = append(values[name], drawSlots(t, slots))
			}
		}
	}
	table := tableOf(n, values)
	for r := range n {
		table.Source[r] = rapid.Uint16Range(0, 2).Draw(t, "source")
	}
	return table
}

func drawSlots(t *rapid.T, n int) []string {
	out := make([]string, n)
	for s := range out {
		out[s] = rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e"}).Draw(t, "value")
	}
	return out
}

var testRules = []Rule{
	{[]Key{Of(attribute.Email, column.Whole), Of(attribute.Phone, column.Whole)}},
	{[]Key{Of(attribute.GivenName, column.Initial), Of(attribute.FamilyName, column.Initial)}},
	{[]Key{{Names: []attribute.Name{attribute.GivenName, attribute.FamilyName}, Kind: column.Initial}}},
	{[]Key{Of(attribute.Phone, column.Whole)}},
	{[]Key{Of(attribute.Email, column.Initial)}},
}

// naive is what the plan must enumerate: each pair with its first rule.
func naive(t *column.Table, rules []Rule, o Options) map[pair]int {
	want := map[pair]int{}
	for k, rule := range rules {
		for a := range uint32(t.N) {
			for b := a + 1; b < uint32(t.N); b++ {
				barred := o.DuplicateFree != nil && t.Source[a] == t.Source[b] && o.DuplicateFree[t.Source[a]]
				unlinkable := o.Unlinkable != nil && (o.Unlinkable[a] || o.Unlinkable[b])
				if _, seen := want[pair{a, b}]; seen || barred || unlinkable {
					continue
				}
				if !slices.ContainsFunc(rule.Keys, func(k Key) bool { return !sharesKey(t, k, a, b) }) {
					want[pair{a, b}] = k
				}
			}
		}
	}
	return want
}

func sharesKey(t *column.Table, k Key, a, b uint32) bool {
	for _, x := range keysOf(t, k, a) {
		if slices.Contains(keysOf(t, k, b), x) {
			return true
		}
	}
	return false
}

func keysOf(t *column.Table, k Key, r uint32) []string {
	var out []string
	for _, name := range k.Names {
		c := t.Column(name)
		lo, hi := c.Slots(r)
		for s := lo; s < hi; s++ {
			if v := c.Values.At(c.Codes[s]); v != "" {
				out = column.Keys(k.Kind, v, out)
			}
		}
	}
	return out
}

// walkAll enumerates the plan, failing on a pair met twice.
func walkAll(t interface{ Fatalf(string, ...any) }, p *Plan, sample uint64) map[pair]int {
	got := map[pair]int{}
	w := p.Walker()
	w.Sample = sample
	for k := range p.Len() {
		walkRule(t, w, k, got)
	}
	return got
}

// walkRule adds the pairs of rule k to got.
func walkRule(t interface{ Fatalf(string, ...any) }, w *Walker, k int, got map[pair]int) {
	blocks := w.plan.Blocks(k)
	units := blocks.Units()
	slices.Reverse(units) // the order must not matter
	for _, u := range units {
		w.Start(blocks, u)
		for w.Next() {
			for _, p := range w.Pairs() {
				pr := pair{w.rows[p.A], w.rows[p.B]}
				if pr.a >= pr.b {
					t.Fatalf("pair %v is not ascending", pr)
				}
				if before, twice := got[pr]; twice {
					t.Fatalf("pair %v in rules %d and %d", pr, before, k)
				}
				got[pr] = k
			}
		}
	}
}

func TestWalkAloneFindsEachPairOfARule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		p, err := Bind(table, testRules, Options{})
		if err != nil {
			t.Fatal(err)
		}
		w := p.Walker()
		w.Alone = true
		for k := range p.Len() {
			got, want := map[pair]int{}, naive(table, testRules[k:k+1], Options{})
			if walkRule(t, w, k, got); len(got) != len(want) {
				t.Fatalf("rule %d: %d pairs, want %d", k, len(got), len(want))
			}
			for pr := range want {
				if _, ok := got[pr]; !ok {
					t.Fatalf("rule %d: pair %v is missing", k, pr)
				}
			}
		}
	})
}

func TestWalkFindsEachPairOnceInItsFirstRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		var o Options
		if rapid.Bool().Draw(t, "link") {
			o.DuplicateFree = []bool{true, false, true}
		}
		if rapid.Bool().Draw(t, "denied") {
			o.Unlinkable = make([]bool, table.N)
			for r := range o.Unlinkable {
				o.Unlinkable[r] = r%5 == 0
			}
		}
		p, err := Bind(table, testRules, o)
		if err != nil {
			t.Fatal(err)
		}
		want := naive(table, testRules, o)
		got := walkAll(t, p, math.MaxUint64)
		if len(got) != len(want) {
			t.Fatalf("%d pairs, want %d", len(got), len(want))
		}
		counts := make([]int64, p.Len())
		for pr, k := range want {
			if got[pr] != k {
				t.Fatalf("pair %v in rule %d, want %d", pr, got[pr], k)
			}
			if first, ok := p.First(pr.a, pr.b); !ok || first != k {
				t.Fatalf("First(%v) = %d, %v, want %d", pr, first, ok, k)
			}
			counts[k]++
		}
		for k, c := range p.Counts() {
			if c.New != counts[k] || !c.NewExact {
				t.Fatalf("rule %q: %d new pairs, want %d", c.Rule, c.New, counts[k])
			}
		}
	})
}

func TestSampleTakesThePairsOfTheSampledLowerRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		p, err := Bind(table, testRules, Options{})
		if err != nil {
			t.Fatal(err)
		}
		const threshold = math.MaxUint64 / 3
		got := walkAll(t, p, threshold)
		want := 0
		for pr := range naive(table, testRules, Options{}) {
			if table.Hash[pr.a] <= threshold {
				want++
				if _, ok := got[pr]; !ok {
					t.Fatalf("pair %v is missing", pr)
				}
			}
		}
		if len(got) != want {
			t.Fatalf("%d pairs, want %d", len(got), want)
		}
	})
}

// TestSlotsOfOneGroupStayTogether: a key of street and city takes both from
// one address, so two records that share a street of one address and the city
// of another are not compared.
func TestSlotsOfOneGroupStayTogether(t *testing.T) {
	table := tableOf(3, map[attribute.Name][][]string{
		attribute.City:   {{"rome", "oslo"}, {"oslo", "rome"}, {"bern", "rome"}},
		attribute.Street: {{"main", "hill"}, {"main", "hill"}, {"hill", "main"}},
	})
	table.Columns[1].Starts = table.Columns[0].Starts
	p, err := Bind(table, []Rule{{[]Key{Of(attribute.Street, column.Whole), Of(attribute.City, column.Whole)}}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := walkAll(t, p, math.MaxUint64); len(got) != 1 || got[pair{0, 2}] != 0 || p.Pairs() != 1 {
		t.Errorf("got %v, want records 0 and 2 only: main street in rome", got)
	}
}

// crowd is n records of one family name, in years of `perYear` records each.
func crowd(n, perYear int) *column.Table {
	family, birth := make([][]string, n), make([][]string, n)
	for r := range n {
		family[r] = []string{"smith"}
		birth[r] = []string{fmt.Sprintf("%04d-01-01", 1000+r/perYear)}
	}
	return tableOf(n, map[attribute.Name][][]string{attribute.FamilyName: family, attribute.BirthDate: birth})
}

var familyRule = []Rule{{[]Key{Of(attribute.FamilyName, column.Whole)}}}

func TestLargeBlockIsTiled(t *testing.T) {
	const n = 2*TileRows + 700
	table := crowd(n, n)
	p, err := Bind(table, familyRule, Options{MaxBlock: n})
	if err != nil {
		t.Fatal(err)
	}
	if units := p.Blocks(0).Units(); len(units) != 6 {
		t.Fatalf("%d units, want the 6 tiles of 3 × 3 on and above the diagonal", len(units))
	}
	seen := make([]uint16, n) // partners by record
	w, blocks, total := p.Walker(), p.Blocks(0), int64(0)
	for _, u := range blocks.Units() {
		w.Start(blocks, u)
		for w.Next() {
			total += int64(len(w.Pairs()))
			for _, p := range w.Pairs() {
				a, b := w.Pair(p)
				seen[a]++
				seen[b]++
			}
		}
	}
	if total != pairs(n) || p.Pairs() != total {
		t.Fatalf("walked %d, counted %d, want %d", total, p.Pairs(), pairs(n))
	}
	for r, got := range seen {
		if got != n-1 {
			t.Fatalf("record %d meets %d others, want %d", r, got, n-1)
		}
	}
}

func TestOversizedBlockIsRefined(t *testing.T) {
	table := crowd(1000, 10)
	p, err := Bind(table, familyRule, Options{MaxBlock: 100})
	if err != nil {
		t.Fatal(err)
	}
	c := p.Counts()[0]
	want := int64(100 * 45)
	if c.Pairs != want || c.Skipped != pairs(1000)-want || c.Refined != 1 || c.Blocks != 100 || c.Largest != 10 {
		t.Fatalf("got %+v", c)
	}
	if got := int64(len(walkAll(t, p, math.MaxUint64))); got != want {
		t.Fatalf("walked %d pairs, want %d", got, want)
	}
}

func TestPairLimitLowersTheLargestBlock(t *testing.T) {
	table := crowd(1000, 100) // refined by year: 10 blocks of 100, 49,500 pairs
	p, err := Bind(table, familyRule, Options{MaxPairs: 60_000})
	if err != nil {
		t.Fatal(err)
	}
	if c := p.Counts()[0]; c.Pairs != 49_500 || c.Limit != 512 {
		t.Fatalf("got %+v", c)
	}
	p, err = Bind(table, familyRule, Options{MaxPairs: 40_000})
	if err != nil {
		t.Fatal(err)
	}
	if c := p.Counts()[0]; c.Pairs != 0 || c.Skipped != pairs(1000) {
		t.Fatalf("no key splits a year of 100: got %+v", c)
	}
}

func TestCheckNamesTheRuleThatBreaksTheBudget(t *testing.T) {
	rules := append([]Rule{{[]Key{Of(attribute.FamilyName, column.Whole), Of(attribute.BirthDate, column.Whole)}}}, familyRule...)
	p, err := Bind(crowd(100, 10), rules, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(4950); err != nil {
		t.Fatalf("4,950 pairs fit a budget of 4,950: %v", err)
	}
	var over *BudgetError
	if err := p.Check(1000); !errors.As(err, &over) || over.Rule != "family_name" || over.Pairs != 4500 || over.Total != 4950 {
		t.Fatalf("got %v", err)
	}
}

func TestBindNamesTheMissingAttribute(t *testing.T) {
	_, err := Bind(crowd(2, 1), []Rule{{[]Key{Of(attribute.Email, column.LocalPart)}}}, Options{})
	const want = `blocking rule "email.local_part": no channel maps what key "email.local_part" reads`
	if err == nil || err.Error() != want {
		t.Fatalf("got %v", err)
	}
}
