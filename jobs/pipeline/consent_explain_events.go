package pipeline

import (
	"encoding/hex"

	schema "concord/schemas/consent"
	"concord/transforms/consent"
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

// anchorText is an anchor in tables: the leading half of its keyed hash. The
// order of anchors in a log is that of their texts.
func anchorText(a schema.Anchor) string { return "a_" + hex.EncodeToString(a.Hash[:16]) }
