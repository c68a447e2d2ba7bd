package consent

import (
	"slices"
	"strings"
	"time"

	schema "concord/schemas/consent"
)

// Field is a column of the consent feed.
type Field string

// The fields. Subject kind and value, purpose, state and event time are
// mandatory; so is the controller unless the job has one, and the channel of
// a grant that concerns a contact point.
const (
	FieldEventID        Field = "event_id" // the source's own
	FieldSubjectKind    Field = "subject_kind"
	FieldSubjectValue   Field = "subject_value"
	FieldController     Field = "controller"
	FieldBrand          Field = "brand"
	FieldPurpose        Field = "purpose"
	FieldChannel        Field = "channel"
	FieldCategories     Field = "data_categories"
	FieldBasis          Field = "legal_basis"
	FieldState          Field = "state"
	FieldScope          Field = "scope"
	FieldEventTime      Field = "event_time"
	FieldValidUntil     Field = "valid_until"
	FieldConfirmed      Field = "confirmed"    // yes or no
	FieldConfirmedAt    Field = "confirmed_at" // a time
	FieldJurisdiction   Field = "jurisdiction"
	FieldNoticeID       Field = "notice_id"
	FieldNoticeVersion  Field = "notice_version"
	FieldNoticeLanguage Field = "notice_language"
	FieldNoticeDigest   Field = "notice_digest"
	FieldNoticePurposes Field = "notice_purposes"
	FieldMethod         Field = "method"
	FieldExpressedBy    Field = "expressed_by"
	FieldEvidence       Field = "evidence"
	FieldSupersedes     Field = "supersedes"
	FieldTopic          Field = "topic"     // makes the row a preference
	FieldFrequency      Field = "frequency" // likewise
)

// Fields lists the feed's fields in the order of its documentation.
func Fields() []Field {
	return []Field{
		FieldEventID, FieldSubjectKind, FieldSubjectValue, FieldController, FieldBrand, FieldPurpose, FieldChannel,
		FieldCategories, FieldBasis, FieldState, FieldScope, FieldEventTime, FieldValidUntil, FieldConfirmed,
		FieldConfirmedAt, FieldJurisdiction, FieldNoticeID, FieldNoticeVersion, FieldNoticeLanguage, FieldNoticeDigest,
		FieldNoticePurposes, FieldMethod, FieldExpressedBy, FieldEvidence, FieldSupersedes, FieldTopic, FieldFrequency,
	}
}

// IsList tells whether a field may hold several words.
func (f Field) IsList() bool {
	return f == FieldCategories || f == FieldNoticePurposes || f == FieldSupersedes
}

// Fault is what is wrong with a field.
type Fault string

// The faults.
const (
	Missing     Fault = "missing"
	Unreadable  Fault = "unreadable"
	Contradicts Fault = "contradicts" // another field of the row
	InFuture    Fault = "in_future"
)

// Problem names a field and its fault, never the value.
type Problem struct {
	Field Field
	Fault Fault
}

// String is the problem as quarantine shows it, such as "purpose: unreadable".
func (p Problem) String() string { return string(p.Field) + ": " + string(p.Fault) }

// Row reads a field of a row as text, "" where it has none.
type Row func(Field) string

// Reading is what a row said.
type Reading struct {
	// Event is complete when there are no Problems, no Suppression and no
	// Preferences.
	Event schema.Event
	// Suppression is what the row is instead of an event: an entry of a
	// suppression list, a restriction or an erasure. It too is complete only
	// when there are no Problems.
	Suppression *schema.Suppression
	// Preferences are what the row is instead of an event: topics and how often.
	Preferences []schema.Preference
	Problems    []Problem
	// Hold says that the row could not be read, may have been a denial, and
	// that Event.Anchor is whose: until it is repaired the anchor must be
	// suppressed as held. Unattributed is the same without an anchor: nobody
	// can say whom it concerns, so a run must not publish.
	Hold, Unattributed bool
}

// Parser reads rows of the consent feed. It is for one goroutine.
type Parser struct {
	Registry *schema.Registry
	Hasher   *Hasher
	// Canonical is the canonical form of a subject's value, the one that
	// normalize gives the same contact point in a customer record; false
	// when there is none. nil takes the trimmed value.
	Canonical func(kind schema.Kind, value string) (string, bool)
	// Controller, Brand and Jurisdiction are for rows that name none.
	Controller, Brand, Jurisdiction string
	// Zone is where days and times without a zone were written; nil for UTC.
	Zone *time.Location
	// NotAfter is the latest believable event time, in microseconds since
	// 1970 UTC; 0 for no limit. A denial wrongly dated in 2062 would wait
	// until then.
	NotAfter int64

	patterns map[string]*schema.Event // what repeating texts say: see ParseCells
	key      []byte
}

// reader gathers the problems of one row.
type reader struct {
	p        *Parser
	row      Row
	problems []Problem
}

func (r *reader) text(f Field) string { return strings.TrimSpace(r.row(f)) }

func (r *reader) fault(f Field, fault Fault) { r.problems = append(r.problems, Problem{f, fault}) }

// Parse reads a row into an event, or says what keeps it from being one.
func (p *Parser) Parse(row Row) Reading {
	r := &reader{p: p, row: row}
	e := schema.Event{
		Ref: r.text(FieldEventID), Method: r.text(FieldMethod), Evidence: r.text(FieldEvidence),
		Supersedes: list(r.text(FieldSupersedes)),
		Notice: schema.Notice{
			ID: r.text(FieldNoticeID), Version: r.text(FieldNoticeVersion),
			Language: r.text(FieldNoticeLanguage), Digest: r.text(FieldNoticeDigest),
		},
	}
	attributed := r.anchor(&e)
	said := r.state(&e)
	r.names(&e)
	if said.bars {
		return r.suppression(&e, said, attributed)
	}
	if r.prefers(said) {
		return r.preference(&e, said, attributed)
	}
	r.purpose(&e)
	r.basis(&e)
	r.times(&e, timeTexts{r.text(FieldEventTime), r.text(FieldValidUntil), r.text(FieldConfirmed), r.text(FieldConfirmedAt)})
	r.notice(&e)
	r.scope(&e, said)
	reading := Reading{Event: e, Problems: r.problems}
	if len(r.problems) > 0 && !said.known || len(r.problems) > 0 && e.State.Denies() {
		reading.Hold, reading.Unattributed = attributed, !attributed
	}
	return reading
}

func (r *reader) anchor(e *schema.Event) bool {
	kind, value := strings.ToLower(r.text(FieldSubjectKind)), r.text(FieldSubjectValue)
	if kind == "" {
		r.fault(FieldSubjectKind, Missing)
	}
	if value == "" {
		r.fault(FieldSubjectValue, Missing)
	}
	if kind == "" || value == "" {
		return false
	}
	k, ok := kinds[kind]
	if !ok {
		r.fault(FieldSubjectKind, Unreadable)
		return false
	}
	e.Anchor.Kind = k
	return r.subject(e, value)
}

// subject reads the subject's value; the kind is known.
func (r *reader) subject(e *schema.Event, value string) bool {
	kind := e.Anchor.Kind
	e.Anchor = schema.Anchor{}
	if value == "" {
		r.fault(FieldSubjectValue, Missing)
		return false
	}
	if r.p.Canonical != nil {
		var ok bool
		if value, ok = r.p.Canonical(kind, value); !ok || value == "" {
			r.fault(FieldSubjectValue, Unreadable)
			return false
		}
	}
	e.Anchor = r.p.Hasher.Anchor(kind, value)
	return true
}

func (r *reader) state(e *schema.Event) spelling {
	text := r.text(FieldState)
	if text == "" {
		r.fault(FieldState, Missing)
		return spelling{}
	}
	s, ok := spellings[token(text)]
	if !ok {
		r.fault(FieldState, Unreadable)
		return spelling{}
	}
	e.State = s.state
	s.known = true
	return s
}

func (r *reader) names(e *schema.Event) {
	e.Controller = or(r.text(FieldController), r.p.Controller)
	e.Brand = or(r.text(FieldBrand), r.p.Brand)
	if e.Controller == "" {
		r.fault(FieldController, Missing)
	}
	e.Jurisdiction = strings.ToUpper(or(r.text(FieldJurisdiction), r.p.Jurisdiction))
	if e.Jurisdiction != "" && !isPlace(e.Jurisdiction) {
		r.fault(FieldJurisdiction, Unreadable)
	}
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// isPlace tells whether s looks like ISO 3166-1 alpha-2 or 3166-2.
func isPlace(s string) bool {
	country, part, divided := strings.Cut(s, "-")
	letters := strings.Trim(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	rest := strings.Trim(part, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
	return len(country) == 2 && letters && (!divided || len(part) >= 1 && len(part) <= 3 && rest)
}

func (r *reader) purpose(e *schema.Event) {
	text := r.text(FieldPurpose)
	if text == "" {
		r.fault(FieldPurpose, Missing)
		return
	}
	code, channel, split, err := r.p.Registry.Resolve(text)
	if err != nil {
		r.fault(FieldPurpose, Unreadable)
		return
	}
	purpose := r.p.Registry.Purpose(code)
	e.Purpose, e.Channel = purpose.Key, channel
	given := r.text(FieldChannel)
	switch stated, ok := channels[token(given)]; {
	case given != "" && !ok:
		r.fault(FieldChannel, Unreadable)
	case given != "" && split && stated != channel:
		r.fault(FieldChannel, Contradicts)
	case given != "":
		e.Channel = stated
	case !split && purpose.About == schema.AboutContactPoint && !e.State.Denies():
		// A denial without a channel is one of every channel; a grant must
		// say what it grants.
		r.fault(FieldChannel, Missing)
	}
}

func (r *reader) basis(e *schema.Event) {
	if text := r.text(FieldBasis); text != "" {
		b, err := schema.ParseBasis(token(text))
		if err != nil {
			r.fault(FieldBasis, Unreadable)
		}
		e.Basis = b
	}
	if text := r.text(FieldExpressedBy); text != "" {
		by, err := schema.ParseParty(token(text))
		if err != nil {
			r.fault(FieldExpressedBy, Unreadable)
		}
		e.ExpressedBy = by
	}
	e.Categories = list(r.text(FieldCategories))
	if slices.ContainsFunc(e.Categories, func(c string) bool { return !r.p.Registry.Category(c) }) {
		r.fault(FieldCategories, Unreadable)
	}
}

// timeTexts are the fields that tell when, trimmed.
type timeTexts struct{ event, until, confirmed, confirmedAt string }

func (r *reader) times(e *schema.Event, t timeTexts) {
	e.ValidUntil, e.ConfirmedAt = schema.Forever, schema.NoTime
	if t.event == "" {
		r.fault(FieldEventTime, Missing)
		return
	}
	when, ok := ParseTime(t.event, r.p.Zone)
	switch {
	case !ok || when.Lo <= 0:
		r.fault(FieldEventTime, Unreadable)
		return
	case r.p.NotAfter != 0 && when.Lo > r.p.NotAfter:
		r.fault(FieldEventTime, InFuture)
	}
	e.Time = when
	if t.until != "" {
		end, ok := ParseTime(t.until, r.p.Zone)
		switch {
		case !ok:
			r.fault(FieldValidUntil, Unreadable)
		case end.Lo <= when.Lo:
			r.fault(FieldValidUntil, Contradicts)
		default:
			// The first instant of what was written: "until 1 May" does not
			// cover 1 May.
			e.ValidUntil = end.Lo
		}
	}
	r.confirmation(e, t)
}

func (r *reader) confirmation(e *schema.Event, t timeTexts) {
	if t.confirmed != "" {
		yes, known := yesNo(t.confirmed)
		switch {
		case !known:
			r.fault(FieldConfirmed, Unreadable)
		case yes:
			e.ConfirmedAt = e.Time.Lo
		}
	}
	if t.confirmedAt == "" {
		return
	}
	at, ok := ParseTime(t.confirmedAt, r.p.Zone)
	switch {
	case !ok:
		r.fault(FieldConfirmedAt, Unreadable)
	case at.Hi < e.Time.Lo || t.confirmed != "" && e.ConfirmedAt == schema.NoTime:
		r.fault(FieldConfirmedAt, Contradicts)
	default:
		e.ConfirmedAt = max(at.Lo, e.Time.Lo)
	}
}

func (r *reader) notice(e *schema.Event) {
	for _, text := range list(r.text(FieldNoticePurposes)) {
		code, channel, split, err := r.p.Registry.Resolve(text)
		if err != nil {
			r.fault(FieldNoticePurposes, Unreadable)
			return
		}
		covers := r.p.Registry.Purpose(code).Key
		if split {
			covers += ":" + channel.String()
		}
		e.Notice.Covers = append(e.Notice.Covers, covers)
	}
}

// scope is as the row says, or as wide as such a statement is meant: an
// objection and a browser signal speak for the person, and so does a denial
// on an account, which is no contact point that it could stay with.
func (r *reader) scope(e *schema.Event, said spelling) {
	if text := r.text(FieldScope); text != "" {
		s, err := schema.ParseScope(token(text))
		if err != nil {
			r.fault(FieldScope, Unreadable)
		}
		e.Scope = s
		return
	}
	if e.State.Denies() && (said.personal || token(e.Method) == "gpc" || e.Anchor.Kind == schema.Account) {
		e.Scope = schema.PersonScope
	}
}

// list splits a list of keys, which hold neither spaces nor separators.
func list(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == ';' || c == '|' || c == ',' || c == ' ' })
}
