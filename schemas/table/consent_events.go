package table

import (
	"github.com/apache/arrow-go/v18/arrow"

	"concord/schemas/attribute"
)

// TableConsentEvents is the table of [ConsentEvents].
const TableConsentEvents = "consent_events"

// TableConsentLimits is the table of [ConsentLimits].
const TableConsentLimits = "consent_limits"

// ColTopic is what a preference is about.
const ColTopic = "topic"

// Columns of consent events that no other table has.
const (
	ColAnchor        = "anchor" // keyed hash of the contact point, device or account
	ColEventID       = "event_id"
	ColScope         = "scope"
	ColEventUntil    = "event_time_until" // inclusive: when the event may have happened at the latest
	ColConfirmed     = "confirmed_at"
	ColSourceChannel = "source_channel" // extract channel
)

// ConsentEvents is one row per consent event that the run knew: what
// profile_consents names as deciding_event_ids. The anchor is a keyed hash
// under the key of consent anchors, which is that of no purpose: only who
// holds the job's secret can tell whose an event is.
func ConsentEvents() *arrow.Schema {
	const about = "user.privacy_preferences"
	return schema(TableConsentEvents, ColAnchor, false, []arrow.Field{
		required(ColAnchor, Text, "user.unique_id.pseudonymous", attribute.Plain),
		system(ColKind, Text), required(ColEventID, Text, "user.unique_id.pseudonymous", attribute.Plain),
		system(ColController, Text), optional(ColBrand, Text, "system", attribute.Plain),
		system(ColPurpose, Text), system(ColChannel, Text),
		required(ColState, Text, about, attribute.Plain), required(ColScope, Text, about, attribute.Plain),
		required(ColBasis, Text, about, attribute.Plain),
		required(ColEventTime, Moment, about, attribute.Plain), required(ColEventUntil, Moment, about, attribute.Plain),
		optional(ColUntil, Moment, about, attribute.Plain), optional(ColConfirmed, Moment, about, attribute.Plain),
		optional(ColJurisdiction, Text, about, attribute.Plain), optional(ColNotice, Text, about, attribute.Plain),
		optional(ColEvidence, Text, about, attribute.Plain),
		system(ColSourceChannel, Text), system(ColObject, Text), system(ColRow, arrow.PrimitiveTypes.Int64),
		optional(ColCategories, Texts, about, attribute.Plain),
	})
}

// ConsentLimits is one row per entry of a suppression list, hold and preference
// that the run knew: what narrows without being a statement about a use.
// deciding_event_ids of profile_consents names them like events; entries of
// several rows that say the same have one id.
func ConsentLimits() *arrow.Schema {
	const about = "user.privacy_preferences"
	return schema(TableConsentLimits, ColAnchor, false, []arrow.Field{
		required(ColAnchor, Text, "user.unique_id.pseudonymous", attribute.Plain),
		system(ColKind, Text), required(ColEventID, Text, "user.unique_id.pseudonymous", attribute.Plain),
		optional(ColController, Text, "system", attribute.Plain), optional(ColBrand, Text, "system", attribute.Plain),
		optional(ColPurpose, Text, "system", attribute.Plain), optional(ColChannel, Text, "system", attribute.Plain),
		required(ColState, Text, about, attribute.Plain), optional(ColScope, Text, about, attribute.Plain),
		optional(ColTopic, Text, about, attribute.Plain), optional(ColFrequency, Text, about, attribute.Plain),
		optional(ColEventTime, Moment, about, attribute.Plain), optional(ColEventUntil, Moment, about, attribute.Plain),
		system(ColSourceChannel, Text), system(ColObject, Text), system(ColRow, arrow.PrimitiveTypes.Int64),
	})
}
