package consent

import (
	"strings"
	"testing"
)

func sample() Event {
	return Event{
		Cell:  Cell{Anchor: Anchor{Kind: Email, Hash: [32]byte{1}}, Controller: "N", Purpose: "analytics"},
		State: Given, Time: Interval{Lo: 1, Hi: 2}, ValidUntil: Forever, ConfirmedAt: NoTime,
	}
}

func TestValidateNamesTheField(t *testing.T) {
	reg := DefaultRegistry()
	ok := sample()
	if err := ok.Validate(reg); err != nil {
		t.Fatal(err)
	}
	tests := map[string]func(*Event){
		"subject_kind":    func(e *Event) { e.Anchor.Kind = 0 },
		"subject_value":   func(e *Event) { e.Anchor.Hash = [32]byte{} },
		"controller":      func(e *Event) { e.Controller = "" },
		"purpose":         func(e *Event) { e.Purpose = "secret purpose" },
		"channel":         func(e *Event) { e.Channel = NumChannels },
		"state":           func(e *Event) { e.State = numStates },
		"scope":           func(e *Event) { e.Scope = numScopes },
		"legal_basis":     func(e *Event) { e.Basis = numBases },
		"expressed_by":    func(e *Event) { e.ExpressedBy = numParties },
		"event_time":      func(e *Event) { e.Time = Interval{Lo: 3, Hi: 2} },
		"valid_until":     func(e *Event) { e.ValidUntil = 0 }, // the zero value is not "no end"
		"confirmed_at":    func(e *Event) { e.ConfirmedAt = 0 },
		"data_categories": func(e *Event) { e.Categories = []string{"secret category"} },
	}
	for field, spoil := range tests {
		e := sample()
		spoil(&e)
		err := e.Validate(reg)
		if err == nil || !strings.Contains(err.Error(), field) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v", field, err)
		}
	}
}

// Every field that says something is part of the id; how the event arrived,
// and the order and repeats of its lists, are not.
func TestIDIsWhatTheEventSays(t *testing.T) {
	base := sample()
	changes := []func(*Event){
		func(e *Event) { e.Ref = "r" },
		func(e *Event) { e.Anchor.Kind = Phone },
		func(e *Event) { e.Anchor.Hash[31] = 1 },
		func(e *Event) { e.Controller = "M" },
		func(e *Event) { e.Brand = "b" },
		func(e *Event) { e.Purpose = "marketing" },
		func(e *Event) { e.Channel = BySMS },
		func(e *Event) { e.Categories = []string{"user"} },
		func(e *Event) { e.Basis = BasisContract },
		func(e *Event) { e.State = Renewed },
		func(e *Event) { e.Scope = PersonScope },
		func(e *Event) { e.Time.Lo = 0 },
		func(e *Event) { e.Time.Hi = 3 },
		func(e *Event) { e.ValidUntil = 9 },
		func(e *Event) { e.ConfirmedAt = 2 },
		func(e *Event) { e.Jurisdiction = "FR" },
		func(e *Event) { e.Notice.ID = "n" },
		func(e *Event) { e.Notice.Version = "n" },
		func(e *Event) { e.Notice.Language = "n" },
		func(e *Event) { e.Notice.Digest = "n" },
		func(e *Event) { e.Notice.Covers = []string{"analytics"} },
		func(e *Event) { e.Method = "n" },
		func(e *Event) { e.ExpressedBy = Agent },
		func(e *Event) { e.Evidence = "n" },
		func(e *Event) { e.Supersedes = []string{"n"} },
	}
	seen := map[EventID]int{base.ID(): -1}
	for i, change := range changes {
		e := sample()
		change(&e)
		if j, taken := seen[e.ID()]; taken {
			t.Errorf("changes %d and %d have one id", i, j)
		}
		seen[e.ID()] = i
	}
	arrived := sample()
	arrived.Received, arrived.Source = 7, Source{"feed", "object", 9}
	if arrived.ID() != base.ID() {
		t.Error("how an event arrived must not change its id")
	}
	x, y := sample(), sample()
	x.Supersedes, y.Supersedes = []string{"b", "a", "b"}, []string{"a", "b"}
	if x.ID() != y.ID() || x.Supersedes[0] != "b" {
		t.Error("lists are sets, and the caller's stays as it is")
	}
}

// The id of a fixed event never changes: logs kept over years depend on it.
// The value was computed by hand from the canonical form as documented.
func TestIDIsPinned(t *testing.T) {
	e := sample()
	const want = "3bdd514d21309f7bd8dfc5c86f2411a0cf7b389be89651c034cf680772000b3a"
	if got := e.ID().String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReasonsAreExplained(t *testing.T) {
	codes := map[string]bool{}
	for i, x := range Reasons() {
		if int(x.Reason) != i || x.Code == "" || codes[x.Code] {
			t.Errorf("reason %d (%q): out of place, unnamed or repeated", i, x.Code)
		}
		if !strings.HasSuffix(x.Meaning, ".") || !strings.HasSuffix(x.Change, ".") {
			t.Errorf("%s: wants a sentence for what it means and one for what changes it", x.Code)
		}
		codes[x.Code] = true
	}
	var s ReasonSet
	s.Add(TimesOverlap)
	s.Add(DeniedWithdrawn)
	s.Add(DeniedForPerson)
	list := s.List()
	if len(list) != 3 || list[0] != DeniedForPerson || list[1] != TimesOverlap || list[2] != DeniedWithdrawn {
		t.Errorf("want the reasons by code, got %v", list)
	}
	if s.Has(Granted) || !s.Has(TimesOverlap) {
		t.Error("the set forgets or invents")
	}
}

// Every name reads back as itself, and nothing else is read.
func TestNamesReadBack(t *testing.T) {
	for i := range uint8(16) {
		checkName(t, i, uint8(numStates), State(i).String(), func(s string) (uint8, error) { v, err := ParseState(s); return uint8(v), err })
		checkName(t, i, uint8(numScopes), Scope(i).String(), func(s string) (uint8, error) { v, err := ParseScope(s); return uint8(v), err })
		checkName(t, i, uint8(numBases), Basis(i).String(), func(s string) (uint8, error) { v, err := ParseBasis(s); return uint8(v), err })
		checkName(t, i, uint8(numParties), Party(i).String(), func(s string) (uint8, error) { v, err := ParseParty(s); return uint8(v), err })
		checkName(t, i, uint8(numRegimes), Regime(i).String(), func(s string) (uint8, error) { v, err := ParseRegime(s); return uint8(v), err })
		checkName(t, i, uint8(NumChannels), Channel(i).String(), func(s string) (uint8, error) { v, err := ParseChannel(s); return uint8(v), err })
		checkName(t, i, uint8(numSuppressions), SuppressionKind(i).String(), func(s string) (uint8, error) { v, err := ParseSuppression(s); return uint8(v), err })
		if i > 0 {
			checkName(t, i, uint8(numKinds), Kind(i).String(), func(s string) (uint8, error) { v, err := ParseKind(s); return uint8(v), err })
		}
	}
}

func checkName(t *testing.T, i, n uint8, name string, parse func(string) (uint8, error)) {
	t.Helper()
	got, err := parse(name)
	if known := i < n; known && (err != nil || got != i) || !known && err == nil {
		t.Errorf("value %d, named %q, reads back as %d (%v)", i, name, got, err)
	}
}

func TestSuppressionReach(t *testing.T) {
	for kind, want := range map[SuppressionKind]Scope{Suppressed: AnchorScope, Restricted: PersonScope, Erased: PersonScope, Held: AnchorScope} {
		if got := (&Suppression{Kind: kind}).Reach(); got != want {
			t.Errorf("%v reaches %v, want %v", kind, got, want)
		}
	}
}
