package consent

import (
	"fmt"
	"strings"
	"testing"
	"time"

	schema "concord/schemas/consent"
)

// testKey is a key for tests alone.
var testKey = []byte("0123456789abcdef0123456789abcdef")

func testParser(t testing.TB) *Parser {
	t.Helper()
	h, err := NewHasher(testKey)
	if err != nil {
		t.Fatal(err)
	}
	return &Parser{Registry: schema.DefaultRegistry(), Hasher: h, Controller: "Northwind", Brand: "north"}
}

// fields is a row written as "field=value" words; "_" stands for a space.
func fields(words string) Row {
	values := map[string]string{}
	for _, w := range strings.Fields(words) {
		k, v, _ := strings.Cut(w, "=")
		values[k] = strings.ReplaceAll(v, "_", " ")
	}
	return func(f Field) string { return values[strings.ReplaceAll(string(f), "_", "-")] }
}

const complete = "subject-kind=email subject-value=ann@example.org purpose=marketing.communications.email state=given event-time=2026-03-01"

func TestParseCompleteRow(t *testing.T) {
	p := testParser(t)
	r := p.Parse(fields(complete + " event-id=e1 valid-until=2027-01-01 confirmed-at=2026-03-02 jurisdiction=de notice-id=n1 notice-version=3" +
		" notice-purposes=marketing.communications.email;analytics method=web_form evidence=proof/7 supersedes=e0;x expressed-by=guardian data-categories=user.contact.email"))
	if len(r.Problems) > 0 || r.Hold || r.Unattributed {
		t.Fatalf("problems %v", r.Problems)
	}
	e := r.Event
	day := func(y int, m time.Month, d int) int64 { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).UnixMicro() }
	switch {
	case e.Anchor != p.Hasher.Anchor(schema.Email, "ann@example.org"), e.Controller != "Northwind", e.Brand != "north",
		e.Purpose != "marketing.communications", e.Channel != schema.ByEmail, e.State != schema.Given, e.Scope != schema.AnchorScope,
		e.Time != schema.Interval{Lo: day(2026, 3, 1), Hi: day(2026, 3, 2) - 1}, e.ValidUntil != day(2027, 1, 1),
		e.ConfirmedAt != day(2026, 3, 2), e.Jurisdiction != "DE", e.Notice.ID != "n1", e.Notice.Version != "3",
		fmt.Sprint(e.Notice.Covers) != "[marketing.communications:email analytics]", e.Method != "web form", e.Evidence != "proof/7",
		fmt.Sprint(e.Supersedes) != "[e0 x]", e.ExpressedBy != schema.Guardian, e.Ref != "e1":
		t.Fatalf("read as %+v", e)
	}
	if err := e.Validate(p.Registry); err != nil {
		t.Fatal(err)
	}
}

func TestParseProblemsNameTheField(t *testing.T) {
	tests := []struct {
		row, problems string
		hold          bool
	}{
		{"subject-value=a purpose=analytics state=given event-time=2026-03-01", "[subject_kind: missing]", false},
		{"subject-kind=email purpose=analytics state=withdrawn event-time=2026-03-01", "[subject_value: missing]", false},
		{"subject-kind=fax subject-value=a purpose=analytics state=given event-time=2026-03-01", "[subject_kind: unreadable]", false},
		{complete + " state=", "[state: missing]", true},
		{complete + " state=maybe", "[state: unreadable]", true},
		{complete + " purpose=marketting", "[purpose: unreadable]", false},
		{complete + " purpose=marketting state=withdrawn", "[purpose: unreadable]", true},
		{complete + " purpose=", "[purpose: missing]", false},
		{complete + " purpose=marketing.communications", "[channel: missing]", false},
		{complete + " channel=sms", "[channel: contradicts]", false},
		{complete + " channel=pigeon", "[channel: unreadable]", false},
		{complete + " event-time=", "[event_time: missing]", false},
		{complete + " event-time=03/01/2026", "[event_time: unreadable]", false},
		{complete + " event-time=2062-03-01", "[event_time: in_future]", false},
		{complete + " event-time=2062-03-01 state=withdrawn", "[event_time: in_future]", true},
		{complete + " valid-until=2026-03-01", "[valid_until: contradicts]", false},
		{complete + " valid-until=soon", "[valid_until: unreadable]", false},
		{complete + " confirmed-at=2026-02-01", "[confirmed_at: contradicts]", false},
		{complete + " confirmed=no confirmed-at=2026-04-01", "[confirmed_at: contradicts]", false},
		{complete + " confirmed=perhaps", "[confirmed: unreadable]", false},
		{complete + " legal-basis=whim", "[legal_basis: unreadable]", false},
		{complete + " scope=galaxy", "[scope: unreadable]", false},
		{complete + " jurisdiction=Elbonia", "[jurisdiction: unreadable]", false},
		{complete + " expressed-by=parrot", "[expressed_by: unreadable]", false},
		{complete + " data-categories=user.shoe_size", "[data_categories: unreadable]", false},
		{complete + " notice-purposes=everything", "[notice_purposes: unreadable]", false},
	}
	p := testParser(t)
	p.NotAfter = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	for _, tt := range tests {
		r := p.Parse(fields(tt.row))
		if fmt.Sprint(r.Problems) != tt.problems || r.Hold != tt.hold {
			t.Errorf("%s\nwant %s, hold %v\ngot  %v, hold %v", tt.row, tt.problems, tt.hold, r.Problems, r.Hold)
		}
	}
	p.Controller = ""
	if r := p.Parse(fields(complete)); fmt.Sprint(r.Problems) != "[controller: missing]" {
		t.Errorf("without a controller: %v", r.Problems)
	}
	if r := p.Parse(fields("purpose=analytics state=withdrawn event-time=2026-03-01")); r.Hold || !r.Unattributed {
		t.Error("a denial without a subject must be reported as unattributed")
	}
}

func TestParseScopes(t *testing.T) {
	tests := []struct {
		row   string
		scope schema.Scope
	}{
		{complete + " state=withdrawn", schema.AnchorScope},
		{complete + " state=objected", schema.PersonScope},
		{complete + " state=objected scope=anchor", schema.AnchorScope},
		{complete + " state=withdrawn method=GPC", schema.PersonScope},
		{complete + " state=do_not_sell", schema.PersonScope},
		{complete + " state=withdrawn subject-kind=account", schema.PersonScope},
		{complete + " state=given subject-kind=account", schema.AnchorScope},
		{complete + " state=withdrawn scope=controller", schema.ControllerScope},
	}
	p := testParser(t)
	for _, tt := range tests {
		if r := p.Parse(fields(tt.row)); r.Event.Scope != tt.scope || len(r.Problems) > 0 {
			t.Errorf("%s: scope %v, problems %v, want %v", tt.row, r.Event.Scope, r.Problems, tt.scope)
		}
	}
	r := p.Parse(fields(complete + " purpose=marketing.communications state=unsubscribed"))
	if len(r.Problems) > 0 || r.Event.Channel != schema.AnyChannel {
		t.Errorf("an unsubscribe without a channel: %v, problems %v", r.Event.Channel, r.Problems)
	}
}

func TestParseTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zone data here")
	}
	at := func(s string) int64 {
		when, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return when.UnixMicro()
	}
	tests := []struct {
		text   string
		zone   *time.Location
		lo, hi int64
	}{
		{"2026-03-01", nil, at("2026-03-01T00:00:00Z"), at("2026-03-02T00:00:00Z") - 1},
		{"20260301", nil, at("2026-03-01T00:00:00Z"), at("2026-03-02T00:00:00Z") - 1},
		// The day on which Germany put the clock forward had 23 hours.
		{"2026-03-29", berlin, at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z") - 1},
		{"2026-03-01T10:00:00Z", nil, at("2026-03-01T10:00:00Z"), at("2026-03-01T10:00:01Z") - 1},
		{"2026-03-01 10:00:00+01:00", nil, at("2026-03-01T09:00:00Z"), at("2026-03-01T09:00:01Z") - 1},
		{"2026-03-01T10:00", berlin, at("2026-03-01T09:00:00Z"), at("2026-03-01T09:01:00Z") - 1},
		{"2026-03-01T10:00:00.25Z", nil, at("2026-03-01T10:00:00.25Z"), at("2026-03-01T10:00:00.26Z") - 1},
		{"2026-03-01T10:00:00.123456789Z", nil, at("2026-03-01T10:00:00.123456Z"), at("2026-03-01T10:00:00.123456Z")},
	}
	for _, tt := range tests {
		got, ok := ParseTime(tt.text, tt.zone)
		if !ok || got != (schema.Interval{Lo: tt.lo, Hi: tt.hi}) {
			t.Errorf("%s: %v %v, want [%d, %d]", tt.text, got, ok, tt.lo, tt.hi)
		}
	}
	for _, bad := range []string{"", "01/02/2026", "1.2.2026", "2026-02-30", "1767225600", "2026-03-01T25:00:00Z"} {
		if got, ok := ParseTime(bad, nil); ok {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}

func TestSpellingsAreReachable(t *testing.T) {
	for w := range yeses {
		if noes[w] || token(w) != w {
			t.Errorf("%q is a no as well, or is never looked up", w)
		}
	}
	for w, s := range spellings {
		if token(w) != w {
			t.Errorf("%q is never looked up", w)
		}
		if s.personal && !s.state.Denies() {
			t.Errorf("%q: only denials reach further than their anchor", w)
		}
	}
	for w := range noes {
		if token(w) != w {
			t.Errorf("%q is never looked up", w)
		}
	}
	for s := range schema.Objected + 4 {
		if _, ok := spellings[s.String()]; s.String() != "invalid" && !ok {
			t.Errorf("the state %v cannot be spelled", s)
		}
	}
}

func TestEmbeddedColumn(t *testing.T) {
	reg := schema.DefaultRegistry()
	purpose, channel, _, err := reg.Resolve("marketing.communications.email")
	if err != nil {
		t.Fatal(err)
	}
	m := Embedded{Controller: "Northwind", Purpose: purpose, Channel: channel, Yes: []string{"Abonniert"}}
	anchors := []schema.Anchor{testAnchor(schema.Email, "a"), testAnchor(schema.Phone, "c")}
	when, _ := ParseTime("2026-03-01", nil)
	tests := []struct {
		value   string
		optOut  bool
		state   schema.State
		events  int
		problem bool
	}{
		{"true", false, schema.Given, 1, false},
		{" Ja ", false, schema.Given, 1, false},
		{"ABONNIERT", false, schema.Given, 1, false},
		{"0", false, schema.Refused, 1, false},
		{"Нет", false, schema.Refused, 1, false},
		{"yes", true, schema.Objected, 1, false},
		{"no", true, 0, 0, false}, // whoever did not opt out consented to nothing
		{"sometimes", true, 0, 0, true},
		{"", false, 0, 0, false},
		{"maybe", false, 0, 0, true},
		{"2", false, 0, 0, true},
	}
	for _, tt := range tests {
		m.OptOut = tt.optOut
		events, problems := m.Read(reg, tt.value, when, anchors, "newsletter")
		if len(events) != tt.events || (len(problems) > 0) != tt.problem {
			t.Fatalf("%q: %d events, problems %v", tt.value, len(events), problems)
		}
		for _, e := range events {
			if e.State != tt.state || e.Anchor != anchors[0] || e.Validate(reg) != nil {
				t.Errorf("%q: read as %+v", tt.value, e)
			}
		}
	}
	if _, problems := m.Read(reg, "yes", schema.Interval{}, anchors, "newsletter"); fmt.Sprint(problems) != "[event_time: missing]" {
		t.Errorf("without a time: %v", problems)
	}
}

func TestHasher(t *testing.T) {
	if _, err := NewHasher(testKey[:31]); err == nil {
		t.Error("a short key must be refused")
	}
	h, _ := NewHasher(testKey)
	g, _ := NewHasher([]byte(strings.Repeat("k", 32)))
	a := h.Anchor(schema.Email, "x")
	if a != h.Anchor(schema.Email, "x") || a == h.Anchor(schema.Phone, "x") || a.Hash == g.Anchor(schema.Email, "x").Hash {
		t.Error("want the same hash for the same kind, value and key, and for nothing else")
	}
	if n := testing.AllocsPerRun(100, func() { h.Anchor(schema.Email, "someone@example.org") }); n > 0 {
		t.Errorf("%v allocations a value", n)
	}
}

// FuzzParse: a row becomes a valid event, or a list of problems that holds
// nothing of the row, or both are empty of effect; and no unreadable denial
// passes silently.
func FuzzParse(f *testing.F) {
	f.Add("email", "a@b.c", "marketing.communications.email", "", "given", "2026-03-01", "", "", "", "DE")
	f.Add("device", "d", "third_party_sharing", "*", "gpc", "2026-03-01T10:00:00Z", "2027-01-01", "person", "yes", "US-CA")
	f.Add("", "x", "nothing", "pigeon", "perhaps", "yesterday", "0", "?", "?", "?")
	p := testParser(f)
	f.Fuzz(func(t *testing.T, kind, value, purpose, channel, state, when, until, scope, confirmed, place string) {
		values := map[Field]string{
			FieldSubjectKind: kind, FieldSubjectValue: value, FieldPurpose: purpose, FieldChannel: channel, FieldState: state,
			FieldEventTime: when, FieldValidUntil: until, FieldScope: scope, FieldConfirmed: confirmed, FieldJurisdiction: place,
		}
		r := p.Parse(func(f Field) string { return values[f] })
		err := r.Event.Validate(p.Registry)
		if len(r.Problems) == 0 && err != nil {
			t.Fatalf("read without a problem, but: %v", err)
		}
		known := map[Fault]bool{Missing: true, Unreadable: true, Contradicts: true, InFuture: true}
		for _, problem := range r.Problems {
			if _, ours := values[problem.Field]; !ours || !known[problem.Fault] {
				t.Fatalf("unexpected problem %v", problem)
			}
		}
		unreadable := len(r.Problems) > 0 && !r.Event.State.Permits() && (r.Event.State.Denies() || spellings[token(state)] == spelling{} && token(state) != "unknown" && token(state) != "consentunknown")
		if unreadable && !r.Hold && !r.Unattributed {
			t.Fatalf("a row that may deny passes silently: %v", r.Problems)
		}
	})
}

// A row may be an entry of a suppression list rather than a statement about a
// use. It needs neither purpose nor time, and ends by leaving the list.
func TestParseSuppressions(t *testing.T) {
	for words, want := range map[string]schema.Suppression{
		"subject-kind=email subject-value=a@b state=suppressed":                                                         {Kind: schema.Suppressed, From: schema.NoTime},
		"subject-kind=email subject-value=a@b state=Blocklisted purpose=nonsense channel=nonsense":                      {Kind: schema.Suppressed, From: schema.NoTime},
		"subject-kind=email subject-value=a@b state=restriction event-time=2026-01-01 valid-until=2026-02-01":           {Kind: schema.Restricted, From: 1767225600000000},
		"subject-kind=account subject-value=crm/1 state=suppressed":                                                     {Kind: schema.Suppressed, From: schema.NoTime, Scope: schema.PersonScope},
		"subject-kind=email subject-value=a@b state=suppressed scope=person brand=south":                                {Kind: schema.Suppressed, From: schema.NoTime, Scope: schema.PersonScope},
		"subject-kind=phone subject-value=+4912345 state=erased event-time=2026-01-01T00:00:00Z confirmed-at=yesterday": {Kind: schema.Erased, From: 1767225600000000},
	} {
		p := testParser(t)
		got := p.Parse(fields(words))
		if got.Suppression == nil {
			t.Errorf("%s: no suppression but %+v", words, got)
			continue
		}
		if strings.Contains(words, "yesterday") { // of a confirmation, which says nothing of a suppression
			continue
		}
		want.Anchor, want.Controller = got.Event.Anchor, p.Controller
		if len(got.Problems) > 0 || *got.Suppression != want {
			t.Errorf("%s: got %+v, problems %v", words, got.Suppression, got.Problems)
		}
	}
	for words, unattributed := range map[string]bool{
		"state=suppressed": true,
		"subject-kind=email subject-value=a@b state=suppressed event-time=yesterday": false,
		"subject-kind=email subject-value=a@b state=erased scope=galaxy":             false,
	} {
		got := testParser(t).Parse(fields(words))
		if len(got.Problems) == 0 || got.Unattributed != unattributed || got.Hold == unattributed {
			t.Errorf("%s: %+v", words, got)
		}
	}
}
