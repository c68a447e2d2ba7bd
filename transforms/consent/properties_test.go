package consent

import (
	"flag"
	"math"
	"slices"
	"testing"

	schema "concord/schemas/consent"
)

var cases = flag.Int("consent.cases", 10_000, "random cases of each consent property")

// tester is what a check needs of *testing.T, *testing.B and *rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Fatal(args ...any)
}

// forCases runs a check over seeded worlds.
func forCases(t *testing.T, check func(tester, dice)) {
	t.Helper()
	for n := range *cases {
		check(caseT{t, n}, seed(uint64(n)))
	}
}

// caseT names the seed of a failing case.
type caseT struct {
	tester
	n int
}

func (c caseT) Fatalf(format string, args ...any) {
	c.Helper()
	c.tester.Fatalf("case %d: "+format, append([]any{c.n}, args...)...)
}

// answers is every verdict of a scenario, by profile, anchor and request.
func (s *scenario) answers(f *fast) map[[3]any]schema.Verdict {
	all := map[[3]any]schema.Verdict{}
	s.each(func(p int, a schema.Anchor, r int) { all[[3]any{p, a, r}] = f.decide(p, a, r) })
	return all
}

// verdicts is every verdict by anchor and request. Whether a cell is allowed
// is the same whichever of its holders asks, and it is checked here.
func (s *scenario) verdicts(t tester, f *fast) map[[2]any]schema.Verdict {
	all := map[[2]any]schema.Verdict{}
	s.each(func(p int, a schema.Anchor, r int) {
		v := f.decide(p, a, r)
		if was, ok := all[[2]any{a, r}]; ok && was.Allowed != v.Allowed {
			t.Fatalf("two holders of %v disagree on %+v", a.Kind, s.requests[r])
		}
		all[[2]any{a, r}] = v
	})
	return all
}

// within tells whether one verdict permits no more than another: neither a use
// nor a kind of data.
func within(v, of schema.Verdict) bool {
	is, was := permittedData(v), permittedData(of)
	return !v.Allowed || of.Allowed && is.Union(was) == was
}

// permittedData is the kinds of data that an ALLOW is for.
func permittedData(v schema.Verdict) schema.CategorySet {
	if v.Categories != nil && len(v.Categories) == 0 { // a contact point alone
		return schema.CategorySet{}
	}
	return schema.DefaultRegistry().BelowCategories(v.Categories)
}

func shuffle[T any](d dice, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := d.roll(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}

// T1: order, repeats and arrival change nothing, down to the bytes.
func TestT1OrderAndRepeatsChangeNothing(t *testing.T) {
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		s.split(coarser(d, s.finest()))
		before := s.answers(s.engine(t, s.requests))
		again := *s
		again.events = slices.Clone(s.events)
		for range d.roll(3) {
			if len(s.events) > 0 {
				again.events = append(again.events, s.events[d.roll(len(s.events))])
			}
		}
		shuffle(d, again.events)
		for i := range again.events {
			again.events[i].Received = randomTime(d)
			again.events[i].Source = schema.Source{Object: "elsewhere", Row: uint64(d.roll(9))}
		}
		again.profiles = slices.Clone(s.profiles)
		for i := range again.profiles {
			again.profiles[i].anchors = slices.Clone(again.profiles[i].anchors)
			shuffle(d, again.profiles[i].anchors)
		}
		f := again.engine(t, s.requests)
		s.each(func(p int, a schema.Anchor, r int) {
			if x, y := show(before[[3]any{p, a, r}]), show(f.decide(p, a, r)); x != y {
				t.Fatalf("%+v\nbefore %s\nafter  %s", s.requests[r], x, y)
			}
		})
	})
}

// T2: merging never widens.
func TestT2MergingNeverWidens(t *testing.T) {
	allowed := 0
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		fine := coarser(d, s.finest())
		s.split(fine)
		p := s.verdicts(t, s.engine(t, s.requests))
		s.split(coarser(d, fine))
		for key, v := range s.verdicts(t, s.engine(t, s.requests)) {
			if v.Allowed {
				allowed++
				if !within(v, p[key]) {
					t.Fatalf("%+v: was %s, merged %s", s.requests[key[1].(int)], show(p[key]), show(v))
				}
			}
		}
	})
	if allowed < *cases/2 {
		t.Fatalf("only %d cells were allowed in %d cases: the test hardly tests", allowed, *cases)
	}
}

// T3: merging and splitting again restores the same bytes.
func TestT3UnmergingRestoresTheBytes(t *testing.T) {
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		f := s.engine(t, s.requests)
		before, apart := s.answers(f), s.profiles
		s.split(coarser(d, s.finest()))
		s.answers(s.cluster(t, f.e.log, s.requests))
		s.profiles = apart
		after := s.answers(s.cluster(t, f.e.log, s.requests))
		for key := range before {
			if show(before[key]) != show(after[key]) {
				t.Fatalf("%v: before %s, after %s", key[2], show(before[key]), show(after[key]))
			}
		}
	})
}

// T4: adding a denial never permits anything.
func TestT4DenialNeverPermits(t *testing.T) {
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		s.split(coarser(d, s.finest()))
		before := s.verdicts(t, s.engine(t, s.requests))
		e := s.random(d, []string{"", "DE", "US", "AA", "CC"})
		e.State = pick(d, schema.Refused, schema.Withdrawn, schema.Objected, schema.Expired, schema.Terminated, schema.Invalidated)
		s.events = append(s.events, e)
		for key, v := range s.verdicts(t, s.engine(t, s.requests)) {
			if !within(v, before[key]) {
				t.Fatalf("%+v: was %s, with a denial %s", s.requests[key[1].(int)], show(before[key]), show(v))
			}
		}
	})
}

// T5: adding a grant changes only its own cell, and cells blocked solely by
// denials on that same cell.
func TestT5GrantSpeaksForItsOwnCell(t *testing.T) {
	changed := 0
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		s.split(coarser(d, s.finest()))
		for i := range s.requests {
			// Whether some data may be used about the person may be blocked by
			// several denials; for one kind of data it is as for data in general.
			if s.namesData && s.requests[i].Category == "" && aboutPerson(&s.world, s.requests[i].Purpose) {
				s.requests[i].Category = pick(d, testCategories...)
			}
		}
		f := s.engine(t, s.requests)
		before := s.verdicts(t, f)
		grant := s.random(d, []string{"", "DE", "US", "AA", "CC"})
		grant.State = pick(d, schema.Given, schema.Renewed)
		if len(s.events) > 0 && d.roll(3) > 0 {
			grant.Cell = s.events[d.roll(len(s.events))].Cell
		}
		cells := map[schema.EventID]schema.Cell{}
		for i := range s.events {
			cells[s.events[i].ID()] = s.events[i].Cell
		}
		s.events = append(s.events, grant)
		for key, v := range s.verdicts(t, s.engine(t, s.requests)) {
			was := before[key]
			if v.Allowed == was.Allowed || cellOf(key[0].(schema.Anchor), s.requests[key[1].(int)]) == grant.Cell {
				continue
			}
			changed++
			elsewhere := slices.ContainsFunc(was.Deciding, func(id schema.EventID) bool { return cells[id] != grant.Cell })
			if !v.Allowed || len(was.Deciding) == 0 || elsewhere {
				t.Fatalf("%+v: was %s, with a grant on %+v %s", s.requests[key[1].(int)], show(was), grant.Cell, show(v))
			}
		}
	})
	if changed == 0 {
		t.Fatal("no grant ever lifted a denial elsewhere: the test does not test")
	}
}

// T6: with no new event, time only removes permission.
func TestT6TimeOnlyRemoves(t *testing.T) {
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		s.split(coarser(d, s.finest()))
		later := s.asOf + int64(1+d.roll(40))*month/2
		s.events = slices.DeleteFunc(s.events, func(e schema.Event) bool {
			return s.asOf < e.Time.Lo && e.Time.Lo <= later || s.asOf < e.ConfirmedAt && e.ConfirmedAt <= later
		})
		s.preferences = slices.DeleteFunc(s.preferences, func(p schema.Preference) bool { return s.asOf < p.Time.Lo && p.Time.Lo <= later })
		before := s.verdicts(t, s.engine(t, s.requests))
		s.asOf = later
		for key, v := range s.verdicts(t, s.engine(t, s.requests)) {
			if !within(v, before[key]) {
				t.Fatalf("%+v: was %s, later %s", s.requests[key[1].(int)], show(before[key]), show(v))
			}
		}
	})
}

// T7: suppression absorbs: whatever else is in the log, or comes into it.
func TestT7SuppressionAbsorbs(t *testing.T) {
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		s.split(coarser(d, s.finest()))
		bar := randomSuppression(d)
		bar.From = pick(d, schema.NoTime, s.asOf)
		s.suppressions = append(s.suppressions, bar)
		for range d.roll(4) {
			e := s.random(d, []string{""})
			e.Anchor = bar.Anchor
			s.events = append(s.events, e)
		}
		f := s.engine(t, s.requests)
		s.each(func(p int, a schema.Anchor, r int) {
			hit := a == bar.Anchor || bar.Reach() != schema.AnchorScope && slices.Contains(s.profiles[p].anchors, bar.Anchor)
			if hit && (bar.Controller == "" || bar.Controller == s.requests[r].Controller) && f.decide(p, a, r).Allowed {
				t.Fatalf("%+v is allowed under %+v", s.requests[r], bar)
			}
		})
	})
}

// An ALLOW holds from ValidFrom until ValidUntil, and, with nothing to come,
// not a moment longer.
func TestValidityIsTheTimeOfTheAllow(t *testing.T) {
	bounded := 0
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		s.split(coarser(d, s.finest()))
		f := s.engine(t, s.requests)
		s.each(func(p int, a schema.Anchor, r int) {
			v := f.decide(p, a, r)
			if !v.Allowed {
				return
			}
			at := func(asOf int64) bool {
				moved := s.world
				moved.asOf = asOf
				return within(v, moved.cluster(t, f.e.log, s.requests).decide(p, a, r))
			}
			from := max(v.ValidFrom, epoch-month)
			until := min(v.ValidUntil, epoch+200*month)
			for range 2 {
				when := from + int64(d.roll(math.MaxInt32))*((until-1-from)/math.MaxInt32)
				if !at(when) {
					t.Fatalf("%+v: %s, but not at %d", s.requests[r], show(v), when)
				}
			}
			if from > s.asOf || until <= s.asOf {
				t.Fatalf("as-of %d lies outside of %s", s.asOf, show(v))
			}
			if v.ValidUntil != schema.Forever && !s.toCome() {
				bounded++
				if at(v.ValidUntil) {
					t.Fatalf("%+v: %s, but allowed at the end", s.requests[r], show(v))
				}
			}
		})
	})
	if bounded == 0 {
		t.Fatal("no bounded permission was met: the test does not test")
	}
}

// A profile's flag is TRUE until ValidUntil, whatever happens in between to
// single anchors, and with nothing to come FALSE from then on.
func TestFlagValidUntilIsTheTimeOfTheFlag(t *testing.T) {
	bounded := 0
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		s.split(coarser(d, s.finest()))
		f := s.engine(t, s.requests)
		flags := func(asOf int64) [][]Flag {
			moved := s.world
			moved.asOf = asOf
			g := moved.cluster(t, f.e.log, s.requests)
			all := make([][]Flag, len(s.profiles))
			for p := range s.profiles {
				allowed := make([]bool, len(g.e.clusters.Anchors(ClusterID(p))))
				for r := range s.requests {
					all[p] = append(all[p], g.d.Permit(ClusterID(p), r, allowed))
				}
			}
			return all
		}
		for p, list := range flags(s.asOf) {
			for r, flag := range list {
				if !flag.Allowed || flag.ValidUntil == schema.Forever {
					continue
				}
				if flag.ValidUntil <= s.asOf {
					t.Fatalf("%+v: TRUE at %d until %d", s.requests[r], s.asOf, flag.ValidUntil)
				}
				for _, when := range []int64{flag.ValidUntil - 1, s.asOf + (flag.ValidUntil-1-s.asOf)/2} {
					if !flags(when)[p][r].Allowed {
						t.Fatalf("%+v: TRUE until %d, but not at %d", s.requests[r], flag.ValidUntil, when)
					}
				}
				if !s.toCome() && !s.namesData {
					bounded++
					if flags(flag.ValidUntil)[p][r].Allowed {
						t.Fatalf("%+v: TRUE until %d, and still then", s.requests[r], flag.ValidUntil)
					}
				}
			}
		}
	})
	if bounded == 0 {
		t.Fatal("no bounded flag was met: the test does not test")
	}
}

// toCome tells whether anything in the world is yet to happen.
func (s *scenario) toCome() bool {
	return slices.ContainsFunc(s.events, func(e schema.Event) bool { return e.Time.Lo > s.asOf || e.ConfirmedAt > s.asOf }) ||
		slices.ContainsFunc(s.suppressions, func(b schema.Suppression) bool { return b.From > s.asOf }) ||
		slices.ContainsFunc(s.preferences, func(p schema.Preference) bool { return p.Time.Lo > s.asOf })
}
