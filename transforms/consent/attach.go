package consent

import (
	"crypto/sha256"

	schema "concord/schemas/consent"
)

// Attachment restates what sources say of their customers by account number
// on the contact points of the account's own record. A message cannot be sent
// to a number, so without this a consent kept by account permits nothing.
//
// It is done before anything is merged, record by record: a statement reaches
// the contact points of the record with that account and no others, however
// records cluster, so a merge cannot widen by it. A consent is restated only
// on what the record certainly held when it was given; see [Attachment.Attach].
type Attachment struct {
	builders []*Builder
	ways     [][]Attaching // by builder and file
	accounts map[[32]byte][]from
}

// Attaching is when a consent kept by account holds for the contact points of
// the account's record.
type Attaching uint8

// The ways to attach, narrowest first.
const (
	AttachNever  Attaching = iota
	AttachHeld             // if the record held them when the consent was given
	AttachLatest           // whatever contact points the record has now
)

// NewAttachment looks through what builders gathered for statements on
// accounts to restate: consents to reach a contact point, in the way of the
// extract channel they were read from, and denials that were said to stay
// where they were made. An account is no place where a denial could stay.
func NewAttachment(way func(channel string) Attaching, builders ...*Builder) *Attachment {
	x := &Attachment{builders: builders, accounts: map[[32]byte][]from{}}
	for k, b := range builders {
		ways := make([]Attaching, len(b.origins.files))
		for i, f := range b.origins.files {
			ways[i] = way(f.channel)
		}
		x.ways = append(x.ways, ways)
		for i := range b.buckets {
			for at := range b.buckets[i].n {
				r := b.buckets[i].at(at)
				if r.kind != schema.Account {
					continue
				}
				f := &r.fact
				consents := f.state.Permits() && ways[r.origin.file] != AttachNever && b.reg.Purpose(f.purpose).About == schema.AboutContactPoint
				if consents || f.state.Denies() && f.scope == schema.AnchorScope {
					x.accounts[r.anchor] = append(x.accounts[r.anchor], from{uint16(k), uint32(at)})
				}
			}
		}
	}
	return x
}

// Len counts the accounts with something to restate.
func (x *Attachment) Len() int { return len(x.accounts) }

// Has tells whether there is something to restate of an account. Any number
// of goroutines may ask, while nothing is attached.
func (x *Attachment) Has(account schema.Anchor) bool {
	_, ok := x.accounts[account.Hash]
	return ok
}

// Attach restates what is said of an account on the points that its record
// holds, as far as the statement's channel reaches them. since is from when
// on the record certainly holds them, in microseconds since 1970 UTC: a
// consent from before may have been given for another address and is not
// restated, unless its way is AttachLatest. [schema.Forever] is for a record
// that nobody can date. A denial is always restated. It counts the consents that were restated, and
// those that were not for being too old.
func (x *Attachment) Attach(account schema.Anchor, since int64, points []schema.Anchor) (restated, old int) {
	for _, at := range x.accounts[account.Hash] {
		b := x.builders[at.builder]
		r := *b.buckets[account.Hash[0]].at(int(at.at))
		if r.fact.state.Permits() && r.fact.lo < since && x.ways[at.builder][r.origin.file] != AttachLatest {
			old++
			continue
		}
		reached := false
		for _, p := range points {
			if p.Kind == schema.Account || !r.fact.channel.Reaches(p.Kind) {
				continue
			}
			copied := r
			copied.anchor, copied.kind, copied.id = p.Hash, p.Kind, restatedID(r.id, p)
			*b.buckets[p.Hash[0]].add() = copied
			reached = true
		}
		if reached && r.fact.state.Permits() {
			restated++
		}
	}
	return restated, old
}

// restatedID identifies an event on an account as restated on a contact point.
func restatedID(id schema.EventID, p schema.Anchor) schema.EventID {
	text := append([]byte("concord restated event 1"), id[:]...)
	return sha256.Sum256(append(append(text, byte(p.Kind)), p.Hash[:]...))
}
