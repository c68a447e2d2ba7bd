package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"concord/jobs/pipeline"
	"concord/matching/evaluate"
)

// judgedSet is a set of pairs that people judged, each record of a pair a row
// of its own. The rows are resolved together, as one extract.
type judgedSet struct {
	name   string
	fields string // as of a set
	read   func(data string) (*judgedRows, error)
}

// judgedRows is the extract and the judgements.
type judgedRows struct {
	columns []string
	rows    [][]string // the first column is the key
	pairs   []judgedPair
}

type judgedPair struct{ a, b, scenario, verdict string }

// judgedSets lists them. No figure was chosen by either.
func judgedSets() []judgedSet {
	return []judgedSet{{"patient_pairs", `
nameFirst: given_name
nameMiddle: middle_name
nameLast: family_name
nameSuffix: name_suffix
birthDate: {as: birth_date, date_order: ymd}
gender: sex
addressStreet1: street_address
addressCity: city
addressState: region
addressZip: postcode
phone: phone
medicaid: {as: identifier, kind: medicaid}
ssn: {as: identifier, kind: ssn}`, readPatientPairs}, {"nbs", `
FIRST: given_name
LAST: family_name
SUFFIX: name_suffix
BIRTHDATE: {as: birth_date, date_order: ymd}
GENDER: sex
ADDRESS: street_address
CITY: city
STATE: region
ZIP: postcode
SSN: {as: identifier, kind: ssn}`, readNBS}}
}

// readPatientPairs splits rows of a_ and b_ columns. The scenario is the
// second part of the test's name.
func readPatientPairs(data string) (*judgedRows, error) {
	table, err := readCSV(filepath.Join(data, "judgements/patient_pairs.csv.gz"))
	if err != nil {
		return nil, err
	}
	out := &judgedRows{columns: []string{"record_id"}}
	var left, right []int
	for i, column := range table[0] {
		if name, ok := strings.CutPrefix(column, "a_"); ok {
			out.columns = append(out.columns, name)
			left, right = append(left, i), append(right, slices.Index(table[0], "b_"+name))
		}
	}
	for n, row := range table[1:] {
		pair := judgedPair{a: "a" + strconv.Itoa(n), b: "b" + strconv.Itoa(n), verdict: row[2]}
		_, pair.scenario, _ = strings.Cut(row[1], ":")
		pair.scenario, _, _ = strings.Cut(pair.scenario, ":")
		pick := func(key string, from []int) {
			values := []string{key}
			for _, i := range from {
				values = append(values, row[i])
			}
			out.rows = append(out.rows, values)
		}
		pick(pair.a, left)
		pick(pair.b, right)
		out.pairs = append(out.pairs, pair)
	}
	return out, nil
}

// readNBS pairs each test record with the seed record it was made of.
func readNBS(data string) (*judgedRows, error) {
	seed, err := readCSV(filepath.Join(data, "judgements/nbs_seed.csv"))
	if err != nil {
		return nil, err
	}
	tests, err := readCSV(filepath.Join(data, "judgements/nbs_test.csv"))
	if err != nil {
		return nil, err
	}
	out := &judgedRows{columns: append([]string{"record_id"}, seed[0][2:]...)}
	for _, row := range seed[1:] {
		out.rows = append(out.rows, append([]string{"s" + row[0]}, row[2:]...))
	}
	for _, row := range tests[1:] {
		key, last := "t"+row[0], len(row)-1
		out.rows = append(out.rows, append([]string{key}, row[3:last]...))
		out.pairs = append(out.pairs, judgedPair{"s" + row[1], key, "made from a seed record", row[last]})
	}
	return out, nil
}

// readCSV reads a whole file, gzipped or not.
func readCSV(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only
	text, err := plain(f)
	if err != nil {
		return nil, err
	}
	return csv.NewReader(text).ReadAll()
}

// plain decompresses what is gzipped.
func plain(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	if magic, _ := buffered.Peek(2); string(magic) == "\x1f\x8b" {
		return gzip.NewReader(buffered)
	}
	return buffered, nil
}

// verdicts of the files, in lower case.
var (
	yes = []string{"match"}
	no  = []string{"not a match", "no_match"}
)

// judge resolves a judged set and prints its table by scenario. Pairs that
// people found possible are neither right nor wrong.
func (o *options) judge(ctx context.Context, j *judgedSet, m mapping) error {
	in, err := j.read(o.data)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "accuracy")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // nothing to do about a leftover
	if err := writeCSV(filepath.Join(dir, "people.csv"), append([][]string{in.columns}, in.rows...)); err != nil {
		return err
	}
	s := set{name: j.name, channels: map[string]string{"people": "people.csv"}, key: "record_id", region: "US", fields: j.fields}
	x, _, err := (&options{data: dir, workers: o.workers}).resolve(ctx, &s, m)
	if err != nil {
		return err
	}
	if o.model {
		printModel(os.Stdout, x.Model())
	}
	clusters := x.Clusters()
	var decided []evaluate.Judgement
	var wrong []pipeline.Mistake
	var possible, joined int
	together := map[evaluate.Pair]bool{}
	for i, p := range in.pairs {
		at := evaluate.Pair{A: uint32(2 * i), B: uint32(2*i + 1)}
		together[at] = clusters["people/"+p.a] == clusters["people/"+p.b]
		switch v := strings.ToLower(p.verdict); {
		case slices.Contains(yes, v), slices.Contains(no, v):
			match := slices.Contains(yes, v)
			decided = append(decided, evaluate.Judgement{Pair: at, Match: match, Scenario: p.scenario})
			if c, ok := x.Compare("people/"+p.a, "people/"+p.b); ok && c.Match != match {
				c.Match = match
				wrong = append(wrong, c)
			}
		default:
			possible++
			if together[at] {
				joined++
			}
		}
	}
	fmt.Printf("\n%s, %s: %d pairs, of %d possible ones %d together\n\n", j.name, m, len(in.pairs), possible, joined)
	if o.mistakes > 0 {
		counts := map[string]int{}
		for _, m := range wrong {
			counts[map[bool]string{true: "missed: ", false: "false: "}[m.Match]+m.Stage]++
		}
		step := max(len(wrong)/o.mistakes, 1)
		var few []pipeline.Mistake
		for i := 0; i < len(wrong); i += step {
			few = append(few, wrong[i])
		}
		printMistakes(os.Stdout, few, counts)
	}
	printTallies(evaluate.Judged(decided, func(a, b uint32) bool { return together[evaluate.Pair{A: a, B: b}] }))
	return nil
}

func printTallies(tallies []evaluate.Tally) {
	fmt.Println("| scenario | precision | recall | F1 | together, rightly | wrongly | apart, wrongly | rightly |")
	fmt.Println("|---|--:|--:|--:|--:|--:|--:|--:|")
	for _, t := range tallies {
		name := strings.ToLower(strings.ReplaceAll(t.Scenario, "_", " "))
		if name == "" {
			name = "**all**"
		}
		fmt.Printf("| %s | %.3f | %.3f | %.3f | %d | %d | %d | %d |\n", name, t.Rate.Precision, t.Rate.Recall, t.Rate.F1,
			t.TruePositive, t.FalsePositive, t.FalseNegative, t.TrueNegative)
	}
}

func writeCSV(path string, rows [][]string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return f.Close()
}
