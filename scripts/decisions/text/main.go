// Command text measures readers of CSV and JSON lines on the same bytes, and
// shows what each makes of a ragged row. Decision record 0005 quotes it.
//
//	go run ./text
package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	arrowcsv "github.com/apache/arrow-go/v18/arrow/csv"
	gojson "github.com/goccy/go-json"

	"concord/scripts/decisions/measure"
	"concord/transforms/extract"
)

const rows = 200_000

var names = []string{"id", "first_name", "last_name", "email", "phone", "street", "city", "postcode", "country", "updated_at"}

func line(b *bytes.Buffer, i int) {
	fmt.Fprintf(b, "CRM_%06d,Katharina,Lindqvist,k.lindqvist%d@example.org,+46 8 123 45 67,Storgatan 17,Stockholm,111 22,SE,2026-03-14T10:11:12\n", i, i)
}

func header(b *bytes.Buffer) {
	for i, n := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(n)
	}
	b.WriteByte('\n')
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "text:", err)
		os.Exit(1)
	}
}

func run() error {
	var table bytes.Buffer
	header(&table)
	for i := range rows {
		line(&table, i)
	}
	fmt.Printf("csv, %d rows x %d columns, %.1f MB\n", rows, len(names), float64(table.Len())/1e6)
	err := measure.Compare(os.Stdout, 5, float64(table.Len())/1e6, "MB", []measure.Contender{
		{Name: "concord", Do: func() error { return complete(ours(table.Bytes())) }},
		{Name: "encoding/csv", Do: func() error { return complete(standardCSV(table.Bytes())) }},
		{Name: "arrow-go csv", Do: func() error { return complete(arrowCSV(table.Bytes())) }},
	})
	if err != nil {
		return err
	}
	if err := ragged(); err != nil {
		return err
	}
	var lines bytes.Buffer
	for i := range rows {
		fmt.Fprintf(&lines, `{"id":%d,"name":{"first":"Katharina","last":"Lindqvist"},"emails":["k.lindqvist%d@example.org"],"phone":"+46 8 123 45 67","city":"Stockholm","updated_at":"2026-03-14T10:11:12"}`+"\n", i, i)
	}
	fmt.Printf("\nJSON lines, %d rows, %.1f MB\n", rows, float64(lines.Len())/1e6)
	err = measure.Compare(os.Stdout, 5, float64(lines.Len())/1e6, "MB", []measure.Contender{
		{Name: "concord", Do: func() error { return complete(ours(lines.Bytes())) }},
		{Name: "encoding/json", Do: func() error { return complete(decode(json.NewDecoder(bytes.NewReader(lines.Bytes())))) }},
		{Name: "goccy/go-json", Do: func() error { return complete(decode(gojson.NewDecoder(bytes.NewReader(lines.Bytes())))) }},
		{Name: "arrow-go json", Do: func() error { return complete(arrowJSON(lines.Bytes())) }},
	})
	if err != nil {
		return err
	}
	return escapes()
}

func complete(n int, err error) error {
	if err == nil && n != rows {
		err = fmt.Errorf("read %d rows of %d", n, rows)
	}
	return err
}

func ours(data []byte) (int, error) {
	r, err := extract.Open(extract.Source{Body: bytes.NewReader(data)}, extract.Dialect{}, extract.Limits{}, nil)
	if err != nil {
		return 0, err
	}
	n := 0
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return n, r.Close()
		}
		if err != nil {
			return n, err
		}
		n += len(b.Row)
	}
}

func standardCSV(data []byte) (int, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.ReuseRecord = true
	n := -1 // the header
	for {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
		n++
	}
}

func textSchema() *arrow.Schema {
	fields := make([]arrow.Field, len(names))
	for i, n := range names {
		fields[i] = arrow.Field{Name: n, Type: arrow.BinaryTypes.String, Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

func arrowCSV(data []byte) (int, error) {
	r := arrowcsv.NewReader(bytes.NewReader(data), textSchema(), arrowcsv.WithHeader(true), arrowcsv.WithChunk(1<<13))
	defer r.Release()
	n := 0
	for r.Next() {
		n += int(r.RecordBatch().NumRows())
	}
	return n, r.Err()
}

// ragged reads a hundred rows of which the 31st has a cell too many.
func ragged() error {
	var b bytes.Buffer
	header(&b)
	for i := range 100 {
		line(&b, i)
		if i == 30 {
			b.Truncate(b.Len() - 1)
			b.WriteString(",extra\n")
		}
	}
	fmt.Println("\ncsv of 100 rows, the 31st with a cell too many")
	r, err := extract.Open(extract.Source{Body: bytes.NewReader(b.Bytes())}, extract.Dialect{}, extract.Limits{}, nil)
	if err != nil {
		return err
	}
	batch, err := r.Next()
	if err != nil {
		return err
	}
	fmt.Printf("  concord       %d rows and %d to quarantine: row %d, %s\n", len(batch.Row), len(batch.Bad), batch.Bad[0].Row, batch.Bad[0].Code)
	n, err := standardCSV(b.Bytes())
	fmt.Printf("  encoding/csv  %d rows, then error: %v\n", n, err)
	n, err = arrowCSV(b.Bytes())
	fmt.Printf("  arrow-go csv  %d rows, then error: %v\n", n, err)
	return nil
}

type record struct {
	ID   int64 `json:"id"`
	Name struct {
		First string `json:"first"`
		Last  string `json:"last"`
	} `json:"name"`
	Emails    []string `json:"emails"`
	Phone     string   `json:"phone"`
	City      string   `json:"city"`
	UpdatedAt string   `json:"updated_at"`
}

// decode reads rows with a decoder of encoding/json's shape.
func decode(d interface{ Decode(any) error }) (int, error) {
	for n := 0; ; n++ {
		var r record
		if err := d.Decode(&r); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
}

func arrowJSON(data []byte) (int, error) {
	s := arrow.NewSchema([]arrow.Field{
		{Name: "id", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: "name", Type: arrow.StructOf(arrow.Field{Name: "first", Type: arrow.BinaryTypes.String, Nullable: true}, arrow.Field{Name: "last", Type: arrow.BinaryTypes.String, Nullable: true}), Nullable: true},
		{Name: "emails", Type: arrow.ListOf(arrow.BinaryTypes.String), Nullable: true},
		{Name: "phone", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "city", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "updated_at", Type: arrow.BinaryTypes.String, Nullable: true},
	}, nil)
	r := array.NewJSONReader(bytes.NewReader(data), s, array.WithChunk(1<<13))
	defer r.Release()
	n := 0
	for r.Next() {
		n += int(r.RecordBatch().NumRows())
	}
	return n, r.Err()
}

// escapes reads one row whose text is all escapes, at two sizes: a reader that
// looks at each byte once takes twice as long for twice the size.
func escapes() error {
	fmt.Println("\none JSON row with a text of N escapes: cpu ms at N = 20,000 and at 40,000")
	for _, c := range []struct {
		name string
		read func([]byte) (int, error)
	}{{"concord", ours}, {"arrow-go json", arrowJSON}} {
		var took [2]time.Duration
		for k, n := range []int{20_000, 40_000} {
			data := []byte(`{"id":1,"city":"` + string(bytes.Repeat([]byte(`\"`), n)) + `"}` + "\n")
			var err error
			took[k], err = measure.CPU(func() error { _, err := c.read(data); return err })
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
		fmt.Printf("  %-14s %.1f  %.1f\n", c.name, took[0].Seconds()*1e3, took[1].Seconds()*1e3)
	}
	return nil
}
