package consent

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	schema "concord/schemas/consent"
)

// said is all that a log holds, as text.
func said(t tester, l *Log) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintln(&b, l.controllers, l.brands, l.kinds)
	i := uint32(0)
	if err := l.Each(func(e *LoggedEvent) error {
		f := &l.facts[i]
		fmt.Fprintf(&b, "%+v supersedes %v\n", *e, l.named[f.namesFrom:f.namesTo])
		i++
		return nil
	}); err != nil {
		t.Fatalf("%v", err)
	}
	for k, a := range l.anchors {
		id, ok := l.ID(a)
		lo, hi := l.barsOf(id)
		fmt.Fprintln(&b, a, k, ok, id, l.bars[lo:hi])
	}
	if err := l.LimitsIn(0, l.Anchors(), func(x Limit) error {
		fmt.Fprintf(&b, "%+v %+v\n", x.Suppression, x.Preference)
		return nil
	}); err != nil {
		t.Fatalf("%v", err)
	}
	return b.String()
}

// Which builder gathered what, and in which order, leaves no trace in the log.
func TestMergeIsTheLogOfOneBuilder(t *testing.T) {
	superseding := false
	rapid.Check(t, func(t *rapid.T) {
		s := randomScenario(shrinking{t})
		var one *Builder
		builders := make([]*Builder, rapid.IntRange(1, 4).Draw(t, "builders"))
		for i := range builders {
			builders[i] = NewBuilder(s.policy)
		}
		one = NewBuilder(s.policy)
		events := rapid.Permutation(slices.Concat(s.events, s.events)).Draw(t, "order")
		for i := range events {
			e := events[i]
			e.Source = schema.Source{Channel: "app", Object: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "object"), Row: uint64(rapid.IntRange(1, 3).Draw(t, "row"))}
			e.Evidence = fmt.Sprint("proof ", e.Time.Lo)
			for _, b := range []*Builder{one, rapid.SampledFrom(builders).Draw(t, "builder")} {
				if err := b.Add(&e); err != nil {
					t.Fatal(err)
				}
			}
		}
		somewhere := func() schema.Source {
			return schema.Source{Channel: "list", Object: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "object"), Row: uint64(rapid.IntRange(1, 3).Draw(t, "row"))}
		}
		for range rapid.IntRange(0, 3).Draw(t, "preferences") {
			p := randomPreference(shrinking{t}, s.focus)
			p.Source = somewhere()
			for _, b := range []*Builder{one, rapid.SampledFrom(builders).Draw(t, "builder")} {
				if err := b.Prefer(&p); err != nil {
					t.Fatal(err)
				}
			}
		}
		for i := range s.suppressions {
			s.suppressions[i].Source = somewhere()
			for _, b := range []*Builder{one, rapid.SampledFrom(builders).Draw(t, "builder")} {
				if err := b.Suppress(&s.suppressions[i]); err != nil {
					t.Fatal(err)
				}
			}
		}
		backwards := func(n int, unit func(int)) error {
			for i := range n {
				unit(n - 1 - i)
			}
			return nil
		}
		merged, err := Merge(s.policy, backwards, builders...)
		if err != nil {
			t.Fatal(err)
		}
		superseding = superseding || len(merged.named) > 0
		if got, want := said(t, merged), said(t, one.Log()); got != want {
			t.Fatalf("merged:\n%s\nof one builder:\n%s", got, want)
		}
	})
	if !superseding && !testing.Short() { // a few worlds may have none
		t.Error("no grant superseded anything: the test is too easy")
	}
}

func BenchmarkMerge(b *testing.B) {
	b.ReportAllocs()
	const n = 100_000
	for b.Loop() {
		build := NewBuilder(schema.DefaultPolicy())
		for i := range n {
			e := benchEvent(i, "marketing.communications", schema.ByEmail, schema.Given)
			if err := build.Add(&e); err != nil {
				b.Fatal(err)
			}
		}
		build.Log()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
}
