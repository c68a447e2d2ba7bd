package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"concord/matching/column"
	"concord/matching/column/columntest"
	"concord/matching/compare"
	"concord/schemas/attribute"
	"concord/schemas/model"
)

// initials compares cities: equal, same first letter, else.
type initials struct{}

func (initials) Name() string                 { return "city" }
func (initials) Description() string          { return "agreement of the city" }
func (initials) Attributes() []attribute.Name { return []attribute.Name{attribute.City} }
func (initials) Levels() []compare.LevelSpec {
	return []compare.LevelSpec{
		{Label: "null", Description: "a city is missing"},
		{Label: "else", Description: "the cities differ"},
		{Label: "initial", Description: "the cities begin alike"},
		{Label: "exact", Description: "the cities are equal", TermFrequency: true},
	}
}

func (initials) Bind(t *column.Table) compare.Kernel {
	c := t.Column(attribute.City)
	if c == nil {
		return nil
	}
	return &initialsKernel{table: t, column: c}
}

type initialsKernel struct {
	table  *column.Table
	column *column.Column
}

func (k *initialsKernel) Load([]uint32)                           {}
func (k *initialsKernel) Ceilings([]column.Pair, []compare.Level) {}
func (k *initialsKernel) Exact() uint32                           { return 0 }
func (k *initialsKernel) Clone() compare.Kernel                   { return k }
func (k *initialsKernel) Grade(i, j uint32) compare.Level {
	a, b := k.column.Single(i), k.column.Single(j)
	switch {
	case a == 0 || b == 0:
		return compare.Null
	case a == b:
		return 3
	case k.column.Values.At(a)[0] == k.column.Values.At(b)[0]:
		return 2
	}
	return compare.Else
}
func (k *initialsKernel) Frequency(a, _ uint32, level compare.Level) float64 {
	return k.LeastFrequency(a, level)
}
func (k *initialsKernel) LeastFrequency(a uint32, _ compare.Level) float64 {
	return float64(k.column.Count[k.column.Single(a)]) / float64(k.table.N)
}

func cities(n int, seed uint64) *column.Table {
	r := rand.New(rand.NewPCG(seed, 3))
	rows := make([][]string, n)
	for i := range rows {
		if rows[i] = []string{""}; r.IntN(5) > 0 {
			rows[i][0] = fmt.Sprintf("%c%d", 'a'+r.IntN(4), r.IntN(1+r.IntN(12)))
		}
	}
	return columntest.Table([]attribute.Name{attribute.City}, rows)
}

// With a budget for all pairs the ring is every pair once, for even and odd
// numbers of records: counts equal those of two nested loops.
func TestSampleOfFewRecordsIsEveryPair(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 40, 41} {
		table := cities(n, 1)
		s := Sample(table, []compare.Comparator{initials{}}, SampleOptions{})[0]
		k := initials{}.Bind(table)
		want := make([]int64, 4)
		inverse := 0.0
		for i := range uint32(n) {
			for j := range i {
				level := k.Grade(i, j)
				want[level]++
				if level == 3 {
					inverse += 1 / k.Frequency(i, j, 3)
				}
			}
		}
		want[0] = 0 // records without a value are not drawn
		if !reflect.DeepEqual(s.Levels, want) || float64(s.Graded) != s.Population {
			t.Errorf("%d records: %v, want %v; graded %d of %g", n, s.Levels, want, s.Graded, s.Population)
		}
		mean := 0.0
		if want[3] > 0 {
			mean = float64(want[3]) / inverse
		}
		if s.Exact != want[3] || math.Abs(s.Mean[3]-mean) > 1e-12 || math.Abs(s.Inverse[3]-inverse) > 1e-6 {
			t.Errorf("%d records: %d exact by frequency, want %d; mean %g, want %g", n, s.Exact, want[3], s.Mean[3], mean)
		}
	}
}

func TestSampleKeepsToItsBudget(t *testing.T) {
	table := cities(5000, 2)
	all := Sample(table, []compare.Comparator{initials{}}, SampleOptions{Pairs: 1 << 40})[0]
	for _, budget := range []int64{1, 700, 20_000} {
		s := Sample(table, []compare.Comparator{initials{}}, SampleOptions{Pairs: budget})[0]
		if s.Graded < budget || s.Graded > budget+5000 {
			t.Errorf("budget %d: graded %d", budget, s.Graded)
		}
		if s.Exact != all.Levels[3] {
			t.Errorf("exact %d, want %d: it does not hang on the sample", s.Exact, all.Levels[3])
		}
	}
	s := Sample(table, []compare.Comparator{initials{}}, SampleOptions{Pairs: 100_000})[0]
	for l := 1; l < 4; l++ {
		got, want := float64(s.Levels[l])/float64(s.Graded), float64(all.Levels[l])/float64(all.Graded)
		if math.Abs(got-want) > 5*math.Sqrt(want/float64(s.Graded))+0.001 {
			t.Errorf("level %d: share %.4f in the sample, %.4f in all pairs", l, got, want)
		}
	}
}

// Of many records a share stands for all: the population stays theirs, and what
// is counted from frequencies stays near it.
func TestSampleOfAShareOfTheRecords(t *testing.T) {
	table := cities(20_000, 7)
	all := Sample(table, []compare.Comparator{initials{}}, SampleOptions{})[0]
	s := Sample(table, []compare.Comparator{initials{}}, SampleOptions{Records: 5000})[0]
	if s.Population != all.Population || s.Graded < DefaultSamplePairs {
		t.Errorf("graded %d of %g pairs, want the budget of %g", s.Graded, s.Population, all.Population)
	}
	if got, want := float64(s.Exact), float64(all.Exact); got == want || math.Abs(got/want-1) > .05 {
		t.Errorf("%g pairs at the top level, of a quarter of the records; %g of all", got, want)
	}
	if got, want := s.Mean[3], all.Mean[3]; math.Abs(got/want-1) > .05 {
		t.Errorf("mean frequency %g, of all records %g", got, want)
	}
}

// The sample follows the records, not their rows; another seed is another
// sample.
func TestSampleDependsOnRecordsAlone(t *testing.T) {
	table := cities(3000, 3)
	o := SampleOptions{Pairs: 5000}
	want := Sample(table, []compare.Comparator{initials{}}, o)[0]
	reversed := *table
	c := table.Columns[0]
	c.Codes = append([]uint32(nil), c.Codes...)
	reversed.Hash = append([]uint64(nil), table.Hash...)
	for i, j := 0, table.N-1; i < j; i, j = i+1, j-1 {
		c.Codes[i], c.Codes[j] = c.Codes[j], c.Codes[i]
		reversed.Hash[i], reversed.Hash[j] = reversed.Hash[j], reversed.Hash[i]
	}
	reversed.Columns = []column.Column{c}
	got := Sample(&reversed, []compare.Comparator{initials{}}, o)[0]
	if !reflect.DeepEqual(got.Levels, want.Levels) {
		t.Errorf("rows reversed: %v, want %v", got.Levels, want.Levels)
	}
	o.Seed = 1
	if other := Sample(table, []compare.Comparator{initials{}}, o)[0]; reflect.DeepEqual(other.Levels, want.Levels) {
		t.Error("another seed drew the same sample")
	}
}

func TestSampleAcrossSources(t *testing.T) {
	table := cities(60, 4)
	for r := range table.Source {
		table.Source[r] = uint16(r % 3)
	}
	s := Sample(table, []compare.Comparator{initials{}}, SampleOptions{Across: true})[0]
	want := 0.0
	for i := range uint32(table.N) {
		for j := range i {
			c := &table.Columns[0]
			if table.Source[i] != table.Source[j] && c.Single(i) != 0 && c.Single(j) != 0 {
				want++
			}
		}
	}
	if float64(s.Graded) != want || s.Population != want || s.Exact != -1 {
		t.Errorf("graded %d of %g pairs, exact %d; want %g pairs and no count from frequencies", s.Graded, s.Population, s.Exact, want)
	}
}

func TestSampleWithoutTheAttribute(t *testing.T) {
	table := columntest.Table([]attribute.Name{attribute.Email}, [][]string{{"a@b"}, {"c@d"}})
	if s := Sample(table, []compare.Comparator{initials{}}, SampleOptions{}); s[0] != nil {
		t.Errorf("%v", s[0])
	}
}

// From records to model and back: Describe, Sample, Train, Check.
func TestDescribeAndCheck(t *testing.T) {
	comparators := []compare.Comparator{initials{}}
	table := cities(50, 5)
	m, err := Train(Input{
		Comparisons: Describe(comparators), Records: 50, Pairs: 50 * 49 / 2,
		Samples: Sample(table, comparators, SampleOptions{}),
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(m, comparators); err != nil {
		t.Error(err)
	}
	if m.Comparisons[0].Levels[3].TermFrequency == nil || m.Comparisons[0].Levels[2].TermFrequency != nil {
		t.Error("term frequency is the top level's alone")
	}
	m.Comparisons[0].Levels[2].Label = "soundex"
	if err := Check(m, comparators); err == nil {
		t.Error("a model of other levels passed")
	}
	if err := Check(m, nil); err == nil {
		t.Error("a model of other comparisons passed")
	}
}

// A model of text comparisons, such as an imported one, gives comparators
// that describe themselves as the model did: it can be trained again here.
func TestTextComparisonsTrainAgain(t *testing.T) {
	c := model.Comparison{
		Name: "town", Comparator: model.Text, Attributes: []attribute.Name{attribute.City}, Description: "agreement of towns",
		Levels: []model.Level{
			{Label: "null", Description: "a town is missing"},
			{Label: "else", Description: "the towns differ"},
			{Label: "levenshtein_1", Description: "one edit", When: "levenshtein <= 1"},
			{Label: "exact", Description: "equal", When: "exact", TermFrequency: &model.TermFrequency{Strength: 1}},
		},
	}
	comparator, err := compare.NewThreshold(&c)
	if err != nil {
		t.Fatal(err)
	}
	comparators := []compare.Comparator{comparator}
	if got := Describe(comparators); !reflect.DeepEqual(got, []model.Comparison{c}) {
		t.Errorf("%+v, want %+v", got, c)
	}
	m, err := Train(Input{
		Comparisons: Describe(comparators), Records: 200, Pairs: 200 * 199 / 2,
		Samples: Sample(cities(200, 6), comparators, SampleOptions{}), Union: Table{{3, 50}, {1, 400}},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.ExportSplink(); err != nil {
		t.Errorf("a trained text model does not export: %v", err)
	}
	if err := Check(m, comparators); err != nil {
		t.Error(err)
	}
}
