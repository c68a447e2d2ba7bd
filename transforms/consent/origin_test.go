package consent

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	schema "concord/schemas/consent"
)

// The log names the first delivery of an event by channel, object and row,
// and lists every event once, whatever the order and however often they came.
func TestLogKnowsWhereEventsWereRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type delivery struct {
			event  int
			source schema.Source
		}
		count := rapid.IntRange(1, 4).Draw(t, "events")
		var all []delivery
		first := map[int]schema.Source{}
		for e := range count {
			for range rapid.IntRange(1, 3).Draw(t, "deliveries") {
				s := schema.Source{
					Channel: rapid.SampledFrom([]string{"app", "web"}).Draw(t, "channel"),
					Object:  rapid.SampledFrom([]string{"a.csv", "b.csv"}).Draw(t, "object"),
					Row:     uint64(rapid.IntRange(1, 9).Draw(t, "row")),
				}
				all = append(all, delivery{e, s})
				if have, ok := first[e]; !ok || place(s) < place(have) {
					first[e] = s
				}
			}
		}
		all = rapid.Permutation(all).Draw(t, "order")
		b := NewBuilder(schema.DefaultPolicy())
		id := map[schema.EventID]int{}
		for _, d := range all {
			e := schema.Event{
				Cell:  schema.Cell{Anchor: schema.Anchor{Kind: schema.Email, Hash: [32]byte{1, byte(d.event % 2)}}, Controller: "c", Purpose: "essential.service"},
				State: schema.Given, Time: schema.Interval{Lo: int64(d.event + 1), Hi: int64(d.event + 1)},
				ValidUntil: schema.Forever, ConfirmedAt: schema.NoTime, Source: d.source,
			}
			id[e.ID()] = d.event
			if err := b.Add(&e); err != nil {
				t.Fatal(err)
			}
		}
		var seen []int
		err := b.Log().Each(func(e *LoggedEvent) error {
			n := id[e.ID]
			seen = append(seen, n)
			if e.Source != first[n] || e.Anchor.Hash[1] != byte(n%2) || e.Time.Lo != int64(n+1) || e.State != schema.Given {
				t.Fatalf("event %d is told as %+v, first read at %+v", n, e, first[n])
			}
			return nil
		})
		slices.Sort(seen)
		if err != nil || len(seen) != count || seen[0] != 0 || seen[count-1] != count-1 {
			t.Fatalf("the log lists %v of %d events: %v", seen, count, err)
		}
	})
}

func place(s schema.Source) string { return fmt.Sprintf("%s %s %09d", s.Channel, s.Object, s.Row) }
