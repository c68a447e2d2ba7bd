// Package columntest makes small tables for tests of the match engine.
package columntest

import (
	"hash/fnv"
	"strconv"
	"strings"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// Table makes a table of rows whose cells are canonical values, one per name.
// "" is null; "|" separates the slots of a multi-valued cell, "a||b" having
// three. A group's attributes get the slots of its longest cell. All records
// are of source 0.
func Table(names []attribute.Name, rows [][]string) *column.Table {
	t := &column.Table{N: len(rows), Source: make([]uint16, len(rows)), Hash: make([]uint64, len(rows))}
	for r := range rows {
		h := fnv.New64a()
		h.Write([]byte("record " + strconv.Itoa(r)))
		t.Hash[r] = h.Sum64()
	}
	widths := slotWidths(names, rows)
	for i, n := range names {
		t.Columns = append(t.Columns, makeColumn(n, i, rows, widths[i]))
	}
	return t
}

// slotWidths is the number of slots of each record in each column; nil for a
// column where every record has one.
func slotWidths(names []attribute.Name, rows [][]string) [][]int {
	widths := make([][]int, len(names))
	for i, n := range names {
		w := make([]int, len(rows))
		single := true
		for r, row := range rows {
			w[r] = 1
			for j, other := range names {
				if i == j || sameGroup(n, other) {
					w[r] = max(w[r], strings.Count(row[j], "|")+1)
				}
			}
			single = single && w[r] == 1
		}
		if !single {
			widths[i] = w
		}
	}
	return widths
}

func sameGroup(a, b attribute.Name) bool {
	sa, _ := attribute.Lookup(a)
	sb, _ := attribute.Lookup(b)
	return sa.Group != attribute.NoGroup && sa.Group == sb.Group
}

func makeColumn(n attribute.Name, i int, rows [][]string, widths []int) column.Column {
	c := column.Column{Name: n}
	c.Values.Append("")
	codes := map[string]uint32{"": 0}
	if widths != nil {
		c.Starts = []int32{0}
	}
	for r, row := range rows {
		cells := strings.Split(row[i], "|")
		for widths != nil && len(cells) < widths[r] {
			cells = append(cells, "")
		}
		for _, v := range cells {
			code, seen := codes[v]
			if !seen {
				code = c.Values.Append(v)
				codes[v] = code
			}
			c.Codes = append(c.Codes, code)
		}
		if widths != nil {
			c.Starts = append(c.Starts, int32(len(c.Codes)))
		}
	}
	c.Count = Count(&c, len(rows))
	return c
}

// Count is how many of n records hold each value of c, Count[0] those that
// hold none.
func Count(c *column.Column, n int) []uint32 {
	count := make([]uint32, c.Values.Len())
	for r := range uint32(n) {
		lo, hi := c.Slots(r)
		seen := map[uint32]bool{}
		for _, v := range c.Codes[lo:hi] {
			if v != 0 {
				seen[v] = true
			}
		}
		if len(seen) == 0 {
			count[0]++
		}
		for v := range seen {
			count[v]++
		}
	}
	return count
}
