package consent

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	schema "concord/schemas/consent"
)

// story is one case of testdata/decisions.txt.
type story struct {
	section, name, says, peer string
	world
	names map[string]int // profile ─► index
	facts []string       // the lines that make the world
	asks  []ask
}

// ask is a question and the verdict it must get.
type ask struct {
	anchor  schema.Anchor
	shown   string // the question as the table writes it
	profile int
	asOf    int64
	request Request
	allowed bool
	reasons string   // sorted codes, comma-separated
	of      []string // kinds of data, nil for all
	until   int64
}

// readStories parses the decision table.
func readStories(t tester) []story {
	data, err := os.ReadFile("testdata/decisions.txt")
	if err != nil {
		t.Fatal(err)
	}
	var stories []story
	section := ""
	for i, line := range strings.Split(string(data), "\n") {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "", "#":
			continue
		case "section":
			section = rest
			continue
		case "case":
			stories = append(stories, story{
				section: section, name: rest, names: map[string]int{},
				world: world{policy: schema.DefaultPolicy()},
			})
			continue
		}
		if len(stories) == 0 {
			t.Fatalf("decisions.txt:%d: before the first case", i+1)
		}
		if err := stories[len(stories)-1].read(word, rest); err != nil {
			t.Fatalf("decisions.txt:%d: %v", i+1, err)
		}
	}
	return stories
}

func (s *story) read(word, rest string) error {
	if word != "says" && word != "peer" && word != "ask" {
		s.facts = append(s.facts, strings.TrimPrefix(word+" "+rest, "event "))
	}
	switch word {
	case "says":
		s.says = rest
	case "peer":
		s.peer = rest
	case "profile":
		return s.readProfile(rest)
	case "event":
		return s.readEvent(strings.Fields(rest))
	case "suppress":
		return s.readSuppression(strings.Fields(rest))
	case "prefer":
		return s.readPreference(strings.Fields(rest))
	case "nofeed":
		s.noFeed = true
	case "ask":
		return s.readAsk(rest)
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return nil
}

func (s *story) readProfile(line string) error {
	name, rest, ok := strings.Cut(line, ": ")
	anchors, places, ok2 := strings.Cut(rest, " in ")
	if !ok || !ok2 {
		return fmt.Errorf("want NAME: ANCHORS in JURISDICTIONS")
	}
	var p profile
	for _, a := range strings.Fields(anchors) {
		anchor, err := readAnchor(a)
		if err != nil {
			return err
		}
		p.anchors = append(p.anchors, anchor)
	}
	for _, place := range strings.Fields(places) {
		switch place {
		case "minor":
			p.minority = schema.Minor
		case "child":
			p.minority = schema.Child
		case "-":
			p.jurisdictions = append(p.jurisdictions, "")
		default:
			p.jurisdictions = append(p.jurisdictions, place)
		}
	}
	s.names[name] = len(s.profiles)
	s.profiles = append(s.profiles, p)
	return nil
}

func readAnchor(s string) (schema.Anchor, error) {
	kind, name, _ := strings.Cut(s, ":")
	k, err := schema.ParseKind(kind)
	return testAnchor(k, name), err
}

func (s *story) readEvent(words []string) error {
	var e schema.Event
	if !strings.Contains(words[0], ":") {
		e.Ref, words = words[0], words[1:]
	}
	anchor, err := readAnchor(words[0])
	if err != nil {
		return err
	}
	purpose, channel, _, err := s.policy.Registry().Resolve(words[1])
	if err != nil {
		return err
	}
	if e.State, err = schema.ParseState(words[2]); err != nil {
		return err
	}
	when, ok := ParseTime(words[3], nil)
	if !ok {
		return fmt.Errorf("bad time %q", words[3])
	}
	e.Cell = schema.Cell{
		Anchor: anchor, Controller: "Northwind", Brand: "north",
		Purpose: s.policy.Registry().Purpose(purpose).Key, Channel: channel,
	}
	e.Time, e.ValidUntil, e.ConfirmedAt = when, schema.Forever, schema.NoTime
	e.Received = when.Lo
	for _, w := range words[4:] {
		if err := readEventOption(&e, w); err != nil {
			return err
		}
	}
	s.events = append(s.events, e)
	return nil
}

func readEventOption(e *schema.Event, option string) (err error) {
	key, value, _ := strings.Cut(option, "=")
	at := func() int64 {
		when, ok := ParseTime(value, nil)
		if !ok {
			err = fmt.Errorf("bad time in %q", option)
		}
		return when.Lo
	}
	switch key {
	case "channel":
		e.Channel, err = schema.ParseChannel(value)
	case "scope":
		e.Scope, err = schema.ParseScope(value)
	case "basis":
		e.Basis, err = schema.ParseBasis(value)
	case "by":
		e.ExpressedBy, err = schema.ParseParty(value)
	case "brand":
		e.Brand = value
	case "controller":
		e.Controller = value
	case "in":
		e.Jurisdiction = value
	case "notice":
		e.Notice.Covers = []string{value}
	case "of":
		e.Categories = strings.Split(value, ",")
	case "supersedes":
		e.Supersedes = []string{value}
	case "until":
		e.ValidUntil = at()
	case "confirmed":
		e.ConfirmedAt = at()
	case "received":
		e.Received = at()
	default:
		err = fmt.Errorf("unknown option %q", option)
	}
	return err
}

func (s *story) readSuppression(words []string) error {
	anchor, err := readAnchor(words[0])
	if err != nil {
		return err
	}
	kind, err := schema.ParseSuppression(words[1])
	s.suppressions = append(s.suppressions, schema.Suppression{Anchor: anchor, Kind: kind, From: schema.NoTime})
	return err
}

// readPreference reads "email:home marketing.communications.email shoes
// declined TIME", or a frequency in place of the topic and its state.
func (s *story) readPreference(words []string) error {
	if len(words) < 4 {
		return fmt.Errorf("want ANCHOR PURPOSE (TOPIC chosen|declined | FREQUENCY) TIME")
	}
	anchor, err := readAnchor(words[0])
	if err != nil {
		return err
	}
	purpose, channel, _, err := s.policy.Registry().Resolve(words[1])
	if err != nil {
		return err
	}
	when, ok := ParseTime(words[len(words)-1], nil)
	if !ok {
		return fmt.Errorf("bad time %q", words[len(words)-1])
	}
	p := schema.Preference{Time: when, Cell: schema.Cell{
		Anchor: anchor, Controller: "Northwind", Brand: "north", Purpose: s.policy.Registry().Purpose(purpose).Key, Channel: channel}}
	if len(words) == 5 {
		p.Topic, p.Chosen, p.Declined = words[2], words[3] == "chosen", words[3] == "declined"
	} else if p.Frequency, err = schema.ParseFrequency(words[2]); err != nil {
		return err
	}
	s.preferences = append(s.preferences, p)
	return p.Validate(s.policy.Registry())
}

func (s *story) readAsk(line string) error {
	question, answer, ok := strings.Cut(line, " => ")
	words, want := strings.Fields(question), strings.Fields(answer)
	if !ok || len(words) < 4 || words[2] != "at" || len(want) < 2 {
		return fmt.Errorf("want ANCHOR PURPOSE at TIME … => VERDICT REASONS")
	}
	anchor, err := readAnchor(words[0])
	if err != nil {
		return err
	}
	when, ok := ParseTime(words[3], nil)
	if !ok {
		return fmt.Errorf("bad time %q", words[3])
	}
	a := ask{anchor: anchor, shown: question, asOf: when.Lo, reasons: want[1], until: schema.Forever, allowed: want[0] == "ALLOW"}
	a.request = Request{Controller: "Northwind", Brand: "north"}
	purpose, channel, _, err := s.policy.Registry().Resolve(words[1])
	if err != nil {
		return err
	}
	a.request.Purpose, a.request.Channel = s.policy.Registry().Purpose(purpose).Key, channel
	for _, w := range words[4:] {
		switch key, value, _ := strings.Cut(w, "="); key {
		case "brand":
			a.request.Brand = value
		case "topic":
			a.request.Topic = value
		case "of":
			a.request.Category = value
		case "basis":
			if a.request.Basis, err = schema.ParseBasis(value); err != nil {
				return err
			}
		case "profile":
			a.profile, ok = s.names[value]
			if !ok {
				return fmt.Errorf("no profile %q", value)
			}
		default:
			return fmt.Errorf("unknown option %q", w)
		}
	}
	for want = want[2:]; len(want) >= 2; want = want[2:] {
		switch want[0] {
		case "until":
			end, ok := ParseTime(want[1], nil)
			if !ok {
				return fmt.Errorf("bad time %q", want[1])
			}
			a.until = end.Lo
		case "of":
			a.of = strings.Split(want[1], ",")
		}
	}
	s.asks = append(s.asks, a)
	return nil
}

// answer is a verdict as the table writes it.
func answer(v schema.Verdict) string {
	word := "DENY"
	if v.Allowed {
		word = "ALLOW"
	}
	codes := make([]string, len(v.Reasons))
	for i, r := range v.Reasons {
		codes[i] = r.String()
	}
	until := ""
	if v.Categories != nil {
		until = " of " + strings.Join(v.Categories, ",")
	}
	if v.ValidUntil != schema.Forever {
		until += " until " + time.UnixMicro(v.ValidUntil).UTC().Format(time.RFC3339)
	}
	return word + " " + strings.Join(codes, ",") + until
}

func (a *ask) want() string {
	v := schema.Verdict{Allowed: a.allowed, ValidUntil: a.until, Categories: a.of}
	s := answer(v)
	head, tail, _ := strings.Cut(s, " ")
	return head + " " + a.reasons + tail
}

// The engine and the reference answer every line of the decision table.
func TestDecisions(t *testing.T) {
	stories := readStories(t)
	if len(stories) < 40 {
		t.Fatalf("the decision table has %d cases, want at least 40", len(stories))
	}
	names := map[string]bool{}
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			if names[s.name] || s.says == "" || s.section == "" || len(s.asks) == 0 {
				t.Fatal("a case needs a name of its own, a section, a sentence and a question")
			}
			names[s.name] = true
			for _, a := range s.asks {
				s.asOf, s.topic = a.asOf, a.request.Topic
				got := s.engine(t, []Request{a.request}).decide(a.profile, a.anchor, 0)
				if answer(got) != a.want() {
					t.Errorf("%s\nwant %s\ngot  %s", a.shown, a.want(), answer(got))
				}
				s.category = a.request.Category
				ref := variant{}.decide(&s.world, a.profile, cellOf(a.anchor, a.request), a.request.Basis)
				if show(ref) != show(got) {
					t.Errorf("%s\nengine    %s\nreference %s", a.shown, show(got), show(ref))
				}
			}
		})
	}
}

// mutants are the ways in which consent systems go wrong. Each must fail a
// line of the decision table, or the table does not guard against it.
var mutants = []struct {
	name string
	variant
}{
	{"lift by any anchor", variant{liftByAnyAnchor: true}},
	{"first denial only", variant{firstDenialOnly: true}},
	{"ignore the stricter jurisdiction", variant{laxestJurisdiction: true}},
	{"tie goes to the grant", variant{tieGoesToGrant: true}},
	{"device opt-out stays on the device", variant{deviceOptOutStays: true}},
	{"grant flows down", variant{grantFlowsDown: true}},
	{"latest event of the merged profile wins", variant{latestWins: true}},
	{"ingestion time orders events", variant{ingestionTime: true}},
	{"expiry travels to other anchors", variant{expiryTravels: true}},
	{"no expiry means expired", variant{nullExpiryIsExpired: true}},
	{"a conflict between anchors is ignored", variant{conflictIgnored: true}},
	{"denial flows up", variant{denialFlowsUp: true}},
	{"denial crosses channels", variant{denialCrossesChannels: true}},
	{"grant crosses channels", variant{grantCrossesChannels: true}},
	{"grant crosses brands", variant{grantCrossesBrands: true}},
	{"controller scope stays in its brand", variant{brandScopeIgnored: true}},
	{"refresh period ignored", variant{refreshIgnored: true}},
	{"confirmation ignored", variant{confirmationIgnored: true}},
	{"notice ignored", variant{noticeIgnored: true}},
	{"minors ignored", variant{minorIgnored: true}},
	{"guardian not needed", variant{guardianIgnored: true}},
	{"shared contact points ignored", variant{sharedIgnored: true}},
	{"supersedes ignored", variant{supersedesIgnored: true}},
	{"supersedes lifts for every cell", variant{supersedesLiftsAll: true}},
	{"a grant lifts a suppression", variant{suppressionLifted: true}},
	{"denials lapse", variant{denialExpires: true}},
	{"lifting outlives the grant", variant{liftOutlivesGrant: true}},
	{"the event's own jurisdiction ignored", variant{ownJurisdictionIgnored: true}},
	{"any declared basis will do", variant{basisNeedsNoPolicy: true}},
	{"denials spare other bases", variant{denialSparesBasis: true}},
	{"every unsubscribe travels", variant{unsubscribeTravels: true}},
	{"the opt-out default outlives events", variant{defaultDespiteEvents: true}},
	{"restriction stays with its anchor", variant{restrictionStays: true}},
	{"topics are ignored", variant{topicIgnored: true}},
	{"choosing a topic is consent", variant{choosingPermits: true}},
	{"frequency is ignored", variant{frequencyIgnored: true}},
	{"wishes of the account are ignored", variant{accountWishIgnored: true}},
	{"a consent is for all data", variant{consentIsForAllData: true}},
	{"a denial of some data is ignored", variant{dataDenialIgnored: true}},
	{"a denial of some data denies the use", variant{dataDenialDeniesAll: true}},
	{"a denial of data spares wider kinds", variant{widerDataSpared: true}},
}

func TestMutantsFailTheTable(t *testing.T) {
	stories := readStories(t)
	for _, m := range mutants {
		var caught []string
		for i := range stories {
			s := &stories[i]
			for _, a := range s.asks {
				s.asOf, s.topic, s.category = a.asOf, a.request.Topic, a.request.Category
				got := m.decide(&s.world, a.profile, cellOf(a.anchor, a.request), a.request.Basis)
				if got.Allowed != a.allowed && !slices.Contains(caught, s.name) {
					caught = append(caught, s.name)
				}
			}
		}
		if len(caught) == 0 {
			t.Errorf("the variant %q passes every line of the decision table", m.name)
		}
		t.Logf("%-45s fails %v", m.name, caught)
	}
}
