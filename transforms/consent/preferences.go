package consent

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"

	schema "concord/schemas/consent"
)

// A preference lies in the log among the suppressions of its anchor: like
// them it is no event and only ever narrows. What tells it apart is bar.pref.

// preference is one as the engine reads it.
type preference struct {
	anchor           schema.Anchor
	lo, hi           int64
	topic            string
	controller       uint16
	brand            uint16
	purpose          schema.PurposeCode
	channel          schema.Channel
	chosen, declined bool
	frequency        schema.Frequency
	origin           origin
}

// Prefer puts a preference into the log.
func (b *Builder) Prefer(p *schema.Preference) error {
	if err := p.Validate(b.reg); err != nil {
		return err
	}
	controller, err := intern(b.controllers, p.Controller)
	if err != nil {
		return fmt.Errorf("controllers: %w", err)
	}
	brand, err := intern(b.brands, p.Brand)
	if err != nil {
		return fmt.Errorf("brands: %w", err)
	}
	at, err := b.origins.of(p.Source)
	if err != nil {
		return err
	}
	purpose, _ := b.reg.Code(p.Purpose)
	b.preferences = append(b.preferences, preference{
		anchor: p.Anchor, lo: p.Time.Lo, hi: p.Time.Hi, topic: string([]byte(p.Topic)), controller: controller, brand: brand,
		purpose: purpose, channel: p.Channel, chosen: p.Chosen, declined: p.Declined, frequency: p.Frequency, origin: at,
	})
	return nil
}

// prefer makes the builders' preferences the log's: in one order, without
// repeats, each with a bar that finds it.
func (m *merger) prefer() {
	l := m.log
	for i, b := range m.builders {
		for _, p := range b.preferences {
			p.controller, p.brand = m.recode[i].controllers[p.controller], m.recode[i].brands[p.brand]
			p.origin.file = m.recode[i].files[p.origin.file]
			l.preferences = append(l.preferences, p)
		}
	}
	slices.SortFunc(l.preferences, func(a, b preference) int {
		return cmp.Or(comparePreferences(a, b), l.compareOrigins(a.origin, b.origin))
	})
	l.preferences = slices.CompactFunc(l.preferences, func(a, b preference) bool { return comparePreferences(a, b) == 0 })
	for i, p := range l.preferences {
		part := &m.parts[p.anchor.Hash[0]]
		// Person scope, so that the other anchors of the profile see it.
		part.bars = append(part.bars, barRow{p.anchor, bar{p.lo, p.controller, preferred, schema.PersonScope, uint32(i + 1)}, p.origin})
	}
}

// preferred is the kind of bar that holds a preference. It sorts behind the
// suppressions, and no feed can name it.
const preferred = schema.SuppressionKind(255)

func comparePreferences(a, b preference) int {
	return cmp.Or(
		bytes.Compare(a.anchor.Hash[:], b.anchor.Hash[:]), cmp.Compare(a.anchor.Kind, b.anchor.Kind),
		cmp.Compare(a.controller, b.controller), cmp.Compare(a.brand, b.brand), cmp.Compare(a.purpose, b.purpose), cmp.Compare(a.channel, b.channel),
		cmp.Compare(a.topic, b.topic), cmp.Compare(a.lo, b.lo), cmp.Compare(a.hi, b.hi), cmp.Compare(a.frequency, b.frequency),
		cmp.Compare(bit(a.chosen), bit(b.chosen)), cmp.Compare(bit(a.declined), bit(b.declined)))
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// HasTopic tells whether any preference is about a topic.
func (l *Log) HasTopic(topic string) bool {
	topic = schema.FoldTopic(topic)
	return slices.ContainsFunc(l.preferences, func(p preference) bool { return p.topic == topic })
}

// Preferences counts the preferences.
func (l *Log) Preferences() int { return len(l.preferences) }

// Wishes are what a person wants of a contact point.
type Wishes struct {
	Chosen, Declined []string // topics, sorted
	Frequency        schema.Frequency
}

// narrowed is the reasons why the preferences that bear on an anchor do not let
// a question's messages pass. Those of the anchor itself and of the profile's
// accounts bear on it; where the use is about the person, those of every
// anchor. Each anchor is heard by itself, and all of them must be content.
func (d *Decider) narrowed(s *scene, a AnchorID, q *question, out *Result) (deny schema.ReasonSet) {
	if len(d.e.log.preferences) == 0 {
		return 0
	}
	d.gather(s, a, q)
	for _, i := range d.heard { // what is wanted changes only when something is said of it
		p := &d.e.log.preferences[i]
		if p.lo > d.e.asOf {
			out.ValidUntil = min(out.ValidUntil, p.lo)
		} else {
			out.ValidFrom = max(out.ValidFrom, p.lo)
		}
	}
	for said, w := range d.voices() {
		switch {
		case w.Frequency == schema.Never:
			deny.Add(schema.WantsNothing)
			d.decidedBy(said, out, func(p *preference) bool { return p.topic == "" && p.frequency == schema.Never })
		case q.topic == "":
		case slices.Contains(w.Declined, q.topic), len(w.Chosen) > 0 && !slices.Contains(w.Chosen, q.topic):
			deny.Add(schema.TopicNotWanted)
			d.decidedBy(said, out, func(p *preference) bool { return p.chosen || p.declined && p.topic == q.topic })
		}
	}
	return deny
}

// decidedBy adds the preferences in force that made a denial.
func (d *Decider) decidedBy(said []uint32, out *Result, made func(*preference) bool) {
	for _, i := range said {
		if p := &d.e.log.preferences[i]; p.lo <= d.e.asOf && made(p) {
			out.Deciding = append(out.Deciding, decidedByPreference|i)
		}
	}
}

// gather finds the preferences that bear on an anchor, by anchor.
func (d *Decider) gather(s *scene, a AnchorID, q *question) {
	d.heard = d.heard[:0]
	l := d.e.log
	take := func(b *bar, personal bool) {
		if b.pref > 0 {
			p := &l.preferences[b.pref-1]
			if personal && !q.aboutPerson && p.anchor.Kind != schema.Account || p.controller != q.controller ||
				p.brand != q.brand && p.brand != 0 || !d.e.reg.Covers(p.purpose, q.purpose) || !p.channel.Covers(q.channel) {
				return
			}
			d.heard = append(d.heard, b.pref-1)
		}
	}
	for i, hi := l.barsOf(a); i < hi; i++ {
		take(&l.bars[i], false)
	}
	for _, i := range s.bars {
		take(&l.bars[i], true)
	}
	slices.Sort(d.heard) // preferences of an anchor follow each other
	d.heard = slices.Compact(d.heard)
}

// voices are the preferences that were gathered, anchor by anchor, and what
// those of an anchor come to.
func (d *Decider) voices() iter.Seq2[[]uint32, Wishes] {
	all := d.e.log.preferences
	return func(yield func([]uint32, Wishes) bool) {
		for rest := d.heard; len(rest) > 0; {
			n := slices.IndexFunc(rest, func(i uint32) bool { return all[i].anchor != all[rest[0]].anchor })
			if n < 0 {
				n = len(rest)
			}
			d.voice = d.voice[:0]
			for _, i := range rest[:n] {
				d.voice = append(d.voice, &all[i])
			}
			if !yield(rest[:n], wishes(d.voice, d.e.asOf)) {
				return
			}
			rest = rest[n:]
		}
	}
}

// wishes are what the preferences of one anchor come to at a moment. A topic
// is chosen by a choice that is certainly later than every refusal of it; of
// frequencies the strictest counts that no other certainly followed.
func wishes(list []*preference, asOf int64) (w Wishes) {
	for _, p := range list {
		switch {
		case p.lo > asOf:
		case p.topic == "":
			if !slices.ContainsFunc(list, func(o *preference) bool { return o.topic == "" && o.lo <= asOf && o.lo > p.hi }) {
				w.Frequency = max(w.Frequency, p.frequency)
			}
		case slices.Contains(w.Chosen, p.topic), slices.Contains(w.Declined, p.topic):
		default:
			if chosen, said := choice(list, p.topic, asOf); said && chosen {
				w.Chosen = append(w.Chosen, p.topic)
			} else if said {
				w.Declined = append(w.Declined, p.topic)
			}
		}
	}
	return w
}

// choice is what was last said of a topic, if anything.
func choice(list []*preference, topic string, asOf int64) (chosen, said bool) {
	latest, refused := schema.NoTime, schema.NoTime
	for _, p := range list {
		switch {
		case p.topic != topic || p.lo > asOf:
		case p.declined:
			refused, said = max(refused, p.hi), true
		case p.chosen:
			latest, said = max(latest, p.lo), true
		}
	}
	return latest > refused, said
}

// Wishes are what the preferences that bear on an anchor come to for a
// request, over all that bear on it: a topic that any of them declined is
// declined, and the strictest frequency counts.
func (d *Decider) Wishes(k ClusterID, a AnchorID, r int) (all Wishes) {
	d.enter(&d.own, k)
	d.gather(&d.own, a, &d.e.questions[r])
	for _, w := range d.voices() {
		all.Chosen, all.Declined = append(all.Chosen, w.Chosen...), append(all.Declined, w.Declined...)
		all.Frequency = max(all.Frequency, w.Frequency)
	}
	slices.Sort(all.Declined)
	all.Declined = slices.Compact(all.Declined)
	slices.Sort(all.Chosen)
	all.Chosen = slices.DeleteFunc(slices.Compact(all.Chosen), func(t string) bool { return slices.Contains(all.Declined, t) })
	return all
}
