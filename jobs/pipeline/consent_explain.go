package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"concord/jobs/ingest"
	"concord/jobs/store"
	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/consent"
	"concord/transforms/report"
	"concord/transforms/snapshot"
)

// ConsentQuestion asks what a contact point may be used for.
type ConsentQuestion struct {
	ContactPoint string // as a person writes it; of an account, SOURCE/KEY
	Kind         string // email, phone, device, account or postal; "" tries all but the last
	Purpose      string
	Channel      string // "" for whatever the job's snapshots of the purpose ask
	Brand        string // "" for every brand
	// AsOf asks for what was published at that moment; zero for what is
	// published now.
	AsOf time.Time
}

// ConsentAnswer is what one published snapshot says, and why.
type ConsentAnswer struct {
	Snapshot string
	Run      string    // that published it
	RunAsOf  time.Time // that it decided at
	Purpose  string
	Channel  string
	Kind     string // of the contact point; "" where nothing knows it
	// Cells are the verdicts, one for each profile that holds the contact
	// point and brand, in the order of the files.
	Cells []CellAnswer
	// Events are those on the contact point about the purpose, a wider or a
	// narrower one, and those on other contact points that decided; what is no
	// event and limits permissions is among them. By time.
	Events []EventAnswer
}

// CellAnswer is the verdict on the contact point for one profile and brand.
type CellAnswer struct {
	Profile, Brand string
	Allowed        bool
	// Ended tells that the verdict allowed and no longer holds at the moment
	// asked for.
	Ended                 bool
	Grounds               []schema.Explanation
	Basis, State          string
	ValidFrom, ValidUntil time.Time // zero where there is no bound
	Deciding              []string  // event ids
	// Categories are the kinds of data that a permission is for; nil for all that
	// the snapshot shows.
	Categories []string
}

// EventAnswer is an event behind a verdict, or an entry of a suppression list, a
// hold or a preference. It holds no personal value.
type EventAnswer struct {
	ID        string
	Limit     bool   // it is no event
	Topic     string // of a preference, as Frequency
	Frequency string
	Own       bool // on the asked contact point rather than another of the profile
	Decides   bool
	Kind      string
	State     string
	Purpose   string
	Channel   string
	Brand     string
	Scope     string
	Basis     string
	From, To  time.Time // when it happened, as well as its source knows
	Until     time.Time // zero for no end
	Notice    string
	// Categories are the kinds of data that it names; nil for all.
	Categories []string
	Source     schema.Source
}

// ExplainConsent answers from published files alone: it runs nothing and
// reads no extract.
func ExplainConsent(ctx context.Context, c *Config, q ConsentQuestion) ([]ConsentAnswer, error) {
	list, err := c.audiencesFor(q)
	if err != nil {
		return nil, failed(ErrConfig, err)
	}
	out, err := c.openOutputs()
	if err != nil {
		return nil, classify(err)
	}
	keys, err := c.readingKeys(ctx)
	if err != nil {
		return nil, classify(err)
	}
	x := &explainer{Config: c, q: q, out: out, keys: keys}
	if x.names, err = c.canonicalForms(q); err != nil {
		return nil, failed(ErrConfig, err)
	}
	var answers []ConsentAnswer
	for _, a := range list {
		answer, err := x.answer(ctx, a)
		if err != nil {
			return nil, classify(fmt.Errorf("snapshot %q: %w", a.name, err))
		}
		answers = append(answers, *answer)
	}
	if !slices.ContainsFunc(answers, func(a ConsentAnswer) bool { return len(a.Cells)+len(a.Events) > 0 }) {
		if len(x.brands) > 0 {
			slices.Sort(x.brands)
			return nil, failedf(ErrNotFound, "no profile of brand %q has that contact point: it is known for %q", x.q.Brand, slices.Compact(x.brands))
		}
		return nil, failedf(ErrNotFound, "no published profile and no consent event has that contact point: check its spelling, or give --kind")
	}
	return answers, nil
}

// explainer answers one question.
type explainer struct {
	*Config
	q     ConsentQuestion
	out   store.Store
	keys  KeyProvider
	names []contactName
	// brands are those that the contact point is known for and that were not
	// asked for.
	brands []string
}

// contactName is a canonical form that the contact point may have.
type contactName struct {
	kind      schema.Kind
	canonical string
}

// audiencesFor are the job's snapshots that the question is about.
func (c *Config) audiencesFor(q ConsentQuestion) ([]*audience, error) {
	asked := &audience{}
	reg := schema.DefaultRegistry()
	code, ch, split, err := reg.Resolve(q.Purpose)
	if err != nil {
		return nil, fmt.Errorf("--purpose: %w", err)
	}
	asked.purpose = reg.Purpose(code).Key
	if q.Channel != "" {
		if asked.channel, err = schema.ParseChannel(q.Channel); err != nil {
			return nil, fmt.Errorf("--channel: %w", err)
		}
	}
	if split {
		asked.channel = ch
	}
	var list []*audience
	var there []string
	for _, name := range c.Job.SnapshotNames() {
		a := &audience{name: name, spec: c.Job.Snapshots[name]}
		if err := a.declare(); err != nil {
			return nil, fmt.Errorf("snapshot %q: %w", name, err)
		}
		if a.purpose == asked.purpose && (q.Channel == "" && !split || a.channel == asked.channel) {
			list = append(list, a)
		}
		there = append(there, a.purposeKey())
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no snapshot of the job is for that purpose and channel, so nothing is decided for it; there are %s", strings.Join(there, ", "))
	}
	return list, nil
}

// canonicalForms are the forms that customer records may have of the contact
// point: by kind, and of a telephone number by the channels' regions.
func (c *Config) canonicalForms(q ConsentQuestion) ([]contactName, error) {
	kinds := []schema.Kind{schema.Email, schema.Phone, schema.Device, schema.Account}
	if q.Kind != "" {
		k, err := schema.ParseKind(q.Kind)
		if err != nil || k != schema.Postal && !slices.Contains(kinds, k) {
			return nil, fmt.Errorf("--kind is email, phone, device, account or postal, not %q", q.Kind)
		}
		kinds = []schema.Kind{k}
	}
	regions := []string{c.Job.Region}
	for _, name := range c.Job.ChannelNames() {
		if r := c.Job.Channels[name].Region; !slices.Contains(regions, r) {
			regions = append(regions, r)
		}
	}
	var out []contactName
	for _, k := range kinds {
		for _, region := range regions {
			if form, ok := canonicalAnchor(region)(k, q.ContactPoint); ok && !slices.Contains(out, contactName{k, form}) {
				out = append(out, contactName{k, form})
			}
		}
	}
	if len(out) == 0 {
		return nil, errors.New("--contact-point: it cannot be read as a contact point of that kind")
	}
	return out, nil
}

// answer asks one snapshot.
func (x *explainer) answer(ctx context.Context, a *audience) (*ConsentAnswer, error) {
	m, run, err := publishedAt(ctx, x.out, a.name, x.q.AsOf)
	if err != nil {
		return nil, err
	}
	answer := &ConsentAnswer{Snapshot: a.name, Run: run, RunAsOf: m.Run.AsOf, Purpose: a.purpose, Channel: a.channel.String()}
	if err := x.cells(ctx, a, m, answer); err != nil {
		return nil, err
	}
	return answer, x.events(ctx, a, m, answer)
}

// cells finds the contact point in profile_consents by its token.
func (x *explainer) cells(ctx context.Context, a *audience, m *report.Manifest, answer *ConsentAnswer) error {
	key, version, err := x.keys.Secret(ctx, purposeDomain(a.purpose))
	if err != nil {
		return err
	}
	pseudonym, err := snapshot.NewPseudonym(key, version, purposeDomain(a.purpose))
	if err != nil {
		return err
	}
	var tokens []string
	for _, n := range x.names {
		tokens = append(tokens, pseudonym.Token(n.kind.String(), n.canonical))
	}
	moment := cmp.Or(x.q.AsOf, time.Now())
	rows, err := x.find(ctx, objectsOf(m, a.name, table.TableProfileConsents), table.ColToken, tokens)
	for _, row := range rows {
		if brand := row.text(table.ColBrand); x.q.Brand != "" && brand != ingest.Brand(x.q.Brand) {
			x.brands = append(x.brands, brand)
			continue
		}
		answer.Kind = row.text(table.ColKind)
		cell := CellAnswer{
			Profile: row.text(table.ColProfileID), Brand: row.text(table.ColBrand), Allowed: row.text(table.ColAllowed) == "true",
			Basis: row.text(table.ColBasis), State: row.text(table.ColState), Deciding: row.lists[table.ColDeciding],
			ValidFrom: row.times[table.ColFrom], ValidUntil: row.times[table.ColUntil], Categories: row.lists[table.ColCategories],
		}
		cell.Ended = cell.Allowed && !cell.ValidUntil.IsZero() && !moment.Before(cell.ValidUntil)
		for _, code := range row.lists[table.ColReasons] {
			cell.Grounds = append(cell.Grounds, groundOf(code))
		}
		answer.Cells = append(answer.Cells, cell)
	}
	return err
}

func groundOf(code string) schema.Explanation {
	for _, r := range schema.Reasons() {
		if r.Code == code {
			return r
		}
	}
	return schema.Explanation{Code: code, Meaning: "This version of the program does not know the reason."}
}

// events finds the contact point's own events, and those that decided.
func (x *explainer) events(ctx context.Context, a *audience, m *report.Manifest, answer *ConsentAnswer) error {
	key, _, err := x.keys.Secret(ctx, anchorDomain)
	if err != nil {
		return err
	}
	hasher, err := consent.NewHasher(key)
	if err != nil {
		return err
	}
	var own, deciding []string
	for _, n := range x.names {
		own = append(own, anchorText(hasher.Anchor(n.kind, n.canonical)))
	}
	for _, c := range answer.Cells {
		deciding = append(deciding, c.Deciding...)
	}
	slices.Sort(deciding)
	deciding = slices.Compact(deciding)
	for _, name := range []string{table.TableConsentEvents, table.TableConsentLimits} {
		if err := x.said(ctx, a, objectsOf(m, "", name), name == table.TableConsentLimits, own, deciding, answer); err != nil {
			return err
		}
	}
	slices.SortFunc(answer.Events, func(a, b EventAnswer) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), strings.Compare(a.ID, b.ID),
			strings.Compare(a.Source.Channel, b.Source.Channel), strings.Compare(a.Source.Object, b.Source.Object), cmp.Compare(a.Source.Row, b.Source.Row))
	})
	return nil
}

// said adds what a table of events or of limits says of the contact point, and
// what of it decided elsewhere.
func (x *explainer) said(ctx context.Context, a *audience, files []string, limits bool, own, deciding []string, answer *ConsentAnswer) error {
	rows, err := x.find(ctx, files, table.ColAnchor, own)
	if err != nil {
		return err
	}
	elsewhere := slices.Clone(deciding)
	for _, row := range rows {
		e := row.event(true, limits, deciding)
		if concerns(e.Purpose, a.purpose) && (row.text(table.ColController) == x.Job.Controller || limits && row.text(table.ColController) == "") {
			answer.Events = append(answer.Events, e)
			answer.Kind = cmp.Or(answer.Kind, e.Kind)
		}
		elsewhere = slices.DeleteFunc(elsewhere, func(id string) bool { return id == e.ID })
	}
	if len(elsewhere) > 0 {
		rows, err = x.find(ctx, files, table.ColEventID, elsewhere)
		for _, row := range rows {
			answer.Events = append(answer.Events, row.event(false, limits, deciding))
		}
	}
	return err
}

// concerns tells whether what was said of a purpose, "" for all of them, may
// bear on another.
func concerns(said, asked string) bool {
	reg := schema.DefaultRegistry()
	s, known := reg.Code(said)
	a, _ := reg.Code(asked) // an audience's is known
	return said == "" || known && (reg.Covers(s, a) || reg.Covers(a, s))
}

// publishedAt is the manifest of a snapshot as it was published at a moment,
// zero for now, and the run's name.
func publishedAt(ctx context.Context, s store.Store, name string, at time.Time) (*report.Manifest, string, error) {
	if at.IsZero() {
		p, err := readPublished(ctx, s, "snapshots/"+name)
		if err != nil {
			return nil, "", err
		}
		return p.manifest, p.pointer.Run, nil
	}
	prefix := "snapshots/" + name + "/as_of="
	// Only what was published has a manifest.
	all, err := s.List(ctx, store.Scope{Prefix: prefix, Segments: 4})
	if err != nil {
		return nil, "", err
	}
	var best string
	var bestTime time.Time
	bestAttempt := 0
	for _, info := range all {
		if path.Base(info.Key) != manifestName {
			continue
		}
		slot, attempt, _ := strings.Cut(strings.TrimPrefix(path.Dir(info.Key), prefix), ".")
		of, err := time.Parse(slotLayout, slot)
		n, _ := strconv.Atoi(attempt) // "" is the first
		if err != nil || of.After(at) || best != "" && (of.Before(bestTime) || of.Equal(bestTime) && n < bestAttempt) {
			continue
		}
		best, bestTime, bestAttempt = info.Key, of, n
	}
	if best == "" {
		return nil, "", failedf(ErrNotFound, "nothing was published as of %s or before", at.Format(time.RFC3339))
	}
	text, err := read(ctx, s, best)
	if err != nil {
		return nil, "", err
	}
	m, err := report.ParseManifest(text)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", best, err)
	}
	return m, m.Run.ID, nil
}
