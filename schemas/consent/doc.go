// Package consent says what consent is: the events people cause, what they
// attach to, the purposes they speak of, the rules a jurisdiction sets, and
// the verdict that comes out.
//
// An [Event] is one statement about one [Cell]: this contact point, this
// controller and brand, this purpose, this channel. Events are only ever
// added; nothing here merges two of them. Purposes are keys of a pinned
// [Registry], legal numbers live in a [Policy], both embedded as data with a
// digest, so that a run record can name exactly what was in force.
//
// transforms/consent turns events into a [Verdict]; docs/consent.md beside
// this package explains the rules to people who read no code.
package consent
