// Command parquetcost measures the Parquet libraries on one table: what they
// take to write it and to read it, in processor time. Decision records 0002,
// 0003 and 0004 quote it.
//
//	go run ./parquetcost
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"concord/scripts/decisions/measure"
	"concord/scripts/decisions/parquetcost/people"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "parquetcost:", err)
		os.Exit(1)
	}
}

func run() error {
	p := people.Make(people.Rows)
	v18 := newV18(p)
	v15, err := startV15()
	if err != nil {
		return err
	}
	defer v15.stop()
	generic := genericRows(p)
	var file18, fileGo bytes.Buffer
	fmt.Printf("write %d rows x 12 columns, zstd level 1, to memory\n", people.Rows)
	err = measure.Compare(os.Stdout, 5, people.Rows/1e6, "M rows", []measure.Contender{
		{Name: "arrow-go v18", Do: func() error { file18.Reset(); return v18.write(&file18) }},
		{Name: "arrow/go v15", Timed: v15.write},
		{Name: "parquet-go", Do: func() error { fileGo.Reset(); return writeGeneric(&fileGo, generic) }},
	})
	if err != nil {
		return err
	}
	fmt.Printf("bytes: arrow-go v18 %d, arrow/go v15 %d, parquet-go %d\n\n", file18.Len(), v15.size, fileGo.Len())

	fmt.Println("read the file of arrow-go v18, every value")
	data := file18.Bytes()
	path := filepath.Join(v15.dir, "v18.parquet")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return err
	}
	return measure.Compare(os.Stdout, 5, people.Rows/1e6, "M rows", []measure.Contender{
		{Name: "arrow-go v18", Do: func() error { return readV18(data) }},
		{Name: "arrow/go v15", Timed: func() (time.Duration, error) { return v15.read(path) }},
		{Name: "parquet-go", Do: func() error { return readGeneric(data) }},
		{Name: "xitongsys", Do: func() error { return readXitongsys(data) }},
	})
}
