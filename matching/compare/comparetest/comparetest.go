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

// gradeAll loads all records and grades every ordered pair; each ceiling is
// held against its grade.
func gradeAll(t TB, c compare.Comparator, k compare.Kernel, n int) [][]compare.Level {
	t.Helper()
	load(k, n, false)
	grades := make([][]compare.Level, n)
	for i := range grades {
		grades[i] = make([]compare.Level, n)
		k.Outer(i)
		for j := range grades[i] {
			ceiling, grade := k.Ceiling(j), k.Grade(j)
			if ceiling < grade || (ceiling == compare.Null) != (grade == compare.Null) || int(ceiling) >= len(c.Levels()) {
				t.Fatalf("comparator %q, records %d and %d: ceiling %d, grade %d", c.Name(), i, j, ceiling, grade)
			}
			grades[i][j] = grade
		}
	}
	return grades
}

func load(k compare.Kernel, n int, reversed bool) {
	rows := make([]uint32, n)
	for i := range rows {
		rows[i] = uint32(i)
		if reversed {
			rows[i] = uint32(n - 1 - i)
		}
	}
	k.Load(rows)
	clear(rows) // Load may not keep them
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
	load(k, n, false)
	shares := make([][]float64, n)
	for i := range grades {
		shares[i] = make([]float64, n)
		k.Outer(i)
		for j, g := range grades[i] {
			if !c.Levels()[g].TermFrequency {
				continue
			}
			f, least := k.Frequency(j, g), k.OuterFrequency(g)
			if f <= 0 || f > 1 || least <= 0 || least > f {
				t.Fatalf("comparator %q, records %d and %d at level %d: frequency %v, outer bound %v", c.Name(), i, j, g, f, least)
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

// checkReversed loads the records in the opposite order.
func checkReversed(t TB, c compare.Comparator, k compare.Kernel, grades [][]compare.Level) {
	t.Helper()
	n := len(grades)
	load(k, n, true)
	for i := range n {
		k.Outer(i)
		for j := range n {
			if got, want := k.Grade(j), grades[n-1-i][n-1-j]; got != want {
				t.Fatalf("comparator %q: loaded in reverse, records %d and %d grade %d, not %d", c.Name(), n-1-i, n-1-j, got, want)
			}
		}
	}
}

// NoAllocations fails when grading the table's pairs allocates once the kernel
// has seen them.
func NoAllocations(t testing.TB, c compare.Comparator, table *column.Table) {
	t.Helper()
	k := c.Bind(table)
	round := func() {
		load(k, table.N, false)
		for i := range table.N {
			k.Outer(i)
			for j := range table.N {
				k.Ceiling(j)
				if g := k.Grade(j); c.Levels()[g].TermFrequency {
					k.Frequency(j, g)
					k.OuterFrequency(g)
				}
			}
		}
	}
	round()
	// Load's row list is the checker's own one allocation.
	if n := testing.AllocsPerRun(5, round); n > 1 {
		t.Fatalf("comparator %q: %v allocations to grade %d records", c.Name(), n-1, table.N)
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
