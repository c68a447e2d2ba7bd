package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// names of the files of a small population.
const (
	crmPart        = "extracts/crm/part-00000.csv"
	webshopPart    = "extracts/webshop/part-00000.jsonl.gz"
	loyaltyPart0   = "extracts/loyalty/part-00000.parquet"
	callcentrePart = "extracts/callcentre/part-00000.csv"
	consentPart    = "extracts/consent/part-00000.csv"
)

func generated(t *testing.T, o options) (map[string]string, totals) {
	t.Helper()
	o.dir = t.TempDir()
	n, err := generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return contents(t, o.dir), n
}

// A small population is the beginning of a large one: in every file.
func TestSmallPopulationIsAPrefix(t *testing.T) {
	small, _ := generated(t, options{entities: 301, seed: 7})
	large, _ := generated(t, options{entities: 900, seed: 7})
	if len(small) != 6 {
		t.Fatalf("%d files, want 6", len(small))
	}
	for name, text := range small {
		if text == "" || len(large[name]) <= len(text) || !strings.HasPrefix(large[name], text) {
			t.Errorf("%s of 301 entities is no proper prefix of the same file of 900", name)
		}
	}
}

func TestRecordsStopAfterAWholeEntity(t *testing.T) {
	byRecords, n := generated(t, options{records: 700, seed: 7})
	if n.records < 700 || n.records >= 700+maxRecords {
		t.Fatalf("%d records, want 700 and the rest of an entity", n.records)
	}
	byEntities, _ := generated(t, options{entities: n.entities, seed: 7})
	for name := range byEntities {
		if byRecords[name] != byEntities[name] {
			t.Errorf("%s differs from that of the same number of entities", name)
		}
	}
}

func TestSameFlagsSameBytes(t *testing.T) {
	dirs := [3]string{t.TempDir(), t.TempDir(), t.TempDir()}
	for i, seed := range []uint64{5, 5, 6} {
		if _, err := generate(options{entities: 200, seed: seed, dir: dirs[i]}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{crmPart, webshopPart, loyaltyPart0, callcentrePart, consentPart, "truth.csv"} {
		var raw [3]string
		for i, dir := range dirs {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			raw[i] = string(b)
		}
		if raw[0] != raw[1] {
			t.Errorf("%s: two runs with the same flags differ", name)
		}
		if raw[0] == raw[2] {
			t.Errorf("%s: another seed gives the same file", name)
		}
	}
}

// Every row can be read by a standard reader, and the truth names exactly the
// records that there are.
func TestEveryRowReadsBack(t *testing.T) {
	files, n := generated(t, options{entities: 3000, seed: 3})
	keys := map[string]int{} // channel,key ─► rows
	add := func(channel string, all []string) {
		for _, k := range all {
			keys[channel+","+k]++
		}
	}
	add("crm", column(t, csvRows(t, files[crmPart], ','), "contact_id"))
	add("callcentre", column(t, csvRows(t, decode1252(t, files[callcentrePart]), ';'), "ticket"))
	for _, o := range orders(t, files[webshopPart]) {
		add("webshop", []string{o.Customer.ID})
	}
	for _, line := range strings.Split(strings.TrimSuffix(files[loyaltyPart0], "\n"), "\n") {
		var cells []any
		if err := json.Unmarshal([]byte(line), &cells); err != nil {
			t.Fatal(err)
		}
		add("loyalty", []string{cells[0].(string)})
	}
	truth := csvRows(t, files["truth.csv"], ',')[1:]
	if len(truth) != int(n.records) || len(keys) != len(truth) {
		t.Fatalf("%d keys in the files and %d in the truth, want %d", len(keys), len(truth), n.records)
	}
	for _, row := range truth {
		if keys[row[0]+","+row[1]] == 0 {
			t.Fatalf("the truth names a record of %s that is not there", row[0])
		}
	}
	again := 0
	for k, rows := range keys {
		if rows > 1 {
			again++
			if !strings.HasPrefix(k, "crm,") {
				t.Errorf("a key of another channel than the CRM is there %d times", rows)
			}
		}
	}
	if again == 0 {
		t.Error("the CRM holds no older state of any row")
	}
	if events := csvRows(t, files[consentPart], ','); len(events)-1 != int(n.events) {
		t.Errorf("%d consent events in the file, %d counted", len(events)-1, n.events)
	}
}

// The checked-in example is what the generator writes.
func TestExampleIsCurrent(t *testing.T) {
	want, _ := generated(t, options{entities: 1500, seed: 1})
	got := contents(t, filepath.Join("..", "..", "jobs", "examples", "retail", "data"))
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s differs: run go run ./scripts/generate -n 1500 -seed 1 -out jobs/examples/retail/data", name)
		}
	}
}

// The work per record allocates next to nothing, so nothing can grow with the
// population but the writers' bounded buffers.
func TestNothingGrowsWithThePopulation(t *testing.T) {
	g, err := newGenerator(options{seed: 1, dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.population(options{entities: 2000}); err != nil { // buffers reach their size
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := g.population(options{entities: 2000})
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if per := float64(after.Mallocs-before.Mallocs) / float64(n.records); per > 0.5 {
		t.Errorf("%.2f allocations a record, want less than one in two records", per)
	}
	if err := g.close(); err != nil {
		t.Fatal(err)
	}
}

func TestMissingDirectoryIsNamed(t *testing.T) {
	if err := run([]string{"-n", "1"}); err == nil || !strings.Contains(err.Error(), "-out") {
		t.Errorf("error %v, want one that names -out", err)
	}
}

func BenchmarkPopulation(b *testing.B) {
	g, err := newGenerator(options{seed: 1, dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	var records uint64
	for b.Loop() {
		n, err := g.population(options{entities: 5000})
		if err != nil {
			b.Fatal(err)
		}
		records += n.records
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(records), "ns/record")
	if err := g.close(); err != nil {
		b.Fatal(err)
	}
}
