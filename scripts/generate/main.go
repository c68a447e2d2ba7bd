// Command generate writes the extracts of an invented retailer with two brands
// and five channels: what Concord's example reads and its benchmarks run on.
//
//	go run ./scripts/generate -n 1000 -seed 1 -out DIR
//
// It writes DIR/extracts/crm (CSV), webshop (JSON lines, gzip), loyalty
// (Parquet), callcentre (CSV with semicolons in Windows-1252), consent (the
// feed of consent events) and DIR/truth.csv, which says whose each record is.
//
// The population is a stream. Entity i follows from the seed and i alone, so
// the first thousand entities of ten million are the thousand entities of a
// thousand, and a hundred million need no more memory than one. The same flags
// give the same bytes on every machine. Nobody in it exists: names, numbers
// and addresses are drawn at random, and e-mail addresses end in .alt, which no mail
// server resolves (RFC 9476).
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	entities := flags.Uint64("n", 0, "number of entities (people); default 1000 unless -records is given")
	records := flags.Uint64("records", 0, "stop after the entity that brings the records to this number")
	seed := flags.Uint64("seed", 1, "seed of the population")
	dir := flags.String("out", "", "directory to write to; created when absent")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *dir == "" {
		return fmt.Errorf("-out is missing: name a directory to write to")
	}
	if *entities == 0 && *records == 0 {
		*entities = 1000
	}
	t, err := generate(options{entities: *entities, records: *records, seed: *seed, dir: *dir})
	if err != nil {
		return err
	}
	fmt.Printf("%d entities, %d records (", t.entities, t.records)
	for i, n := range t.channels {
		fmt.Printf("%s %d, ", styles[i].name, n)
	}
	fmt.Printf("consent events %d)\n", t.events)
	return nil
}
