package consent

import (
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	schema "concord/schemas/consent"
)

// dice is where random worlds come from: a seeded generator where millions
// are wanted, rapid where a failure should shrink.
type dice interface{ roll(n int) int }

type seeded struct{ r *rand.Rand }

func (s seeded) roll(n int) int { return s.r.IntN(n) }

func seed(n uint64) dice { return seeded{rand.New(rand.NewPCG(n, 2026))} }

type shrinking struct{ t *rapid.T }

func (s shrinking) roll(n int) int { return rapid.IntRange(0, n-1).Draw(s.t, "roll") }

func pick[T any](d dice, from ...T) T { return from[d.roll(len(from))] }

// month is the unit of random times: coarse, so that ties and refresh
// periods both happen.
const month = int64(30 * 86400 * 1e6)

const epoch = int64(1_600_000_000_000_000) // September 2020

var (
	testAnchors = []schema.Anchor{
		testAnchor(schema.Email, "a"), testAnchor(schema.Email, "b"), testAnchor(schema.Phone, "c"),
		testAnchor(schema.Device, "d"), testAnchor(schema.Account, "e"),
	}
	testPurposes = []string{
		"marketing.communications", "marketing", "marketing.enrichment", "analytics.reporting", "analytics", "third_party_sharing",
	}
	testChannels = []schema.Channel{schema.ByEmail, schema.AnyChannel, schema.BySMS}
)

var testPolicy = sync.OnceValue(func() *schema.Policy {
	data, err := os.ReadFile("testdata/policy.json")
	if err != nil {
		panic(err)
	}
	p, err := schema.LoadPolicy(data, schema.DefaultRegistry())
	if err != nil {
		panic(err)
	}
	return p
})

// record is what clusters are made of.
type record struct {
	anchors      []schema.Anchor
	jurisdiction string
	minority     schema.Minority
}

// scenario is a random world, its records, and the requests to ask.
type scenario struct {
	world
	records  []record
	requests []Request
	focus    *schema.Cell
	// namesData tells that some events are about some kinds of data only.
	namesData bool
}

// testCategories are the kinds of data that events name and requests ask about.
var testCategories = []string{
	"user.behavior", "user.behavior.purchase_history", "user.contact.email", "user.contact", "user.demographic.gender", "user",
}

// random is a random event of the scenario.
func (s *scenario) random(d dice, places []string) schema.Event {
	e := randomEvent(d, places, s.focus, s.events)
	if s.namesData && d.roll(2) == 0 {
		for range 1 + d.roll(2) {
			e.Categories = append(e.Categories, pick(d, testCategories...))
		}
	}
	return e
}

// want is the reference's answer to request r.
func (s *scenario) want(p int, a schema.Anchor, r int) schema.Verdict {
	w := s.world
	w.category, w.shows = s.requests[r].Category, s.requests[r].Shows
	return variant{}.decide(&w, p, cellOf(a, s.requests[r]), s.requests[r].Basis)
}

func randomTime(d dice) int64 { return epoch + int64(d.roll(20))*month }

// randomCell is most often near a focus, so that events and questions meet.
func randomCell(d dice, focus *schema.Cell) schema.Cell {
	c := schema.Cell{
		Anchor: pick(d, testAnchors...), Controller: pick(d, "N", "N", "M"), Brand: pick(d, "x", "y", ""),
		Purpose: pick(d, testPurposes...), Channel: pick(d, testChannels...),
	}
	if focus == nil {
		return c
	}
	if d.roll(4) > 0 {
		c.Anchor = focus.Anchor
	}
	if d.roll(16) > 0 {
		c.Controller = focus.Controller
	}
	if d.roll(6) > 0 {
		c.Brand = focus.Brand
	}
	if d.roll(4) > 0 {
		c.Purpose = focus.Purpose
	}
	if d.roll(6) > 0 {
		c.Channel = focus.Channel
	}
	return c
}

func randomFocus(d dice) *schema.Cell {
	c := randomCell(d, nil)
	switch c.Channel {
	case schema.ByEmail:
		c.Anchor = pick(d, testAnchors[:2]...)
	case schema.BySMS:
		c.Anchor = testAnchors[2]
	}
	return &c
}

func randomEvent(d dice, places []string, focus *schema.Cell, earlier []schema.Event) schema.Event {
	lo := randomTime(d)
	e := schema.Event{
		Cell:  randomCell(d, focus),
		State: schema.State(d.roll(11)), Time: schema.Interval{Lo: lo, Hi: lo + int64(d.roll(3))*month},
		Received: randomTime(d), ValidUntil: schema.Forever, ConfirmedAt: schema.NoTime,
		Jurisdiction: pick(d, "", "", "", pick(d, places...)),
	}
	if d.roll(2) == 0 {
		e.State = pick(d, schema.Given, schema.Renewed)
	}
	if d.roll(4) == 0 {
		e.Scope = pick(d, schema.PersonScope, schema.ControllerScope)
	}
	if d.roll(4) == 0 {
		e.ValidUntil = e.Time.Lo + int64(1+d.roll(20))*month
	}
	if d.roll(2) == 0 {
		e.ConfirmedAt = e.Time.Lo + int64(d.roll(3))*month
	}
	if d.roll(5) == 0 {
		e.Basis = pick(d, schema.BasisLegitimateInterests, schema.BasisContract)
	}
	if d.roll(4) == 0 {
		e.ExpressedBy = schema.Guardian
	}
	if d.roll(6) == 0 {
		e.Notice.Covers = []string{pick(d, testPurposes...) + pick(d, "", "", ":email")}
	}
	if d.roll(3) == 0 {
		e.Ref = pick(d, "r1", "r2")
	}
	if len(earlier) > 0 && d.roll(3) == 0 {
		e.Supersedes = []string{pick(d, "r1", "r2", earlier[d.roll(len(earlier))].ID().String())}
	}
	return e
}

func randomScenario(d dice) *scenario {
	s := &scenario{focus: randomFocus(d)}
	places := []string{"", "AA", "BB", "CC", "DD"}
	s.policy = testPolicy()
	if d.roll(2) == 0 {
		places = []string{"US", "US-NY", "GB", "FR", "DE", "CA", ""}
		s.policy = schema.DefaultPolicy()
	}
	s.asOf = randomTime(d) + int64(d.roll(3))*month/2
	s.noFeed = d.roll(40) == 0
	s.namesData = d.roll(4) == 0
	for range 1 + d.roll(4) {
		r := record{jurisdiction: pick(d, places...), minority: pick(d, schema.Adult, schema.Adult, schema.Adult, schema.Adult, schema.Minor, schema.Child)}
		for range 1 + d.roll(2) {
			r.anchors = append(r.anchors, pick(d, s.focus.Anchor, pick(d, testAnchors...)))
		}
		s.records = append(s.records, r)
	}
	for range d.roll(9) {
		s.events = append(s.events, s.random(d, places))
	}
	if d.roll(5) == 0 {
		s.suppressions = append(s.suppressions, randomSuppression(d))
	}
	s.topic = pick(d, "", "", "shoes")
	for range pick(d, 0, 0, 1, 3) {
		s.preferences = append(s.preferences, randomPreference(d, s.focus))
	}
	for range 3 {
		c := randomCell(d, s.focus)
		s.requests = append(s.requests, Request{Controller: c.Controller, Brand: c.Brand, Purpose: c.Purpose, Channel: c.Channel, Basis: pick(d, bases...)})
		if s.namesData && d.roll(3) == 0 {
			s.requests[len(s.requests)-1].Category = pick(d, testCategories...)
		} else if s.namesData && d.roll(2) == 0 {
			n := d.roll(len(testCategories))
			s.requests[len(s.requests)-1].Shows = slices.Sorted(slices.Values(testCategories[n:min(n+1+d.roll(3), len(testCategories))]))
		}
	}
	s.split(s.finest())
	return s
}

func randomPreference(d dice, focus *schema.Cell) schema.Preference {
	lo := randomTime(d)
	p := schema.Preference{Cell: randomCell(d, focus), Time: schema.Interval{Lo: lo, Hi: lo + int64(d.roll(3))*month}}
	switch d.roll(5) {
	case 0:
		p.Frequency = schema.Frequency(1 + d.roll(6))
	case 1, 2:
		p.Topic, p.Chosen = pick(d, "shoes", "hats"), true
	default:
		p.Topic, p.Declined = pick(d, "shoes", "hats"), true
	}
	return p
}

// bases are weighed towards consent, where there is most to decide.
var bases = []schema.Basis{
	schema.BasisConsent, schema.BasisConsent, schema.BasisConsent, schema.BasisConsent,
	schema.BasisLegitimateInterests, schema.BasisContract,
}

func randomSuppression(d dice) schema.Suppression {
	return schema.Suppression{
		Anchor: pick(d, testAnchors...), Controller: pick(d, "", "N"), Kind: schema.SuppressionKind(d.roll(4)),
		Scope: pick(d, schema.AnchorScope, schema.AnchorScope, schema.PersonScope), From: pick(d, schema.NoTime, randomTime(d)),
	}
}

// finest puts every record into a cluster of its own.
func (s *scenario) finest() []int {
	labels := make([]int, len(s.records))
	for i := range labels {
		labels[i] = i
	}
	return labels
}

// split groups the records by label into profiles.
func (s *scenario) split(labels []int) { s.profiles = s.group(labels) }

func (s *scenario) group(labels []int) (profiles []profile) {
	at := map[int]int{}
	for i, r := range s.records {
		p, ok := at[labels[i]]
		if !ok {
			p = len(profiles)
			at[labels[i]] = p
			profiles = append(profiles, profile{})
		}
		g := &profiles[p]
		for _, a := range r.anchors {
			if !slices.Contains(g.anchors, a) {
				g.anchors = append(g.anchors, a)
			}
		}
		g.jurisdictions = append(g.jurisdictions, r.jurisdiction)
		g.minority = max(g.minority, r.minority)
	}
	return profiles
}

// coarser merges some of the groups.
func coarser(d dice, labels []int) []int {
	into := make([]int, len(labels))
	for i := range into {
		into[i] = d.roll(len(labels))
	}
	merged := make([]int, len(labels))
	for i, l := range labels {
		merged[i] = into[l]
	}
	return merged
}

// each asks every request for every anchor of every profile.
func (s *scenario) each(ask func(p int, a schema.Anchor, r int)) {
	for p := range s.profiles {
		for _, a := range s.profiles[p].anchors {
			for r := range s.requests {
				ask(p, a, r)
			}
		}
	}
}

// The engine and the reference agree on everything a verdict says, and the
// worlds between them give every reason there is.
func TestEngineEqualsReference(t *testing.T) {
	seen := map[schema.Reason]int{}
	check := func(t tester, d dice) {
		s := randomScenario(d)
		s.split(coarser(d, s.finest()))
		f := s.engine(t, s.requests)
		s.each(func(p int, a schema.Anchor, r int) {
			want := s.want(p, a, r)
			got := f.decide(p, a, r)
			if show(got) != show(want) {
				t.Fatalf("%+v on %v of profile %d\nengine    %s\nreference %s", s.requests[r], a.Kind, p, show(got), show(want))
			}
			for _, reason := range got.Reasons {
				seen[reason]++
			}
		})
	}
	t.Run("shrinking", rapid.MakeCheck(func(t *rapid.T) { check(t, shrinking{t}) }))
	t.Run("seeded", func(t *testing.T) { forCases(t, check) })
	for _, x := range schema.Reasons() {
		if seen[x.Reason] == 0 {
			t.Errorf("no world gave the reason %s", x.Code)
		}
	}
	t.Log(seen)
}
