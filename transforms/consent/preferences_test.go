package consent

import (
	"fmt"
	"slices"
	"testing"

	schema "concord/schemas/consent"
)

// wishedAway is the reference for preferences: by anchor, what the person
// wants last, and whether the question fits it.
func (v variant) wishedAway(w *world, p *profile, c schema.Cell, verdict *schema.Verdict) (reasons []schema.Reason, by []schema.EventID) {
	for _, a := range append([]schema.Anchor{c.Anchor}, p.anchors...) {
		own := a == c.Anchor
		if !own && !aboutPerson(w, c.Purpose) && (a.Kind != schema.Account || v.accountWishIgnored) {
			continue
		}
		var said []schema.Preference
		for _, x := range w.preferences {
			if x.Anchor != a || x.Controller != c.Controller || x.Brand != "" && x.Brand != c.Brand ||
				!covers(x.Purpose, c.Purpose) || x.Channel != c.Channel && x.Channel != schema.AnyChannel && c.Channel != schema.AnyChannel {
				continue
			}
			if x.Time.Lo > w.asOf {
				verdict.ValidUntil = min(verdict.ValidUntil, x.Time.Lo)
				continue
			}
			said = append(said, x)
			verdict.ValidFrom = max(verdict.ValidFrom, x.Time.Lo)
		}
		if never(said) && !v.frequencyIgnored {
			reasons = append(reasons, schema.WantsNothing)
			for _, x := range said {
				if x.Topic == "" && x.Frequency == schema.Never {
					by = append(by, x.ID())
				}
			}
		} else if w.topic != "" && !v.topicIgnored && !welcome(said, w.topic) {
			reasons = append(reasons, schema.TopicNotWanted)
			for _, x := range said {
				if x.Chosen || x.Declined && x.Topic == w.topic {
					by = append(by, x.ID())
				}
			}
		}
	}
	return reasons, by
}

// never tells whether somebody wants no message, and has not certainly wanted
// any since.
func never(said []schema.Preference) bool {
	return slices.ContainsFunc(said, func(x schema.Preference) bool {
		return x.Topic == "" && x.Frequency == schema.Never && !slices.ContainsFunc(said, func(y schema.Preference) bool {
			return y.Topic == "" && y.Time.Lo > x.Time.Hi
		})
	})
}

// welcome tells whether a topic fits: it was not declined for good, and if any
// topics were chosen it is one of them.
func welcome(said []schema.Preference, topic string) bool {
	chosen := func(t string) bool {
		return slices.ContainsFunc(said, func(x schema.Preference) bool {
			return x.Topic == t && x.Chosen && !slices.ContainsFunc(said, func(y schema.Preference) bool {
				return y.Topic == t && y.Declined && y.Time.Hi >= x.Time.Lo
			})
		})
	}
	declined := slices.ContainsFunc(said, func(x schema.Preference) bool { return x.Topic == topic && x.Declined })
	some := slices.ContainsFunc(said, func(x schema.Preference) bool { return x.Topic != "" && chosen(x.Topic) })
	return chosen(topic) || !declined && !some
}

// Preferences only narrow: what is permitted with them is permitted without,
// for every topic.
func TestPreferencesOnlyNarrow(t *testing.T) {
	narrowed, left := 0, 0
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		for range 1 + d.roll(4) {
			s.preferences = append(s.preferences, randomPreference(d, s.focus))
		}
		s.split(coarser(d, s.finest()))
		with := s.verdicts(t, s.engine(t, s.requests))
		s.preferences = nil
		for key, v := range s.verdicts(t, s.engine(t, s.requests)) {
			switch {
			case with[key].Allowed && !v.Allowed:
				t.Fatalf("%+v: %s without preferences, with them %s", s.requests[key[1].(int)], show(v), show(with[key]))
			case v.Allowed && !with[key].Allowed:
				narrowed++
			case v.Allowed:
				left++
			}
		}
	})
	if narrowed < *cases/20 || left < *cases/20 {
		t.Fatalf("%d narrowed and %d left: the test hardly tests", narrowed, left)
	}
}

// Asking for a topic is never wider than asking for any.
func TestATopicIsNeverWider(t *testing.T) {
	forCases(t, func(t tester, d dice) {
		s := randomScenario(d)
		s.preferences = append(s.preferences, randomPreference(d, s.focus))
		s.split(coarser(d, s.finest()))
		s.topic = ""
		any := s.verdicts(t, s.engine(t, s.requests))
		s.topic = "shoes"
		for key, v := range s.verdicts(t, s.engine(t, s.requests)) {
			if v.Allowed && !any[key].Allowed {
				t.Fatalf("%+v: %s for a topic, %s for any", s.requests[key[1].(int)], show(v), show(any[key]))
			}
		}
	})
}

func TestParsePreferences(t *testing.T) {
	const who = "subject-kind=email subject-value=a@b purpose=marketing.communications.email event-time=2026-01-01 "
	for words, want := range map[string]string{
		who + "state=unsubscribed topic=Summer_Shoes":                "[summer shoes declined]",
		who + "state=given topic=summer-shoes":                       "[summer shoes chosen]",
		who + "frequency=Weekly":                                     "[ weekly]",
		who + "state=given topic=shoes frequency=monthly":            "[shoes chosen  monthly]",
		who + "state=given topic=shoes frequency=never":              "[shoes declined]",
		who + "frequency=never":                                      "[ never]",
		who + "state=objected topic=shoes":                           "event objected",
		who + "state=unsubscribed topic=shoes scope=person":          "event withdrawn",
		who + "state=global_unsubscribe topic=shoes":                 "event withdrawn",
		who + "state=given":                                          "event given",
		who + "state=perhaps topic=shoes":                            "held",
		who + "topic=shoes":                                          "held",
		who + "frequency=sometimes":                                  "held",
		who + "state=given topic=shoes event-time=later":             "held",
		"state=withdrawn topic=shoes":                                "nobody",
		who + "state=suppressed topic=shoes":                         "suppressed",
		who + "purpose=marketing.communications state=given topic=a": "[a chosen]",
	} {
		r := testParser(t).Parse(fields(words))
		got := fmt.Sprint("event ", r.Event.State)
		switch {
		case r.Unattributed:
			got = "nobody"
		case r.Hold:
			got = "held"
		case r.Suppression != nil:
			got = r.Suppression.Kind.String()
		case len(r.Preferences) > 0:
			var parts []string
			for _, p := range r.Preferences {
				what := map[bool]string{true: "chosen"}[p.Chosen] + map[bool]string{true: "declined"}[p.Declined]
				if p.Frequency != schema.AnyFrequency {
					what += p.Frequency.String()
				}
				parts = append(parts, p.Topic+" "+what)
				if err := p.Validate(schema.DefaultRegistry()); err != nil {
					t.Errorf("%s: %v", words, err)
				}
			}
			got = fmt.Sprint(parts)
		}
		if got != want {
			t.Errorf("%s: read as %s (%v), want %s", words, got, r.Problems, want)
		}
	}
}
