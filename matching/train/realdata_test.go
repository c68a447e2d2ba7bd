package train

import (
	"compress/gzip"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/matching/block"
	"concord/matching/column"
	"concord/matching/column/columntest"
	"concord/matching/compare"
	"concord/matching/score"
	"concord/schemas/attribute"
	"concord/schemas/model"
)

// truthSet is a public set as far as training needs it: lower-cased columns,
// no normalizing, so that figures are of training and not of reading.
type truthSet struct {
	table  *column.Table
	entity []string
}

// readTruth reads a set of the shared data; columns are by attribute.
func readTruth(t *testing.T, set string, columns []string, names []attribute.Name) truthSet {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "data", "truth", set)
	if _, err := os.Stat(path + ".records.csv.gz"); err != nil {
		t.Skipf("%s is not at hand: the test needs the shared data", set)
	}
	entities := map[string]string{}
	for _, row := range readCSV(t, path+".truth.csv.gz")[1:] {
		entities[row[0]] = row[1]
	}
	records := readCSV(t, path+".records.csv.gz")
	at := map[string]int{}
	for i, h := range records[0] {
		at[h] = i
	}
	var rows [][]string
	var out truthSet
	for _, r := range records[1:] {
		row := make([]string, len(names))
		for i, c := range columns {
			row[i] = canonical(names[i], r[at[c]])
		}
		rows = append(rows, row)
		out.entity = append(out.entity, entities[r[0]])
	}
	out.table = columntest.Table(names, rows)
	return out
}

func canonical(name attribute.Name, v string) string {
	v = strings.ToLower(strings.TrimSpace(v))
	if name == attribute.BirthDate && len(v) == 8 && !strings.Contains(v, "-") {
		return v[:4] + "-" + v[4:6] + "-" + v[6:]
	}
	return v
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// trainOn trains as a run does: default comparators, proposed blocking, every
// rule a pass. No deterministic rules, so λ is that of the expected matches.
func trainOn(t *testing.T, s truthSet) (*model.Model, *block.Plan, []compare.Kernel) {
	t.Helper()
	comparators := compare.Default(s.table)
	var kernels []compare.Kernel
	for _, c := range comparators {
		kernels = append(kernels, c.Bind(s.table))
	}
	plan, _, err := block.Propose(s.table, 0, block.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := int64(s.table.N)
	in := Input{
		Comparisons: Describe(comparators), Records: n, Pairs: n * (n - 1) / 2,
		Samples: Sample(s.table, comparators, SampleOptions{Pairs: 300_000}),
	}
	untrained, err := Train(Input{Comparisons: in.Comparisons}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	counter, err := score.New(kernels, Params(untrained), s.table.N, math.Inf(-1))
	if err != nil {
		t.Fatal(err)
	}
	in.Union = CountPairs(plan, counter)
	for k := range plan.Len() {
		rule := plan.Rule(k)
		one, err := block.Bind(s.table, []block.Rule{rule}, block.Options{})
		if err != nil {
			t.Fatal(err)
		}
		in.Passes = append(in.Passes, Pass{rule.String(), Fixed(rule, in.Comparisons), CountPairs(one, counter)})
	}
	m, err := Train(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m, plan, kernels
}

// links is pairwise precision and recall of all pairs at log odds above 0,
// before clustering. Pairs that blocking missed are missed.
func links(t *testing.T, s truthSet, m *model.Model, plan *block.Plan, kernels []compare.Kernel) (precision, recall float64) {
	t.Helper()
	scorer, err := score.New(kernels, Params(m), s.table.N, 0)
	if err != nil {
		t.Fatal(err)
	}
	var edges []score.Edge
	w := plan.Walker()
	for k := range plan.Len() {
		blocks := plan.Blocks(k)
		for _, u := range blocks.Units() {
			w.Start(blocks, u)
			edges = scorer.Unit(w, edges)
		}
	}
	found := 0
	for _, e := range edges {
		if s.entity[e.A] == s.entity[e.B] {
			found++
		}
	}
	size, matches := map[string]int{}, 0
	for _, e := range s.entity {
		matches += size[e]
		size[e]++
	}
	return float64(found) / float64(len(edges)), float64(found) / float64(matches)
}

// The floors are .004 to .015 below what was measured: .996, .999 and .950.
func TestTrainsOnPublicSets(t *testing.T) {
	address := []attribute.Name{attribute.GivenName, attribute.FamilyName, attribute.HouseNumber, attribute.Street, attribute.City, attribute.Postcode, attribute.BirthDate}
	febrl := []string{"given_name", "surname", "street_number", "address_1", "suburb", "postcode", "date_of_birth"}
	for _, c := range []struct {
		set     string
		columns []string
		names   []attribute.Name
		floor   float64 // of F1
	}{
		{"febrl3", febrl, address, 0.985},
		{"febrl3", append(febrl[:7:7], "soc_sec_id"), append(address[:7:7], attribute.Identifier("ssn")), 0.99},
		{"splink_fake_1000", []string{"first_name", "surname", "dob", "city", "email"}, []attribute.Name{attribute.GivenName, attribute.FamilyName, attribute.BirthDate, attribute.City, attribute.Email}, 0.935},
	} {
		t.Run(c.set, func(t *testing.T) {
			s := readTruth(t, c.set, c.columns, c.names)
			m, plan, kernels := trainOn(t, s)
			p, r := links(t, s, m, plan, kernels)
			f1 := 2 * p * r / (p + r)
			t.Logf("%s: precision %.4f recall %.4f F1 %.4f, λ %.3g, %d rounds, warnings %q", c.set, p, r, f1, m.Prior, m.Training.Rounds, m.Training.Warnings)
			if f1 < c.floor || !m.Training.Converged {
				t.Errorf("F1 %.4f, floor %.2f; converged %v", f1, c.floor, m.Training.Converged)
			}
		})
	}
}
