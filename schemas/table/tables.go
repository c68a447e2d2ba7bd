package table

import (
	"github.com/apache/arrow-go/v18/arrow"

	"concord/schemas/attribute"
)

// The published tables. Types are the plain ones that every engine reads:
// STRING, BOOLEAN, INT32, INT64, DOUBLE, BINARY, TIMESTAMP in microseconds
// UTC, and three-level lists of required elements. A permission is never
// null: what is not permitted is FALSE.

// Names of tables, as directories and `concord export` call them.
const (
	TableProfiles        = "profiles"
	TableContactPoints   = "contact_points"
	TableProfileConsents = "profile_consents"
	TablePermissionDelta = "permission_delta"
	TableProvenance      = "provenance"
	TableLinks           = "links"
	TableDecisions       = "decisions"
	TableMemberships     = "memberships"
	TableQuarantine      = "quarantine"
	TableJoinMap         = "join_map"
)

// Column names that more than one table has, or that code refers to.
const (
	ColProfileID    = "profile_id"
	ColOtherID      = "other_profile_id" // of the same profile in the other snapshot of a join map
	ColGoldenID     = "golden_id"
	ColController   = "controller"
	ColBrand        = "brand"
	ColPurpose      = "purpose"
	ColChannel      = "channel" // of a permission: email, sms …; of a record: its extract channel
	ColKind         = "kind"
	ColValue        = "value"
	ColToken        = "token" // keyed hash standing for a contact point
	ColPrimary      = "is_primary"
	ColFlagPrefix   = "may_"
	ColChosen       = "topics_chosen"
	ColDeclined     = "topics_declined"
	ColFrequency    = "max_frequency" // daily, weekly, monthly, quarterly or yearly
	ColValidUntil   = "consent_valid_until"
	ColAsOf         = "consent_as_of"
	ColRegime       = "regime"
	ColMinor        = "is_minor" // no, yes or unknown
	ColJurisdiction = "jurisdiction"
	ColJurisdicts   = "jurisdictions"
	ColPermitted    = "permitted_purposes"
	ColDenied       = "denied_reasons"
	ColConflict     = "has_consent_conflict"
	ColAllowed      = "allowed"
	ColReasons      = "reasons"
	ColBasis        = "basis"
	ColState        = "state"
	ColFrom         = "valid_from"
	ColUntil        = "valid_until"
	ColNotice       = "notice_version"
	ColEvidence     = "evidence_id"
	ColDeciding     = "deciding_event_ids"
	ColCategories   = "data_categories"
	ColOld          = "old_allowed"
	ColNew          = "new_allowed"
	ColAttribute    = "attribute"
	ColObject       = "object"
	ColObjectDigest = "object_sha256"
	ColRow          = "row"
	ColEventTime    = "event_time"
	ColRule         = "rule"
	ColValueDigest  = "value_digest" // keyed: see transforms/snapshot
	ColHeld         = "held_by"
	ColCandidates   = "candidates"
	ColLosers       = "losers"
	ColSource       = "source"
	ColRecordKey    = "record_key"
	ColWeight       = "weight" // log2 odds
	ColWeights      = "weights"
	ColPattern      = "pattern"
	ColModel        = "model"
	ColDecision     = "decision"
	ColPrevious     = "previous_ids"
	ColRecords      = "records"
	ColReason       = "reason"
	ColCode         = "code"
	ColColumn       = "column"
	ColRaw          = "raw"
)

// Keys of field and schema metadata.
const (
	MetaCategory    = "data_category" // Fideslang key
	MetaSensitivity = "sensitivity"   // direct, quasi, plain
	MetaTable       = "table"
	MetaSortedBy    = "sorted_by" // the column that rows are ordered by, ascending by bytes
	MetaUnique      = "unique"    // "true": no two rows share the value of sorted_by
)

// The types of the tables.
var (
	Text    = arrow.BinaryTypes.String
	Texts   = arrow.ListOfField(arrow.Field{Name: "element", Type: arrow.BinaryTypes.String})
	Numbers = arrow.ListOfField(arrow.Field{Name: "element", Type: arrow.PrimitiveTypes.Float64})
	Moment  = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	Flags   = arrow.FixedWidthTypes.Boolean
	Count   = arrow.PrimitiveTypes.Int32
	Double  = arrow.PrimitiveTypes.Float64
	Bytes   = arrow.BinaryTypes.Binary
)

// ProfileColumn is one attribute of a profiles table.
type ProfileColumn struct {
	Attribute attribute.Name
	List      bool   // every surviving value rather than one
	Category  string // that the job declared for a column of its own; "" for none
}

func (c *ProfileColumn) spec() attribute.Spec {
	if c.Category != "" {
		return attribute.Declared(c.Attribute, c.Category)
	}
	spec, _ := attribute.Lookup(c.Attribute)
	return spec
}

// Profiles is one row per golden record and brand that the purpose permits:
// what a person allowed one brand says nothing of another. uses are
// the permission flags without their prefix: "email_marketing" gives the
// column may_email_marketing.
func Profiles(columns []ProfileColumn, uses []string) *arrow.Schema {
	fields := []arrow.Field{
		required(ColProfileID, Text, "user.unique_id.pseudonymous", attribute.Plain),
		required(ColController, Text, "system", attribute.Plain),
		optional(ColBrand, Text, "system", attribute.Plain),
	}
	for _, c := range columns {
		spec := c.spec()
		var typ arrow.DataType = Text
		if c.List {
			typ = Texts
		}
		fields = append(fields, optional(c.Attribute.Column(), typ, spec.Category, spec.Sensitivity))
	}
	fields = append(fields, flags(uses)...)
	fields = append(fields,
		optional(ColValidUntil, Moment, "system", attribute.Plain),
		required(ColAsOf, Moment, "system", attribute.Plain),
		optional(ColRegime, Text, "system", attribute.Plain),
		required(ColMinor, Text, "user.demographic.age_range", attribute.Plain),
		required(ColJurisdicts, Texts, "user.location", attribute.Plain),
		required(ColPermitted, Texts, "user.privacy_preferences", attribute.Plain),
		required(ColDenied, Texts, "user.privacy_preferences", attribute.Plain),
		required(ColConflict, Flags, "user.privacy_preferences", attribute.Plain),
	)
	return schema(TableProfiles, ColProfileID, false, fields)
}

// ContactPointColumns is how many columns contact_points has for one use,
// without those of wishes.
const ContactPointColumns = 7

// ContactPoints is one row per profile, brand and contact point. Where the
// purpose may not carry the value, tokens stands a keyed token in its place.
// wishes adds what the person wants of the contact point: topics and how often.
func ContactPoints(tokens bool, uses []string, wishes bool) *arrow.Schema {
	what := required(ColValue, Text, "user.contact", attribute.Direct)
	if tokens {
		what = required(ColToken, Text, "user.unique_id.pseudonymous", attribute.Plain)
	}
	fields := []arrow.Field{
		required(ColProfileID, Text, "user.unique_id.pseudonymous", attribute.Plain),
		optional(ColBrand, Text, "system", attribute.Plain),
		required(ColKind, Text, "system", attribute.Plain),
		what,
		required(ColPrimary, Flags, "system", attribute.Plain),
	}
	fields = append(fields, flags(uses)...)
	fields = append(fields, optional(ColValidUntil, Moment, "system", attribute.Plain))
	if wishes {
		const about = "user.privacy_preferences"
		fields = append(fields, required(ColChosen, Texts, about, attribute.Plain), required(ColDeclined, Texts, about, attribute.Plain),
			optional(ColFrequency, Text, about, attribute.Plain))
	}
	return schema(TableContactPoints, ColProfileID, false, fields)
}

// cell names what a permission is about: a contact point (by token), a
// controller and brand, a purpose and a channel.
func cell() []arrow.Field {
	return []arrow.Field{
		required(ColProfileID, Text, "user.unique_id.pseudonymous", attribute.Plain),
		required(ColKind, Text, "system", attribute.Plain),
		required(ColToken, Text, "user.unique_id.pseudonymous", attribute.Plain),
		required(ColController, Text, "system", attribute.Plain),
		optional(ColBrand, Text, "system", attribute.Plain),
		required(ColPurpose, Text, "system", attribute.Plain),
		required(ColChannel, Text, "system", attribute.Plain),
	}
}

// ProfileConsents is one row per cell: the verdict and what decided it.
func ProfileConsents() *arrow.Schema {
	const about = "user.privacy_preferences"
	return schema(TableProfileConsents, ColProfileID, false, append(cell(),
		required(ColAllowed, Flags, about, attribute.Plain),
		required(ColReasons, Texts, about, attribute.Plain),
		optional(ColBasis, Text, about, attribute.Plain),
		optional(ColState, Text, about, attribute.Plain),
		optional(ColJurisdiction, Text, about, attribute.Plain),
		optional(ColFrom, Moment, about, attribute.Plain),
		optional(ColUntil, Moment, about, attribute.Plain),
		optional(ColNotice, Text, about, attribute.Plain),
		optional(ColEvidence, Text, about, attribute.Plain),
		required(ColDeciding, Texts, about, attribute.Plain),
		optional(ColCategories, Texts, about, attribute.Plain),
	))
}

// PermissionDelta is one row per cell whose verdict, or the kinds of data that it
// permits, changed since the last published run. A cell that was not there before was not permitted, and one
// that is there no more is not (reason cell_gone), so applying the rows to the
// permitted cells of the published snapshot gives those of the new one. A
// profile whose records were clustered otherwise, or whose key was changed,
// has another id: its old cells go and its new ones come.
func PermissionDelta() *arrow.Schema {
	const about = "user.privacy_preferences"
	return schema(TablePermissionDelta, ColProfileID, false, append(cell(),
		required(ColOld, Flags, about, attribute.Plain),
		required(ColNew, Flags, about, attribute.Plain),
		required(ColReasons, Texts, about, attribute.Plain),
		optional(ColCategories, Texts, about, attribute.Plain),
	))
}

// Provenance is one row per non-null value of a snapshot's profiles.
func Provenance() *arrow.Schema {
	return schema(TableProvenance, ColProfileID, false, []arrow.Field{
		required(ColProfileID, Text, "user.unique_id.pseudonymous", attribute.Plain),
		optional(ColBrand, Text, "system", attribute.Plain),
		system(ColGoldenID, Text), system(ColAttribute, Text), system(ColChannel, Text),
		system(ColObject, Text), system(ColObjectDigest, Text), system(ColRow, arrow.PrimitiveTypes.Int64),
		optional(ColEventTime, Moment, "system", attribute.Plain), system(ColRule, Text),
		required(ColValueDigest, Text, "user.unique_id.pseudonymous", attribute.Plain),
		system(ColHeld, Count), system(ColCandidates, Count), system(ColLosers, Count),
	})
}

// Links is one row per accepted link between two records: a rule's, the
// model's, or a person's. Weights are log2 odds; weights has one element per
// comparison of the model, in its order, none for a link of a rule.
func Links() *arrow.Schema {
	return schema(TableLinks, ColGoldenID, false, []arrow.Field{
		system(ColGoldenID, Text),
		system("a_"+ColChannel, Text), required("a_"+ColRecordKey, Text, "user.unique_id", attribute.Direct),
		system("b_"+ColChannel, Text), required("b_"+ColRecordKey, Text, "user.unique_id", attribute.Direct),
		system(ColRule, Text), optional(ColModel, Text, "system", attribute.Plain),
		optional(ColPattern, Text, "system", attribute.Plain),
		system(ColWeight, Double), system(ColWeights, Numbers),
	})
}

// Decisions is one row per golden id of the run: kept, new, merged out of
// several previous ones, or split off one.
func Decisions() *arrow.Schema {
	return schema(TableDecisions, ColGoldenID, true, []arrow.Field{
		system(ColGoldenID, Text), system(ColDecision, Text), system(ColPrevious, Texts),
		system(ColRecords, Count), optional(ColReason, Text, "system", attribute.Plain),
	})
}

// Memberships is one row per record: the golden record it belongs to.
func Memberships() *arrow.Schema {
	return schema(TableMemberships, ColGoldenID, false, []arrow.Field{
		system(ColGoldenID, Text), system(ColChannel, Text), system(ColSource, Text),
		required(ColRecordKey, Text, "user.unique_id", attribute.Direct),
		system(ColObject, Text), system(ColRow, arrow.PrimitiveTypes.Int64),
		optional(ColEventTime, Moment, "system", attribute.Plain),
	})
}

// JoinMap is one row per profile and brand that both of two snapshots hold: the
// profile's id in the first and in the second.
func JoinMap() *arrow.Schema {
	return schema(TableJoinMap, ColProfileID, false, []arrow.Field{
		required(ColProfileID, Text, "user.unique_id.pseudonymous", attribute.Plain),
		required(ColOtherID, Text, "user.unique_id.pseudonymous", attribute.Plain),
		optional(ColBrand, Text, "system", attribute.Plain),
	})
}

// Quarantine is one row per row that was refused, as it was read.
func Quarantine() *arrow.Schema {
	return schema(TableQuarantine, ColObject, false, []arrow.Field{
		system(ColObject, Text), system(ColChannel, Text), system(ColRow, arrow.PrimitiveTypes.Int64),
		system(ColCode, Text), optional(ColColumn, Text, "system", attribute.Plain),
		optional(ColRaw, Bytes, "user", attribute.Direct),
	})
}

func schema(name, sortedBy string, unique bool, fields []arrow.Field) *arrow.Schema {
	u := "false"
	if unique {
		u = "true"
	}
	m := arrow.NewMetadata([]string{MetaTable, MetaSortedBy, MetaUnique}, []string{name, sortedBy, u})
	return arrow.NewSchema(fields, &m)
}

func flags(uses []string) []arrow.Field {
	fields := make([]arrow.Field, len(uses))
	for i, u := range uses {
		fields[i] = required(ColFlagPrefix+u, Flags, "user.privacy_preferences", attribute.Plain)
	}
	return fields
}

func system(name string, typ arrow.DataType) arrow.Field {
	return required(name, typ, "system", attribute.Plain)
}

func required(name string, typ arrow.DataType, category string, s attribute.Sensitivity) arrow.Field {
	m := arrow.NewMetadata([]string{MetaCategory, MetaSensitivity}, []string{category, s.String()})
	return arrow.Field{Name: name, Type: typ, Metadata: m}
}

func optional(name string, typ arrow.DataType, category string, s attribute.Sensitivity) arrow.Field {
	f := required(name, typ, category, s)
	f.Nullable = true
	return f
}

// IsDirect tells whether a field holds direct identifiers, whose values must
// stay out of file statistics.
func IsDirect(f arrow.Field) bool {
	v, _ := f.Metadata.GetValue(MetaSensitivity)
	return v == attribute.Direct.String()
}

// Meta is the value of a schema's metadata key, "" where it has none.
func Meta(s *arrow.Schema, key string) string {
	m := s.Metadata()
	v, _ := m.GetValue(key)
	return v
}
