// Package consent decides what each contact point may be used for.
//
// Events come in through a [Parser] (the consent feed) or an [Embedded]
// mapping (a consent column of an ordinary channel) and are gathered in a
// [Log], indexed by anchor. The caller describes the profiles as a
// [Clustering]: which anchors each holds, under which jurisdictions, and
// whether a minor is among them. An [Engine] then answers, for any profile,
// anchor and [Request], whether that use is permitted at one instant, why,
// by which events, and until when.
//
// What always holds, and is tested over random logs: the answer depends on no
// order and no arrival time (T1); merging profiles never permits anything
// (T2), and splitting them again gives the same bytes, because nothing merged
// is ever stored (T3); a denial never permits (T4); a grant speaks for its
// own cell only (T5); time alone only takes away (T6); suppression absorbs
// (T7). The rules themselves stand in schemas/docs/consent.md, with the
// decision table that the tests run.
//
// Everything here is a pure function of its inputs. An Engine is read-only
// and shared; each goroutine takes a [Decider] of its own from it.
package consent
