package pipeline

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

// Feeds and jobs are written by different hands: a denial for "NORTHWIND" is
// one for Northwind, and one for a name that nobody knows may be a typing
// error, so it must not pass in silence. Nor may a feed whose customer numbers
// are no record's.

// denials notes, of one worker's rows, whom denials name.
type denials struct {
	named map[denialName]*stranger
	last  denialName // of the row before: mostly the same
	seen  *stranger  // its entry
	// suppressions counts them; accounts are the accounts and postal addresses
	// that they and preferences name, by channel.
	suppressions int
	accounts     map[string][]schema.Anchor
}

// denialName is a controller and brand that a channel's denials name.
type denialName struct{ channel, controller, brand string }

// stranger counts the rows, and knows the first.
type stranger struct {
	name  denialName
	rows  int64
	first schema.Source
}

func (s *stranger) add(rows int64, first *schema.Source) {
	if s.rows == 0 || cmp.Or(cmp.Compare(first.Object, s.first.Object), cmp.Compare(first.Row, s.first.Row)) < 0 {
		s.first = schema.Source{Object: strings.Clone(first.Object), Row: first.Row}
	}
	s.rows += rows
}

// note notes a denial. The texts need not outlive the call.
func (d *denials) note(at *schema.Source, controller, brand string) {
	name := denialName{at.Channel, controller, brand}
	if d.seen == nil || name != d.last {
		if d.seen = d.named[name]; d.seen == nil {
			d.seen = &stranger{}
			if d.named == nil {
				d.named = map[denialName]*stranger{}
			}
			name = denialName{strings.Clone(name.channel), strings.Clone(name.controller), strings.Clone(name.brand)}
			d.named[name] = d.seen
			d.seen.name = name
		}
		d.last = d.seen.name
	}
	d.seen.add(1, at)
}

// suppress notes a suppression.
func (d *denials) suppress(channel string, a schema.Anchor) {
	d.suppressions++
	d.names(channel, a)
}

// names notes whom a suppression or a preference names.
func (d *denials) names(channel string, a schema.Anchor) {
	if a.Kind != schema.Account && a.Kind != schema.Postal {
		return
	}
	if d.accounts == nil {
		d.accounts = map[string][]schema.Anchor{}
	}
	d.accounts[channel] = append(d.accounts[channel], a)
}

// controller is the job's spelling of a controller that is the job's.
func (r *run) controller(name string) string {
	if name != r.Job.Controller && foldName(name) == foldName(r.Job.Controller) {
		return r.Job.Controller
	}
	return name
}

// foldName is a name without the differences of writing: case, and the number
// of spaces.
func foldName(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// hear finds out which denials nobody of the job would hear.
func (r *run) hear(builders []*logBuilder) {
	known := map[string]bool{"": true, foldName(r.Job.Controller): true}
	for _, list := range [][]string{r.in.Records.Brands, r.Job.Consent.Others} {
		for _, name := range list {
			known[foldName(name)] = true
		}
	}
	r.strangers = map[string]*stranger{}
	accounts := map[string][]schema.Anchor{}
	for _, b := range builders {
		r.suppressed += b.denied.suppressions
		for channel, list := range b.denied.accounts {
			accounts[channel] = append(accounts[channel], list...)
		}
		for name, s := range b.denied.named {
			if known[foldName(name.controller)] && known[foldName(name.brand)] {
				continue
			}
			if r.strangers[name.channel] == nil {
				r.strangers[name.channel] = &stranger{}
			}
			r.strangers[name.channel].add(s.rows, &s.first)
		}
	}
	r.accountsNamed = r.countAccounts(accounts)
}

// foreignDenials refuses denials that nobody of the job would hear. What they
// name is not shown: a column mapped wrongly may hold anything.
func foreignDenials(c *comparison) []finding {
	var out []finding
	for _, channel := range slices.Sorted(maps.Keys(c.strangers)) {
		s := c.strangers[channel]
		out = append(out, finding{
			Subject: "channel " + channel, Figure: float64(s.rows), refuses: true,
			Text: fmt.Sprintf("channel %q: %d denials name a controller or brand that the job does not have, the first in object %q row %d: correct the feed, or list the name under consent.others if it is really another's", channel, s.rows, s.first.Object, s.first.Row),
		})
	}
	if len(out) == 0 {
		return []finding{{Text: "every denial names the job's controller and brands, or others that it lists"}}
	}
	return out
}

// unheardRows refuses rows that may deny and of which nobody knows whom they
// concern.
func unheardRows(c *comparison) []finding {
	var out []finding
	for _, channel := range slices.Sorted(maps.Keys(c.unheard)) {
		s := c.unheard[channel]
		out = append(out, finding{
			Subject: "channel " + channel, Figure: float64(s.rows), refuses: s.rows > int64(c.gates.UnheardRows),
			Text: fmt.Sprintf("channel %q has consent columns, and %d of its rows may deny and name nobody, the first in object %q row %d: repair the rows, which are in quarantine; gates.unheard_rows is %d", channel, s.rows, s.first.Object, s.first.Row, c.gates.UnheardRows),
		})
	}
	if len(out) == 0 {
		return []finding{{Text: "every row of a channel with consent columns says whom it concerns"}}
	}
	return out
}

// namedAccount is an account that a channel names.
type namedAccount struct {
	channel string
	id      consent.AnchorID
}

// accountShare is how many distinct accounts and postal addresses a consent
// channel names, and how many of them a record has. Both are matched by how
// they are written; an e-mail address that no record has is a prospect's.
type accountShare struct{ named, matched int64 }

// countAccounts looks for the accounts that the consent channels name among
// the records: those of events, and those that suppressions name.
func (r *run) countAccounts(suppressed map[string][]schema.Anchor) map[string]*accountShare {
	held := make([]bool, r.log.Anchors())
	mark := func(a consent.AnchorID) {
		if int(a.Index()) < len(held) {
			held[a.Index()] = true
		}
	}
	for _, a := range r.anchors.account {
		mark(a)
	}
	if postal := r.anchors.find(schema.Postal); postal != nil {
		for _, a := range postal.bySlot {
			if a != 0 {
				mark(a)
			}
		}
	}
	out := map[string]*accountShare{}
	count := func(a consent.AnchorID, channel string) {
		if !r.Job.Channels[channel].IsConsent() {
			return
		}
		if out[channel] == nil {
			out[channel] = &accountShare{}
		}
		out[channel].named++
		if held[a.Index()] {
			out[channel].matched++
		}
	}
	counted := map[namedAccount]bool{}
	r.log.Sources(schema.Account, count)
	r.log.Sources(schema.Postal, count)
	for channel, list := range suppressed {
		for _, a := range list {
			if id, ok := r.log.ID(a); ok && !counted[namedAccount{channel, id}] {
				counted[namedAccount{channel, id}] = true
				count(id, channel)
			}
		}
	}
	return out
}

// unmatchedAccounts refuses a feed whose account numbers are not the records'.
func unmatchedAccounts(c *comparison) []finding {
	var out []finding
	limit := float64(*c.gates.UnmatchedAccounts)
	for _, channel := range slices.Sorted(maps.Keys(c.accounts)) {
		s := c.accounts[channel]
		share := 1 - float64(s.matched)/float64(s.named)
		out = append(out, finding{
			Subject: "channel " + channel, Figure: share, refuses: share > limit,
			Text: fmt.Sprintf("channel %q: of the %d accounts and postal addresses it names %d are no record's, %s; gates.unmatched_accounts is %v; accounts are written SOURCE/KEY, or the channel says source: whose keys they are", channel, s.named, s.named-s.matched, percent(share), *c.gates.UnmatchedAccounts),
		})
	}
	if len(out) == 0 {
		return []finding{{Text: "no consent channel names accounts"}}
	}
	return out
}
