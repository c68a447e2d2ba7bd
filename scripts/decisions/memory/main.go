// Command memory holds the same million records in three ways and says what
// each takes and what the garbage collector has to do. Decision record 0021
// quotes it.
//
//	go run ./memory
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"concord/schemas/table"
	"concord/scripts/decisions/measure"
)

const (
	records = 1_000_000
	columns = 10
)

// cell is the text of a column of a record: names, cities and the like with
// many bearers, and three columns of which nearly every record has its own.
func cell(r *measure.Random, column int) string {
	switch column {
	case 0:
		return fmt.Sprintf("given%d", r.Skewed(8_000))
	case 1:
		return fmt.Sprintf("family%d", r.Skewed(60_000))
	case 2:
		return fmt.Sprintf("person%d@example.org", r.Below(700_000))
	case 3:
		return fmt.Sprintf("+4915%09d", r.Below(700_000))
	case 4:
		return fmt.Sprintf("street %d", r.Skewed(50_000))
	case 5:
		return fmt.Sprint(r.Skewed(200))
	case 6:
		return fmt.Sprintf("city %d", r.Skewed(10_000))
	case 7:
		return fmt.Sprintf("%05d", r.Skewed(20_000))
	case 8:
		return fmt.Sprintf("19%02d-%02d-%02d", r.Below(100), 1+r.Below(12), 1+r.Below(28))
	}
	return []string{"f", "m", ""}[r.Below(3)]
}

func main() {
	fmt.Printf("%d records x %d columns\n", records, columns)
	fmt.Printf("%-34s %10s %12s %14s\n", "layout", "B/record", "objects", "gc cpu ms")
	for _, layout := range []struct {
		name string
		make func() any
	}{
		{"rows: a slice of strings a record", rows},
		{"columns: Arrow string arrays", arrowColumns},
		{"columns: codes and distinct texts", codes},
	} {
		if err := weigh(layout.name, layout.make); err != nil {
			fmt.Fprintln(os.Stderr, "memory:", err)
			os.Exit(1)
		}
	}
	distinct()
}

// weigh makes a layout and reports what stays of it, and what a collection
// costs while it is there: the least of seven.
func weigh(name string, build func() any) error {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	held := build()
	runtime.GC()
	runtime.ReadMemStats(&after)
	least := time.Duration(math.MaxInt64)
	for range 7 {
		took, err := measure.CPU(func() error { runtime.GC(); return nil })
		if err != nil {
			return err
		}
		least = min(least, took)
	}
	fmt.Printf("%-34s %10.0f %12d %14.1f\n", name, float64(after.HeapAlloc-before.HeapAlloc)/records, after.HeapObjects-before.HeapObjects, least.Seconds()*1e3)
	runtime.KeepAlive(held)
	return nil
}

func rows() any {
	r := measure.Random(9)
	all := make([][]string, records)
	for i := range all {
		all[i] = make([]string, columns)
		for c := range columns {
			all[i][c] = cell(&r, c)
		}
	}
	return all
}

func arrowColumns() any {
	r := measure.Random(9)
	builders := make([]*array.StringBuilder, columns)
	for c := range builders {
		builders[c] = array.NewStringBuilder(memory.DefaultAllocator)
	}
	for range records {
		for c, b := range builders {
			b.Append(cell(&r, c))
		}
	}
	all := make([]arrow.Array, columns)
	for c, b := range builders {
		all[c] = b.NewArray()
	}
	return all
}

// codes is the layout of table.Records: a code for each record, and each
// distinct text once. The map that finds codes is dropped with the making.
func codes() any {
	r := measure.Random(9)
	all := make([]table.Column, columns)
	known := make([]map[string]uint32, columns)
	for c := range all {
		all[c].Codes = make([]uint32, 0, records)
		all[c].Shown.Append("")
		known[c] = map[string]uint32{"": 0}
	}
	for range records {
		for c := range all {
			text := cell(&r, c)
			code, ok := known[c][text]
			if !ok {
				code = all[c].Shown.Append(text)
				known[c][text] = code
			}
			all[c].Codes = append(all[c].Codes, code)
		}
	}
	return all
}

// distinct counts how often a normalizer runs when it runs once per distinct
// text rather than once per cell.
func distinct() {
	all := codes().([]table.Column)
	n := 0
	for i := range all {
		n += all[i].Shown.Len() - 1
	}
	fmt.Printf("\n%d cells hold %d distinct texts: %.1f %%\n", records*columns, n, 100*float64(n)/records/columns)
}
