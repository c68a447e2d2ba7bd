package consent

import (
	schema "concord/schemas/consent"
)

// Flag is a profile's may_ flag for one request.
//
// It is TRUE when at least one of the profile's anchors may be used: for a
// message, that there is somewhere to send it, not that every address of the
// profile will do (a send list reads the contact points' own flags); for a
// purpose about the person, that somebody consented, since there a denial on
// any anchor has already travelled to all of them. A flag can therefore be
// TRUE for a merged profile one half of which had nowhere to send to; no
// contact point gained anything by it, and no value of the other half may be
// shown (see [Decider.Record]).
type Flag struct {
	Allowed bool
	// ValidUntil is the earliest moment the flag may turn FALSE: when the
	// last of its anchors does. Forever where Allowed is false.
	ValidUntil int64
}

// Permit decides a request for every anchor of a cluster: allowed[i] is for
// Clustering.Anchors(k)[i], and must be as long. It returns the profile's
// flag.
func (d *Decider) Permit(k ClusterID, r int, allowed []bool) Flag {
	flag := Flag{ValidUntil: schema.NoTime}
	for i, a := range d.e.clusters.Anchors(k) {
		var until int64
		allowed[i], until = d.allows(k, a, r)
		if allowed[i] {
			flag.Allowed, flag.ValidUntil = true, max(flag.ValidUntil, until)
		}
	}
	if !flag.Allowed {
		flag.ValidUntil = schema.Forever
	}
	return flag
}

// Record tells whether the values of one source record may be shown for a
// request: whether one of the record's own anchors permits it within its
// cluster. This is consent-aware survivorship: a value is never shown on the
// strength of a consent that came with another record. A record without
// anchors permits nothing; give each its account as an anchor. A value that
// is itself an anchor is shown only if that anchor permits.
func (d *Decider) Record(k ClusterID, anchors []AnchorID, r int) bool {
	for _, a := range anchors {
		if ok, _ := d.allows(k, a, r); ok {
			return true
		}
	}
	return false
}

func (d *Decider) allows(k ClusterID, a AnchorID, r int) (bool, int64) {
	d.Decide(k, a, r, &d.single)
	return d.single.Allowed, d.single.ValidUntil
}
