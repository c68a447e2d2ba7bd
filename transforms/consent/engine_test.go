package consent

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	schema "concord/schemas/consent"
)

// A contact point that more profiles hold than are decided one by one gets
// the same meet.
func TestCrowdedContactPointsGetTheMeet(t *testing.T) {
	denied := 0
	for n := range max(*cases/100, 100) {
		d := seed(uint64(n))
		s := randomScenario(d)
		for range maxHolders + 1 + d.roll(3) {
			r := record{anchors: []schema.Anchor{s.focus.Anchor}, jurisdiction: s.records[0].jurisdiction, minority: s.records[0].minority}
			if d.roll(4) == 0 {
				r.anchors = append(r.anchors, pick(d, testAnchors...))
			}
			s.records = append(s.records, r)
		}
		s.split(s.finest())
		f := s.engine(t, s.requests)
		if id, held := f.ids[s.focus.Anchor]; !held || len(f.e.crowded[id.Index()]) != len(s.requests)*f.e.slots() {
			t.Fatal("nothing is crowded")
		}
		s.each(func(p int, a schema.Anchor, r int) {
			want := s.want(p, a, r)
			got := f.decide(p, a, r)
			if show(got) != show(want) {
				t.Fatalf("case %d: %+v\nengine    %s\nreference %s", n, s.requests[r], show(got), show(want))
			}
			if len(got.Reasons) == 1 && got.Reasons[0] == schema.SharedContactPoint {
				denied++
			}
		})
	}
	if denied == 0 {
		t.Fatal("no meet ever denied: the test does not test")
	}
}

func TestNewEngineRefusesUnknownPurposes(t *testing.T) {
	log := NewBuilder(schema.DefaultPolicy()).Log()
	clusters := &Clustering{}
	clusters.Seal()
	_, err := NewEngine(log, clusters, []Request{{Controller: "N", Purpose: "marketing.comunications.email"}}, Options{})
	var unknown *schema.UnknownPurposeError
	if !errors.As(err, &unknown) || unknown.Nearest != "marketing.communications" {
		t.Fatalf("got %v", err)
	}
	_, err = NewEngine(log, clusters, []Request{{Purpose: "marketing.communications.email", Channel: schema.BySMS}}, Options{})
	if err == nil {
		t.Fatal("a purpose and a channel that contradict each other must be refused")
	}
}

func TestLogFindsItsAnchors(t *testing.T) {
	b := NewBuilder(schema.DefaultPolicy())
	const n = 500
	for i := range n {
		e := benchEvent(i, "marketing.communications", schema.ByEmail, schema.Given)
		if err := b.Add(&e); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Suppress(&schema.Suppression{Anchor: testAnchor(schema.Phone, "listed"), From: schema.NoTime}); err != nil {
		t.Fatal(err)
	}
	log := b.Log()
	if log.Anchors() != n+1 || log.Events() != n {
		t.Fatalf("%d anchors, %d events", log.Anchors(), log.Events())
	}
	for i := range n {
		a := benchAnchor(i)
		id, ok := log.ID(a)
		if !ok || id.Kind() != a.Kind || log.anchors[id.Index()] != a {
			t.Fatalf("anchor %d is not found", i)
		}
	}
	if _, ok := log.ID(testAnchor(schema.Email, "listed")); ok {
		t.Error("found an anchor of another kind")
	}
	if _, ok := NewBuilder(schema.DefaultPolicy()).Log().ID(benchAnchor(1)); ok {
		t.Error("found an anchor in an empty log")
	}
}

func TestBuilderRefusesIncompleteEvents(t *testing.T) {
	b := NewBuilder(schema.DefaultPolicy())
	e := benchEvent(1, "marketing.communications", schema.ByEmail, schema.Given)
	e.Purpose, e.ValidUntil = "shoes", 0
	err := b.Add(&e)
	if err == nil || !strings.Contains(err.Error(), "purpose") || !strings.Contains(err.Error(), "valid_until") || strings.Contains(err.Error(), "shoes") {
		t.Fatalf("got %v", err)
	}
	if err := b.Suppress(&schema.Suppression{}); err == nil {
		t.Fatal("a suppression of nothing must be refused")
	}
}

// permitWorld is one profile with two addresses, one of which consented.
func permitWorld() *world {
	w := &world{policy: schema.DefaultPolicy(), asOf: epoch + 10*month}
	e := benchEvent(0, "marketing.communications", schema.ByEmail, schema.Given)
	e.Notice.Version, e.Evidence = "v3", "form/17"
	w.events = []schema.Event{e}
	w.profiles = []profile{{anchors: []schema.Anchor{benchAnchor(0), benchAnchor(3)}, jurisdictions: []string{"FR"}}}
	return w
}

func TestPermit(t *testing.T) {
	w := permitWorld()
	f := w.engine(t, []Request{{Controller: "N", Purpose: "marketing.communications.email"}})
	yes, no := f.ids[benchAnchor(0)], f.ids[benchAnchor(3)]
	allowed := make([]bool, 2)
	flag := f.d.Permit(0, 0, allowed)
	if !flag.Allowed || flag.ValidUntil != w.events[0].Time.Lo+730*86400*1e6 {
		t.Fatalf("flag %+v", flag)
	}
	for i, a := range f.e.clusters.Anchors(0) {
		if allowed[i] != (a == yes) {
			t.Errorf("anchor %d: %v", i, allowed[i])
		}
	}
	if !f.d.Record(0, []AnchorID{no, yes}, 0) || f.d.Record(0, []AnchorID{no}, 0) || f.d.Record(0, nil, 0) {
		t.Error("a record is shown iff one of its own anchors permits")
	}
	w.asOf += 30 * month
	f = w.engine(t, f.e.Requests())
	if flag := f.d.Permit(0, 0, allowed); flag.Allowed || flag.ValidUntil != schema.Forever || allowed[0] || allowed[1] {
		t.Fatalf("after its time: %+v", flag)
	}
}

func TestExplain(t *testing.T) {
	w := permitWorld()
	other := benchEvent(3, "marketing", schema.AnyChannel, schema.Withdrawn)
	far := benchEvent(3, "analytics", schema.AnyChannel, schema.Withdrawn)
	w.events = append(w.events, other, far)
	f := w.engine(t, []Request{{Controller: "N", Purpose: "marketing.communications.email"}})
	x := f.d.Explain(0, f.ids[benchAnchor(0)], 0)
	if !x.Verdict.Allowed || len(x.Grounds) != 1 || x.Grounds[0].Code != "granted" || x.Grounds[0].Change == "" {
		t.Fatalf("%+v", x)
	}
	if len(x.Events) != 2 || !x.Events[0].Own || !x.Events[0].Decides || x.Events[0].NoticeVersion != "v3" || x.Events[1].Own || x.Events[1].Decides {
		t.Fatalf("events %+v", x.Events)
	}
	var r Result
	f.d.Decide(0, f.ids[benchAnchor(0)], 0, &r)
	if version, evidence := f.e.Evidence(&r); version != "v3" || evidence != "form/17" {
		t.Errorf("evidence %q %q", version, evidence)
	}
	v, err := Decide(f.e.log, f.e.clusters, 0, f.ids[benchAnchor(3)], f.e.Requests()[0], Options{AsOf: w.asOf})
	if err != nil || v.Allowed || v.State != schema.Withdrawn || len(v.Deciding) != 1 || v.Deciding[0] != other.ID() {
		t.Errorf("%+v %v", v, err)
	}
}

func TestLinkDenied(t *testing.T) {
	denial := benchEvent(0, "operations", schema.AnyChannel, schema.Objected)
	grant := benchEvent(0, LinkPurpose, schema.AnyChannel, schema.Given)
	grant.Time = schema.Interval{Lo: denial.Time.Hi + month, Hi: denial.Time.Hi + month}
	// Linking compares whatever a record holds: a denial of any of it counts, and a
	// consent only if it is for all.
	someDenial, someGrant := denial, grant
	someDenial.Categories, someGrant.Categories = []string{"user.behavior"}, []string{"user.name"}
	tests := []struct {
		name   string
		events []schema.Event
		needs  bool
		denied bool
	}{
		{"nothing said", nil, false, false},
		{"nothing said, consent is the basis", nil, true, true},
		{"denied", []schema.Event{denial}, false, true},
		{"denied, then granted", []schema.Event{denial, grant}, false, false},
		{"granted", []schema.Event{grant}, true, false},
		{"denied for some data", []schema.Event{someDenial}, false, true},
		{"denied, then granted for some data", []schema.Event{denial, someGrant}, false, true},
		{"granted for some data", []schema.Event{someGrant}, true, true},
		{"denied for some data, then granted", []schema.Event{someDenial, grant}, false, false},
	}
	for _, tt := range tests {
		w := &world{policy: schema.DefaultPolicy(), events: tt.events, profiles: []profile{{anchors: []schema.Anchor{benchAnchor(0)}}}}
		f := w.engine(t, nil)
		l := f.e.log.Linker(Linking{Controller: "N", NeedsGrant: tt.needs, AsOf: epoch + 10*month})
		if got := l.LinkDenied(f.ids[benchAnchor(0)], w.policy.Jurisdiction("FR"), schema.Adult); got != tt.denied {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// benchAnchor is anchor i of a large log: kinds in turn, hashes spread.
func benchAnchor(i int) schema.Anchor {
	kind := []schema.Kind{schema.Email, schema.Phone, schema.Device}[i%3]
	a := schema.Anchor{Kind: kind}
	binary.BigEndian.PutUint64(a.Hash[:], uint64(i+1)*0x9e3779b97f4a7c15)
	return a
}

func benchEvent(i int, purpose string, ch schema.Channel, s schema.State) schema.Event {
	lo := epoch + int64(i%7)*month
	return schema.Event{
		Cell:  schema.Cell{Anchor: benchAnchor(i), Controller: "N", Purpose: purpose, Channel: ch},
		State: s, Time: schema.Interval{Lo: lo, Hi: lo + month/30}, ValidUntil: schema.Forever, ConfirmedAt: schema.NoTime,
	}
}

// benchEngine is n profiles of three anchors each, two to three events an
// anchor, one profile in sixteen sharing an anchor, and twenty requests.
func benchEngine(b testing.TB, n int) *Engine {
	build := NewBuilder(schema.DefaultPolicy())
	purposes := []string{"analytics.reporting", "personalize", "third_party_sharing", "marketing"}
	add := func(e schema.Event) {
		if err := build.Add(&e); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 3 * n {
		channel := []schema.Channel{schema.ByEmail, schema.BySMS, schema.ByPush}[i%3]
		add(benchEvent(i, "marketing.communications", channel, schema.Given))
		e := benchEvent(i, purposes[i%4], schema.AnyChannel, schema.Given)
		e.Brand = []string{"north", "south"}[i%2]
		add(e)
		switch i % 5 {
		case 0:
			add(benchEvent(i, "marketing.communications", channel, schema.Withdrawn))
		case 1:
			o := benchEvent(i, purposes[(i/5)%4], schema.AnyChannel, schema.Objected)
			o.Scope = schema.PersonScope
			add(o)
		}
	}
	log := build.Log()
	clusters := &Clustering{}
	places := []string{"FR", "DE", "GB", "US-CA", "US-NY"}
	for k := range n {
		var anchors []AnchorID
		for j := range 3 {
			i := 3*k + j
			if j == 0 && k%16 == 0 && k > 0 {
				i = 3 * (k - 1)
			}
			id, _ := log.ID(benchAnchor(i))
			anchors = append(anchors, id)
		}
		set := log.Policy().Jurisdiction(places[k%5]) | log.Policy().Jurisdiction(places[k%7%5])
		clusters.Add(anchors, set, schema.Adult)
	}
	clusters.Seal()
	var requests []Request
	for _, brand := range []string{"north", "south"} {
		for _, p := range []string{
			"marketing.communications.email", "marketing.communications.sms", "marketing.communications.push", "analytics.reporting",
			"analytics.audience", "personalize", "personalize.recommendations", "third_party_sharing", "marketing.enrichment",
		} {
			requests = append(requests, Request{Controller: "N", Brand: brand, Purpose: p})
		}
	}
	requests = append(requests,
		Request{Controller: "N", Purpose: "essential.service", Basis: schema.BasisContract},
		Request{Controller: "N", Purpose: "operations", Basis: schema.BasisLegitimateInterests})
	e, err := NewEngine(log, clusters, requests, Options{AsOf: epoch + 10*month})
	if err != nil {
		b.Fatal(err)
	}
	return e
}

func TestDecideAllocatesNothing(t *testing.T) {
	e := benchEngine(t, 200)
	d := e.Decider()
	var r Result
	everything := func() {
		for k := range e.clusters.Len() {
			for _, a := range e.clusters.Anchors(ClusterID(k)) {
				for q := range e.questions {
					d.Decide(ClusterID(k), a, q, &r)
				}
			}
		}
	}
	everything()
	if n := testing.AllocsPerRun(3, everything); n > 0 {
		t.Errorf("%v allocations over %d clusters", n, e.clusters.Len())
	}
}

// BenchmarkDecide measures one cell: a request for an anchor of a profile.
func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("profiles=%d", n), func(b *testing.B) {
			e := benchEngine(b, n)
			d := e.Decider()
			var r Result
			b.ReportAllocs()
			b.ResetTimer()
			allowed, cells := 0, 0
			for k := 0; cells < b.N; k = (k + 1) % n {
				for _, a := range e.clusters.Anchors(ClusterID(k)) {
					for q := range e.questions {
						d.Decide(ClusterID(k), a, q, &r)
						cells++
						if r.Allowed {
							allowed++
						}
					}
				}
			}
			b.ReportMetric(float64(allowed)/float64(cells), "allowed/cell")
		})
	}
}

// BenchmarkProfile measures one profile: its flags for twenty requests, over
// all its anchors.
func BenchmarkProfile(b *testing.B) {
	const n = 100_000
	e := benchEngine(b, n)
	d := e.Decider()
	allowed := make([]bool, 3)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		k := ClusterID(i % n)
		for q := range e.questions {
			d.Permit(k, q, allowed[:len(e.clusters.Anchors(k))])
		}
	}
}

func BenchmarkHasher(b *testing.B) {
	h, err := NewHasher(testKey)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for range b.N {
		h.Anchor(schema.Email, "someone.or.other@example.org")
	}
}
