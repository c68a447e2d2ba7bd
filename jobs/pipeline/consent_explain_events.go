package pipeline

import (
	"encoding/hex"

	schema "concord/schemas/consent"
	"concord/transforms/consent"
	"concord/transforms/snapshot"
)

// writeConsentEvents writes the events that decided: who asks later why a
// contact point may be used reads them there, without running the job again.
func (r *run) writeConsentEvents(w *tableWriter, lo, hi int) error {
	rows := w.rows
	return r.log.EachIn(lo, hi, func(e *consent.LoggedEvent) error {
		rows.Text(0, anchorText(e.Anchor))
		rows.Text(1, e.Kind.String())
		rows.Text(2, e.ID.String())
		rows.Text(3, e.Controller)
		rows.TextOrNull(4, e.Brand)
		rows.Text(5, e.Purpose)
		rows.Text(6, e.Channel.String())
		rows.Text(7, e.State.String())
		rows.Text(8, e.Scope.String())
		rows.Text(9, e.Basis.String())
		rows.Time(10, e.Time.Lo)
		rows.Time(11, e.Time.Hi)
		rows.Time(12, end(e.ValidUntil))
		rows.Time(13, start(e.ConfirmedAt))
		rows.TextOrNull(14, e.Jurisdiction)
		rows.TextOrNull(15, e.NoticeVersion)
		rows.TextOrNull(16, e.Evidence)
		rows.Text(17, e.Source.Channel)
		rows.Text(18, e.Source.Object)
		rows.Int(19, int64(e.Source.Row))
		if len(e.Categories) > 0 {
			rows.Texts(20, e.Categories)
		} else {
			rows.Null(20)
		}
		return rows.End()
	})
}

// writeConsentLimits writes suppressions, holds and preferences.
func (r *run) writeConsentLimits(w *tableWriter, lo, hi int) error {
	return r.log.LimitsIn(lo, hi, func(x consent.Limit) error {
		if x.Suppression != nil {
			return writeSuppression(w.rows, x.Suppression)
		}
		return writePreference(w.rows, x.Preference)
	})
}

func writeSuppression(rows *snapshot.Rows, s *schema.Suppression) error {
	limited(rows, &s.Anchor, s.ID(), &s.Source)
	rows.TextOrNull(3, s.Controller)
	for _, col := range []int{4, 5, 6, 9, 10, 12} {
		rows.Null(col)
	}
	rows.Text(7, s.Kind.String())
	rows.Text(8, s.Scope.String())
	rows.Time(11, start(s.From))
	return rows.End()
}

func writePreference(rows *snapshot.Rows, p *schema.Preference) error {
	limited(rows, &p.Anchor, p.ID(), &p.Source)
	rows.Text(3, p.Controller)
	rows.TextOrNull(4, p.Brand)
	rows.Text(5, p.Purpose)
	rows.Text(6, p.Channel.String())
	switch {
	case p.Chosen:
		rows.Text(7, "chosen")
	case p.Declined:
		rows.Text(7, "declined")
	default:
		rows.Text(7, "frequency")
	}
	rows.Null(8)
	rows.TextOrNull(9, p.Topic)
	if p.Frequency == schema.AnyFrequency {
		rows.Null(10)
	} else {
		rows.Text(10, p.Frequency.String())
	}
	rows.Time(11, p.Time.Lo)
	rows.Time(12, p.Time.Hi)
	return rows.End()
}

// limited writes what every limit has.
func limited(rows *snapshot.Rows, a *schema.Anchor, id schema.EventID, at *schema.Source) {
	rows.Text(0, anchorText(*a))
	rows.Text(1, a.Kind.String())
	rows.Text(2, id.String())
	rows.Text(13, at.Channel)
	rows.Text(14, at.Object)
	rows.Int(15, int64(at.Row))
}

// anchorText is an anchor in tables: the leading half of its keyed hash. The
// order of anchors in a log is that of their texts.
func anchorText(a schema.Anchor) string { return "a_" + hex.EncodeToString(a.Hash[:16]) }
