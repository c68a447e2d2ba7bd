package pipeline

import (
	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/consent"
)

// wishes fills the columns of contact_points that say what the person wants of
// anchor at of the present cluster, where the table has them.
func (w *part) wishes(at int) {
	const topicsChosen = table.ContactPointColumns // the first column behind the others
	if w.contacts.file.schema.NumFields() == topicsChosen {
		return
	}
	wishes := w.permitter.decider.Wishes(consent.ClusterID(w.permitter.cluster), w.permitter.anchors[at], w.permitter.request)
	rows := w.contacts.rows
	rows.Texts(topicsChosen, wishes.Chosen)
	rows.Texts(topicsChosen+1, wishes.Declined)
	if wishes.Frequency == schema.AnyFrequency {
		rows.Null(topicsChosen + 2)
		return
	}
	rows.Text(topicsChosen+2, wishes.Frequency.String())
}
