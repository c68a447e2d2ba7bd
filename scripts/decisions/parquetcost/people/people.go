// Package people makes the table that the Parquet libraries are measured on.
package people

import (
	"fmt"

	"concord/scripts/decisions/measure"
)

// Rows of the table; about 60 MB as Arrow.
const Rows = 400_000

// Table is the table: twelve columns of the types that snapshots have.
type Table struct {
	ID, Given, Family, Email, Phone, Street, City, Postcode []string
	May, Minor                                              []bool
	Until                                                   []int64 // µs since 1970 UTC
	Tags                                                    [][]string
}

// Make makes n rows, the same ones every time.
func Make(n int) *Table {
	r := measure.Random(1)
	p := &Table{}
	for range n {
		given, family := fmt.Sprintf("Given%d", r.Skewed(3000)), fmt.Sprintf("Family%d", r.Skewed(30000))
		p.ID = append(p.ID, fmt.Sprintf("p1_%016x%08x", r.Next(), uint32(r.Next())))
		p.Given, p.Family = append(p.Given, given), append(p.Family, family)
		p.Email = append(p.Email, fmt.Sprintf("%s.%s%d@example.org", given, family, r.Below(1000)))
		p.Phone = append(p.Phone, fmt.Sprintf("+4915%09d", r.Below(1e9)))
		p.Street = append(p.Street, fmt.Sprintf("Street %d %d", r.Skewed(20000), r.Below(120)))
		p.City = append(p.City, fmt.Sprintf("City %d", r.Skewed(4000)))
		p.Postcode = append(p.Postcode, fmt.Sprintf("%05d", r.Skewed(9000)*11))
		p.May, p.Minor = append(p.May, r.Below(3) > 0), append(p.Minor, r.Below(50) == 0)
		p.Until = append(p.Until, 1_780_000_000_000_000+int64(r.Below(700))*86_400_000_000)
		p.Tags = append(p.Tags, []string{"granted", "DE", "FR"}[:r.Below(4)])
	}
	return p
}
