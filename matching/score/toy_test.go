package score

import (
	"fmt"

	"concord/matching/block"
	"concord/matching/column"
	"concord/matching/compare"
	"concord/schemas/attribute"

	"pgregory.net/rapid"
)

// toyKernel grades by a table: level[code of a][code of b], 0 where a code is
// 0. Its ceilings lie slack levels above, by a hash of the two codes.
type toyKernel struct {
	codes     []uint32
	level     [][]compare.Level
	top       compare.Level
	frequency []float64 // by code
	records   []uint32
}

func (k *toyKernel) Grade(a, b uint32) compare.Level { return k.level[k.codes[a]][k.codes[b]] }

func (k *toyKernel) Load(records []uint32) { k.records = records }

func (k *toyKernel) Ceilings(pairs []column.Pair, out []compare.Level) {
	for i, p := range pairs {
		a, b := k.records[p.A], k.records[p.B]
		out[i] = k.Grade(a, b)
		if out[i] != compare.Null {
			slack := compare.Level((k.codes[a] + k.codes[b]) % 3)
			out[i] = min(out[i]+slack, k.top)
		}
	}
}

func (k *toyKernel) Exact() uint32 { return 0 }

func (k *toyKernel) Frequency(a, b uint32, _ compare.Level) float64 {
	return max(k.frequency[k.codes[a]], k.frequency[k.codes[b]])
}

func (k *toyKernel) LeastFrequency(a uint32, _ compare.Level) float64 { return k.frequency[k.codes[a]] }

func (k *toyKernel) Clone() compare.Kernel { return k }

// drawModel draws comparisons whose weights are not even monotone, and their
// kernels over n records.
func drawModel(t *rapid.T, n int) ([]compare.Kernel, Params) {
	p := Params{Prior: rapid.Float64Range(-20, 5).Draw(t, "prior")}
	var kernels []compare.Kernel
	for c := range rapid.IntRange(1, 5).Draw(t, "comparisons") {
		levels := rapid.IntRange(2, 6).Draw(t, "levels")
		comparison := Comparison{Name: fmt.Sprint("c", c), Levels: make([]Level, levels)}
		for l := 1; l < levels; l++ {
			comparison.Levels[l] = drawLevel(t, l > 1)
		}
		p.Comparisons = append(p.Comparisons, comparison)
		kernels = append(kernels, drawKernel(t, n, levels))
	}
	return kernels, p
}

func drawLevel(t *rapid.T, agrees bool) Level {
	l := Level{
		Label: "l",
		M:     rapid.Float64Range(1e-6, 1).Draw(t, "m"), U: rapid.Float64Range(1e-6, 1).Draw(t, "u"),
	}
	if agrees && rapid.Bool().Draw(t, "tf") {
		l.TFStrength = rapid.Float64Range(0, 1).Draw(t, "strength")
		l.TFBase = rapid.Float64Range(0, .1).Draw(t, "base")
	}
	return l
}

func drawKernel(t *rapid.T, n, levels int) *toyKernel {
	const values = 6
	k := &toyKernel{top: compare.Level(levels - 1), level: make([][]compare.Level, values), frequency: make([]float64, values)}
	for a := range values {
		k.level[a] = make([]compare.Level, values)
		k.frequency[a] = float64(rapid.IntRange(1, max(n, 1)).Draw(t, "count")) / float64(max(n, 1))
	}
	for a := 1; a < values; a++ {
		for b := 1; b <= a; b++ {
			level := compare.Level(rapid.IntRange(1, levels-1).Draw(t, "level"))
			k.level[a][b], k.level[b][a] = level, level
		}
	}
	for range n {
		k.codes = append(k.codes, uint32(rapid.IntRange(0, values-1).Draw(t, "code")))
	}
	return k
}

// drawPlan draws records with crowded blocks under two rules.
func drawPlan(t *rapid.T) *block.Plan {
	n := rapid.IntRange(0, 40).Draw(t, "records")
	table := &column.Table{N: n, Source: make([]uint16, n), Hash: make([]uint64, n)}
	for _, name := range []attribute.Name{attribute.Email, attribute.Phone} {
		c := column.Column{Name: name, Count: make([]uint32, 4)}
		for _, v := range []string{"", "a", "b", "c"} {
			c.Values.Append(v)
		}
		for range n {
			c.Codes = append(c.Codes, uint32(rapid.IntRange(0, 3).Draw(t, "key")))
		}
		table.Columns = append(table.Columns, c)
	}
	plan, err := block.Bind(table, []block.Rule{
		{Keys: []block.Key{block.Of(attribute.Email, column.Whole)}},
		{Keys: []block.Key{block.Of(attribute.Phone, column.Whole)}},
	}, block.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// walk calls f for every unit of the plan.
func walk(plan *block.Plan, f func(w *block.Walker)) {
	w := plan.Walker()
	for k := range plan.Len() {
		blocks := plan.Blocks(k)
		for _, u := range blocks.Units() {
			w.Start(blocks, u)
			f(w)
		}
	}
}
