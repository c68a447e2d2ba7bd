package golden

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

var (
	drawnAttributes = []attribute.Name{attribute.GivenName, attribute.FamilyName, attribute.Email,
		attribute.Street, attribute.City, attribute.Device, attribute.Custom("plan")}
	drawnValues = map[attribute.Name][]string{attribute.Email: {"", "a@x", "A@x", "b@x", junk}}
)

// drawRows makes records over a small domain, so that values and times
// collide often.
func drawRows(t *rapid.T) []row {
	n := rapid.IntRange(1, 6).Draw(t, "records")
	rows := make([]row, n)
	for i := range rows {
		w := row{
			channel: rapid.SampledFrom([]string{"crm", "shop"}).Draw(t, "channel"),
			key:     fmt.Sprint(i),
			time:    rapid.SampledFrom([]int64{table.NoTime, 1, 2}).Draw(t, "time"),
			fields:  map[attribute.Name][]string{},
		}
		for _, a := range drawnAttributes {
			values := drawnValues[a]
			if values == nil {
				values = []string{"", "u", "U", "vv", "w"}
			}
			w.fields[a] = rapid.SliceOfN(rapid.SampledFrom(values), 0, 3).Draw(t, string(a))
		}
		rows[i] = w
	}
	return rows
}

func drawOptions(t *rapid.T) Options {
	o := Options{Rules: map[attribute.Name]string{}}
	for _, a := range []attribute.Name{attribute.GivenName, attribute.Email, attribute.Street, attribute.Device} {
		rule := rapid.SampledFrom(All()).Draw(t, "rule")
		if !rule.List || a != attribute.Street {
			o.Rules[a] = rule.Name
		}
	}
	return o
}

func compile(t testing.TB, r *table.Records, o Options) *Plan {
	t.Helper()
	p, err := Compile(r, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The order of members, of records and of dictionary entries changes nothing.
func TestOrderChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, o := drawRows(t), drawOptions(t)
		first := compileRapid(t, build(rows, nil), o)
		want := described(first, mergeAll(first, len(rows), nil))

		shuffled := rapid.Permutation(rows).Draw(t, "order")
		second := compileRapid(t, build(shuffled, backwards), o)
		var g Golden
		second.Merger().Merge(rapid.Permutation(members(len(rows))).Draw(t, "members"), nil, &g)
		if got := described(second, &g); !reflect.DeepEqual(got, want) {
			t.Fatalf("another order gave\n%v\nwant\n%v", got, want)
		}
	})
}

func compileRapid(t *rapid.T, r *table.Records, o Options) *Plan {
	p, err := Compile(r, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// described is a golden record free of row numbers and codes.
func described(p *Plan, g *Golden) []string {
	var out []string
	for i, a := range p.Attributes() {
		for _, v := range g.Of(i) {
			lo, _ := a.column.Slots(v.Record)
			out = append(out, fmt.Sprintf("%s=%q from %s/%s slot %d, held by %d, %d candidates, %d losers", a.Name,
				p.Shown(i, v.Code), p.records.Channels[p.records.Channel[v.Record]], p.records.RecordKey(v.Record),
				v.Slot-lo, v.Held, v.Candidates, v.Losers))
		}
	}
	return out
}

// A surviving value is held by the member that it names, at the slot that it
// names, and is neither null nor junk; the address comes from one slot.
func TestSurvivorsAreHeldByMembers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, o := drawRows(t), drawOptions(t)
		p := compileRapid(t, build(rows, nil), o)
		g := mergeAll(p, len(rows), nil)
		var streetSlot, citySlot []uint32
		for i, a := range p.Attributes() {
			any := false
			for _, w := range rows {
				any = any || slices.ContainsFunc(w.fields[a.Name], func(v string) bool { return v != "" && v != junk })
			}
			spec, _ := attribute.Lookup(a.Name)
			if any && len(g.Of(i)) == 0 && spec.Group != attribute.AddressGroup {
				t.Fatalf("%s: members hold a value and none survived", a.Name)
			}
			for _, v := range g.Of(i) {
				lo, hi := a.column.Slots(v.Record)
				if v.Slot < lo || v.Slot >= hi || a.column.Codes[v.Slot] != v.Code {
					t.Fatalf("%s: slot %d of record %d does not hold the survivor", a.Name, v.Slot, v.Record)
				}
				if s := p.Shown(i, v.Code); s == "" || s == junk {
					t.Fatalf("%s: %q survived", a.Name, s)
				}
				switch a.Name {
				case attribute.Street:
					streetSlot = append(streetSlot, v.Slot)
				case attribute.City:
					citySlot = append(citySlot, v.Slot)
				}
			}
		}
		if len(streetSlot) > 0 && len(citySlot) > 0 && !slices.Equal(streetSlot, citySlot) {
			t.Fatalf("street from slot %d, city from slot %d", streetSlot, citySlot)
		}
	})
}

// Refusing a value has the effect of its absence, whatever the rule.
func TestRefusedValueMightAsWellNotExist(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, o := drawRows(t), drawOptions(t)
		refused := rapid.SampledFrom([]string{"u", "vv", "w", "a@x", "b@x"}).Draw(t, "refused")
		from := rapid.SampledFrom([]string{"crm", "shop"}).Draw(t, "from")
		without := make([]row, len(rows))
		for i, w := range rows {
			without[i] = w
			without[i].fields = map[attribute.Name][]string{}
			for a, values := range w.fields {
				values = slices.Clone(values)
				for k, v := range values {
					if v == refused && w.channel == from {
						values[k] = ""
					}
				}
				without[i].fields[a] = values
			}
		}
		all, less := compileRapid(t, build(rows, nil), o), compileRapid(t, build(without, nil), o)
		permit := func(rec uint32, a attribute.Name, slot uint32) bool {
			i := all.Index(a)
			return rows[rec].channel != from || all.Shown(i, all.attributes[i].column.Codes[slot]) != refused
		}
		got := described(all, mergeAll(all, len(rows), permit))
		want := described(less, mergeAll(less, len(rows), nil))
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("refusing %q gave\n%v\nwant what its absence gives\n%v", refused, got, want)
		}
	})
}

// Explain agrees with Merge on who survives, and says what the others lost on.
func TestExplainAgreesWithMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, o := drawRows(t), drawOptions(t)
		p := compileRapid(t, build(rows, nil), o)
		g := mergeAll(p, len(rows), nil)
		m := p.Merger()
		for i, a := range p.Attributes() {
			var got, want []uint32
			for _, c := range m.Explain(members(len(rows)), a.Name, nil) {
				if c.Survived && c.Code != 0 {
					got = append(got, c.Slot)
				}
				if c.Survived == (c.LostOn != "") {
					t.Fatalf("%s: survived %v and lost on %q", a.Name, c.Survived, c.LostOn)
				}
			}
			for _, v := range g.Of(i) {
				want = append(want, v.Slot)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s: explained survivors at slots %d, merged at %d", a.Name, got, want)
			}
		}
	})
}

func TestMergeAllocatesNothingOnceWarm(t *testing.T) {
	rows := benchRows(40)
	p := compile(t, build(rows, nil), Options{})
	m, ids := p.Merger(), members(len(rows))
	var g Golden
	var points []ContactPoint
	run := func() {
		m.Merge(ids, nil, &g)
		points = m.ContactPoints(ids, nil, points[:0])
	}
	run()
	if n := testing.AllocsPerRun(100, run); n != 0 {
		t.Errorf("%v allocations per cluster, want 0", n)
	}
}

func benchRows(n int) []row {
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{[]string{"crm", "shop", "loyalty"}[i%3], fmt.Sprint(i), int64(i % 7), map[attribute.Name][]string{
			attribute.GivenName: {[]string{"Ana", "ANA", "Anna"}[i%3]}, attribute.FamilyName: {"Cruz"},
			attribute.Email: {fmt.Sprintf("ana%d@example.org", i%4)}, attribute.Phone: {"+4930123456"},
			attribute.Street: {"High St"}, attribute.City: {"York"}, attribute.Postcode: {fmt.Sprintf("YO%d", i%2)},
			attribute.BirthDate: {"1980-02-03"}, attribute.Device: {fmt.Sprint("device", i)},
		}}
	}
	return rows
}

func BenchmarkMerge(b *testing.B) {
	for _, n := range []int{1, 3, 30} {
		rows := benchRows(n)
		p := compile(b, build(rows, nil), Options{})
		m, ids := p.Merger(), members(n)
		var g Golden
		b.Run(fmt.Sprintf("members=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				m.Merge(ids, nil, &g)
			}
		})
	}
}
