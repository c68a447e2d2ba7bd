package consent

import (
	"slices"
	"testing"

	schema "concord/schemas/consent"
)

var (
	attachAccount = testAnchor(schema.Account, "e")
	attachEmail   = testAnchor(schema.Email, "a")
	attachPhone   = testAnchor(schema.Phone, "c")
)

// attached builds the log of events on an account after its record, which
// holds an e-mail address and a telephone number since a time, was attached.
func attached(t *testing.T, way Attaching, since int64, events ...schema.Event) (log *Log, restated, old int) {
	t.Helper()
	b := NewBuilder(schema.DefaultPolicy())
	for i := range events {
		events[i].Anchor, events[i].Controller, events[i].Source.Channel = attachAccount, "N", "preferences"
		if err := b.Add(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	x := NewAttachment(func(channel string) Attaching {
		if channel != "preferences" {
			t.Errorf("asked for the way of channel %q", channel)
		}
		return way
	}, b)
	if x.Len() > 0 {
		restated, old = x.Attach(attachAccount, since, []schema.Anchor{attachAccount, attachEmail, attachPhone})
	}
	return b.Log(), restated, old
}

func TestAttachRestatesOnTheRecordsContactPoints(t *testing.T) {
	say := func(purpose string, channel schema.Channel, state schema.State) schema.Event {
		return schema.Event{Cell: schema.Cell{Purpose: purpose, Channel: channel}, State: state,
			Time: schema.Interval{Lo: epoch, Hi: epoch}, ValidUntil: schema.Forever, ConfirmedAt: schema.NoTime}
	}
	const mail = "marketing.communications"
	personal := say(mail, schema.ByEmail, schema.Withdrawn)
	personal.Scope = schema.PersonScope
	for name, c := range map[string]struct {
		event        schema.Event
		way          Attaching
		since        int64
		emails, sms  int
		counted, old int
	}{
		"a consent to e-mail reaches the address":          {say(mail, schema.ByEmail, schema.Given), AttachHeld, epoch, 1, 0, 1, 0},
		"a consent to texts reaches the number":            {say(mail, schema.BySMS, schema.Renewed), AttachHeld, epoch - 1, 0, 1, 1, 0},
		"one from before the record changed does not":      {say(mail, schema.ByEmail, schema.Given), AttachHeld, epoch + 1, 0, 0, 0, 1},
		"nor for a record that nobody can date":            {say(mail, schema.ByEmail, schema.Given), AttachHeld, schema.Forever, 0, 0, 0, 1},
		"unless the job says that it follows the customer": {say(mail, schema.ByEmail, schema.Given), AttachLatest, schema.Forever, 1, 0, 1, 0},
		"or not at all": {say(mail, schema.ByEmail, schema.Given), AttachNever, epoch, 0, 0, 0, 0},
		"one about the person stays with the account":      {say("analytics.reporting", schema.AnyChannel, schema.Given), AttachLatest, epoch, 0, 0, 0, 0},
		"letters reach neither":                            {say(mail, schema.ByPost, schema.Given), AttachLatest, epoch, 0, 0, 0, 0},
		"a denial that stays is attached whatever its age": {say(mail, schema.ByEmail, schema.Withdrawn), AttachNever, schema.Forever, 1, 0, 0, 0},
		"one of everything reaches both":                   {say("marketing", schema.AnyChannel, schema.Refused), AttachNever, schema.Forever, 1, 1, 0, 0},
		"one of the person travels by itself":              {personal, AttachLatest, epoch, 0, 0, 0, 0},
	} {
		log, restated, old := attached(t, c.way, c.since, c.event)
		events := map[schema.Kind]int{}
		ids := map[schema.EventID]bool{}
		_ = log.Each(func(e *LoggedEvent) error {
			events[e.Kind]++
			ids[e.ID] = true
			return nil
		})
		if events[schema.Email] != c.emails || events[schema.Phone] != c.sms || events[schema.Account] != 1 || restated != c.counted || old != c.old {
			t.Errorf("%s: got %v, %d restated, %d old", name, events, restated, old)
		}
		if len(ids) != 1+c.emails+c.sms {
			t.Errorf("%s: restated events share an id", name)
		}
	}
}

// attach makes the engine of a scenario whose records' accounts were attached
// before anything was clustered.
func (s *scenario) attach(t tester, way Attaching, since []int64) *Log {
	b := NewBuilder(s.policy)
	for i := range s.events {
		if err := b.Add(&s.events[i]); err != nil {
			t.Fatalf("event %d: %v", i, err)
		}
	}
	for i := range s.suppressions {
		if err := b.Suppress(&s.suppressions[i]); err != nil {
			t.Fatal(err)
		}
	}
	for i := range s.preferences {
		if err := b.Prefer(&s.preferences[i]); err != nil {
			t.Fatal(err)
		}
	}
	x := NewAttachment(func(string) Attaching { return way }, b)
	for i, r := range s.records {
		for _, a := range r.anchors {
			if a.Kind == schema.Account {
				x.Attach(a, since[i], r.anchors)
			}
		}
	}
	return b.Log()
}

// randomAttachment is a scenario in which much is said of accounts.
func randomAttachment(d dice) (s *scenario, way Attaching, since []int64) {
	s = randomScenario(d)
	for i := range s.events {
		if d.roll(2) == 0 {
			s.events[i].Anchor = attachAccount
		}
	}
	for i := range s.records {
		if d.roll(2) == 0 {
			s.records[i].anchors = append(s.records[i].anchors, attachAccount)
		}
		since = append(since, pick(d, schema.NoTime, randomTime(d), schema.Forever))
	}
	return s, pick(d, AttachNever, AttachHeld, AttachLatest), since
}

// T2 with accounts attached: merging never widens, for what is restated is a
// fact of a record and not of a cluster.
func TestT2MergingNeverWidensWhatIsAttached(t *testing.T) {
	allowed := 0
	forCases(t, func(t tester, d dice) {
		s, way, since := randomAttachment(d)
		log := s.attach(t, way, since)
		fine := coarser(d, s.finest())
		s.split(fine)
		p := s.verdicts(t, s.cluster(t, log, s.requests))
		s.split(coarser(d, fine))
		for key, v := range s.verdicts(t, s.cluster(t, log, s.requests)) {
			if v.Allowed {
				allowed++
				if !p[key].Allowed {
					t.Fatalf("%+v: was %s, merged %s", s.requests[key[1].(int)], show(p[key]), show(v))
				}
			}
		}
	})
	if allowed < *cases/2 {
		t.Fatalf("only %d cells were allowed in %d cases: the test hardly tests", allowed, *cases)
	}
}

// What attaching permits is a contact point of a record whose account
// consented to exactly that cell when the record held it, or one that a denial
// on such a cell had blocked. Nobody else's contact point gains anything.
func TestAttachingPermitsTheRecordsOwnContactPoints(t *testing.T) {
	gained := 0
	forCases(t, func(t tester, d dice) {
		s, way, since := randomAttachment(d)
		s.split(coarser(d, s.finest()))
		plain := s.engine(t, s.requests)
		before := s.verdicts(t, plain)
		cells := map[schema.EventID]schema.Cell{}
		for i := range s.events {
			cells[s.events[i].ID()] = s.events[i].Cell
		}
		for key, v := range s.verdicts(t, s.cluster(t, s.attach(t, way, since), s.requests)) {
			was := before[key]
			if !v.Allowed || was.Allowed {
				continue
			}
			gained++
			cell := cellOf(key[0].(schema.Anchor), s.requests[key[1].(int)])
			lifted := len(was.Deciding) > 0 && !slices.ContainsFunc(was.Deciding, func(id schema.EventID) bool {
				return !s.attachedTo(cells[id], way, since)
			})
			if !s.attachedTo(cell, way, since) && !lifted {
				t.Fatalf("%+v: was %s, attached %s", cell, show(was), show(v))
			}
		}
	})
	if gained == 0 {
		t.Fatal("attaching never permitted anything: the test does not test")
	}
}

// attachedTo tells whether some record's account consented to exactly a cell
// of one of the record's contact points, as the way demands.
func (s *scenario) attachedTo(c schema.Cell, way Attaching, since []int64) bool {
	for i, r := range s.records {
		if way == AttachNever || !slices.Contains(r.anchors, attachAccount) || !slices.Contains(r.anchors, c.Anchor) {
			continue
		}
		for k := range s.events {
			e := &s.events[k]
			on := e.Cell
			on.Anchor = c.Anchor
			if e.Anchor == attachAccount && e.State.Permits() && on == c && (way == AttachLatest || e.Time.Lo >= since[i]) {
				return true
			}
		}
	}
	return false
}
