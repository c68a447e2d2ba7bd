// Package comparetest checks the laws of [compare.Comparator]. Every
// comparator's test runs it, on small tables that hold every kind of
// agreement.
package comparetest

import (
	"regexp"
	"testing"

	"concord/matching/column"
	"concord/matching/compare"
)

// TB is what the checker needs of *testing.T or *rapid.T.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
}

var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// Describes checks what a comparator says of itself.
func Describes(t TB, c compare.Comparator) {
	t.Helper()
	if !snakeCase.MatchString(c.Name()) || c.Description() == "" || len(c.Attributes()) == 0 {
		t.Fatalf("comparator %q: name, description %q or attributes %v are wanting", c.Name(), c.Description(), c.Attributes())
	}
	levels := c.Levels()
	if len(levels) < 3 || len(levels) > compare.MaxLevels {
		t.Fatalf("comparator %q has %d levels", c.Name(), len(levels))
	}
	seen := map[string]bool{}
	for i, l := range levels {
		if !snakeCase.MatchString(l.Label) || seen[l.Label] || l.Description == "" {
			t.Fatalf("comparator %q: level %d has label %q and description %q", c.Name(), i, l.Label, l.Description)
		}
		seen[l.Label] = true
	}
	for _, l := range levels[:compare.Else+1] {
		if l.TermFrequency {
			t.Fatalf("comparator %q: level %q agrees on no value that could have a frequency", c.Name(), l.Label)
		}
	}
}

// Laws checks every pair of records of table, which must be small, against
// the laws of package compare.
func Laws(t TB, c compare.Comparator, table *column.Table) {
	t.Helper()
	k := c.Bind(table)
	if k == nil {
		t.Fatalf("comparator %q does not bind to a table with its attributes", c.Name())
	}
	grades := gradeAll(t, c, k, table.N)
	checkPairs(t, c, table, grades)
	checkFrequencies(t, c, k, grades)
	same(t, c, "a clone", grades, gradeAll(t, c, k.Clone(), table.N))
	same(t, c, "a table with other codes", grades, gradeAll(t, c, c.Bind(Recoded(table)), table.N))
	checkReversed(t, c, k, grades)
}

// gradeAll grades every ordered pair; each ceiling is held against its grade.
func gradeAll(t TB, c compare.Comparator, k compare.Kernel, n int) [][]compare.Level {
	t.Helper()
	grades := make([][]compare.Level, n)
	for i := range grades {
		grades[i] = make([]compare.Level, n)
		for j := range grades[i] {
			grades[i][j] = k.Grade(uint32(i), uint32(j))
		}
	}
	checkCeilings(t, c, k, grades)
	return grades
}

// checkCeilings holds the ceilings of every pair, in one batch and in another
// order and batches of one, to the law. The records are loaded backwards: place
// 0 is the last.
func checkCeilings(t TB, c compare.Comparator, k compare.Kernel, grades [][]compare.Level) {
	t.Helper()
	n := uint32(len(grades))
	pairs := allPairs(len(grades))
	ceilings, one := make([]compare.Level, len(pairs)), make([]compare.Level, 1)
	k.Load(nil)
	k.Load(backwards(n))
	k.Ceilings(pairs, ceilings)
	for i := len(pairs) - 1; i >= 0; i-- {
		p, ceiling := column.Pair{A: n - 1 - pairs[i].A, B: n - 1 - pairs[i].B}, ceilings[i]
		grade := grades[p.A][p.B]
		if ceiling < grade || (ceiling == compare.Null) != (grade == compare.Null) || int(ceiling) >= len(c.Levels()) ||
			k.Exact()>>ceiling&1 != 0 && ceiling != grade {
			t.Fatalf("comparator %q, records %d and %d: ceiling %d, grade %d", c.Name(), p.A, p.B, ceiling, grade)
		}
		if k.Ceilings(pairs[i:i+1], one); one[0] != ceiling {
			t.Fatalf("comparator %q, records %d and %d: ceiling %d in a batch, %d alone", c.Name(), p.A, p.B, ceiling, one[0])
		}
	}
}

// backwards lists n records, the last first.
func backwards(n uint32) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = n - 1 - uint32(i)
	}
	return out
}

// allPairs are the ordered pairs of n records, those of a record with itself
// among them.
func allPairs(n int) []column.Pair {
	pairs := make([]column.Pair, 0, n*n)
	for i := range uint32(n) {
		for j := range uint32(n) {
			pairs = append(pairs, column.Pair{A: i, B: j})
		}
	}
	return pairs
}

// checkPairs holds symmetry, the null law and that nothing is liker to a
// record than itself.
func checkPairs(t TB, c compare.Comparator, table *column.Table, grades [][]compare.Level) {
	t.Helper()
	for i := range grades {
		for j, g := range grades[i] {
			if g != grades[j][i] {
				t.Fatalf("comparator %q grades records %d and %d %d one way, %d the other", c.Name(), i, j, g, grades[j][i])
			}
			if g > grades[i][i] {
				t.Fatalf("comparator %q grades records %d and %d %d, but %d with itself %d", c.Name(), i, j, g, i, grades[i][i])
			}
			if g != compare.Null && (empty(c, table, i) || empty(c, table, j)) {
				t.Fatalf("comparator %q grades records %d and %d %d, one of which has no value", c.Name(), i, j, g)
			}
		}
	}
}

// empty tells whether record r has no value of the comparator's attributes.
func empty(c compare.Comparator, table *column.Table, r int) bool {
	for _, name := range c.Attributes() {
		col := table.Column(name)
		if col == nil {
			continue
		}
		lo, hi := col.Slots(uint32(r))
		for _, v := range col.Codes[lo:hi] {
			if v != 0 {
				return false
			}
		}
	}
	return true
}

// checkFrequencies holds shares to (0, 1], symmetry, and the bound of the
// early exit.
func checkFrequencies(t TB, c compare.Comparator, k compare.Kernel, grades [][]compare.Level) {
	t.Helper()
	n := len(grades)
	shares := make([][]float64, n)
	for i := range grades {
		shares[i] = make([]float64, n)
		for j, g := range grades[i] {
			if !c.Levels()[g].TermFrequency {
				continue
			}
			f, least := k.Frequency(uint32(i), uint32(j), g), k.LeastFrequency(uint32(i), g)
			if f <= 0 || f > 1 || least <= 0 || least > f {
				t.Fatalf("comparator %q, records %d and %d at level %d: frequency %v, lower bound %v", c.Name(), i, j, g, f, least)
			}
			shares[i][j] = f
		}
	}
	for i := range shares {
		for j := range shares[i] {
			if shares[i][j] != shares[j][i] {
				t.Fatalf("comparator %q, records %d and %d: frequency %v one way, %v the other", c.Name(), i, j, shares[i][j], shares[j][i])
			}
		}
	}
	if co, ok := k.(compare.Coincident); ok {
		for l, spec := range c.Levels() {
			if p := co.Coincidence(compare.Level(l)); p < 0 || p > 1 || (p > 0 && !spec.TermFrequency) {
				t.Fatalf("comparator %q: coincidence %v at level %q", c.Name(), p, spec.Label)
			}
		}
	}
}

func same(t TB, c compare.Comparator, what string, want, got [][]compare.Level) {
	t.Helper()
	for i := range want {
		for j := range want[i] {
			if want[i][j] != got[i][j] {
				t.Fatalf("comparator %q, records %d and %d: %s grades %d, not %d", c.Name(), i, j, what, got[i][j], want[i][j])
			}
		}
	}
}

// checkReversed grades in the opposite order: what a kernel keeps prepared of
// one pair must not reach the next.
func checkReversed(t TB, c compare.Comparator, k compare.Kernel, grades [][]compare.Level) {
	t.Helper()
	for i := len(grades) - 1; i >= 0; i-- {
		for j := len(grades) - 1; j >= 0; j-- {
			if got, want := k.Grade(uint32(j), uint32(i)), grades[j][i]; got != want {
				t.Fatalf("comparator %q: in another order records %d and %d grade %d, not %d", c.Name(), j, i, got, want)
			}
		}
	}
}

// NoAllocations fails when grading the table's pairs allocates once the kernel
// has seen them.
func NoAllocations(t testing.TB, c compare.Comparator, table *column.Table) {
	t.Helper()
	k := c.Bind(table)
	pairs, records := allPairs(table.N), backwards(uint32(table.N))
	ceilings := make([]compare.Level, len(pairs))
	round := func() {
		k.Load(records)
		k.Ceilings(pairs, ceilings)
		for _, p := range pairs {
			if g := k.Grade(p.A, p.B); c.Levels()[g].TermFrequency {
				k.Frequency(p.A, p.B, g)
				k.LeastFrequency(p.A, g)
			}
		}
	}
	round()
	if n := testing.AllocsPerRun(5, round); n > 0 {
		t.Fatalf("comparator %q: %v allocations to grade %d records", c.Name(), n, table.N)
	}
}

// Recoded is table with the dictionary codes of every column in reverse order.
func Recoded(table *column.Table) *column.Table {
	out := *table
	out.Columns = make([]column.Column, len(table.Columns))
	for i := range table.Columns {
		out.Columns[i] = recoded(&table.Columns[i])
	}
	return &out
}

func recoded(c *column.Column) column.Column {
	n := uint32(c.Values.Len())
	out := column.Column{Name: c.Name, Starts: c.Starts}
	out.Values.Append("")
	out.Count = append(out.Count, c.Count[0])
	for v := n - 1; v > 0 && v < n; v-- {
		out.Values.Append(c.Values.At(v))
		out.Count = append(out.Count, c.Count[v])
	}
	for _, v := range c.Codes {
		if v != 0 {
			v = n - v
		}
		out.Codes = append(out.Codes, v)
	}
	return out
}
