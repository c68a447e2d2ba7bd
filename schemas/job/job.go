// Package job is the job file: what to read, how to match, what to publish.
//
// [Parse] reads the YAML strictly: an unknown key is an error that names the
// line and the nearest known key. [Job.Validate] then checks what the shape
// alone cannot say. Every default is a constant of this package, and
// [Job.Effective] gives the configuration as it will be used, for the run
// record. A job file with only store, channels and one snapshot is complete.
package job

import (
	"slices"

	"concord/schemas/attribute"
)

// Job is one job file.
type Job struct {
	Name       string               `yaml:"job" json:"job"`
	Store      string               `yaml:"store" json:"store"`           // directory, relative to the job file
	Output     string               `yaml:"output" json:"output"`         // directory for what runs write; default: the store
	Controller string               `yaml:"controller" json:"controller"` // who decides on the data (GDPR Art. 4(7))
	Region     string               `yaml:"region" json:"region"`         // ISO 3166-1 alpha-2 default for phones and addresses
	DateOrder  string               `yaml:"date_order" json:"date_order"` // ymd, dmy, mdy; "" infers it per column
	Channels   map[string]*Channel  `yaml:"channels" json:"channels"`
	Match      Match                `yaml:"match" json:"match"`
	Golden     map[string]string    `yaml:"golden" json:"golden"` // attribute -> survivorship rule
	Consent    Consent              `yaml:"consent" json:"consent"`
	Gates      Gates                `yaml:"gates" json:"gates"`
	Snapshots  map[string]*Snapshot `yaml:"snapshots" json:"snapshots"`
	// Joins are maps between the profile ids of two snapshots, by name.
	Joins map[string][]string `yaml:"joins" json:"joins,omitempty"`
}

// Kinds of channel.
const (
	KindPeople  = "people"  // rows are customer records
	KindConsent = "consent" // rows are consent events
)

// RowKey as a channel's key names records by object and row number, for
// extracts that hold no key. Such keys change when rows move.
const RowKey = "#row"

// Channel is one source of rows: objects of one shape.
type Channel struct {
	Kind      string            `yaml:"kind" json:"kind,omitempty"`
	Read      string            `yaml:"read" json:"read"` // glob within the store
	Format    string            `yaml:"format" json:"format,omitempty"`
	Delimiter string            `yaml:"delimiter" json:"delimiter,omitempty"`
	Quote     string            `yaml:"quote" json:"quote,omitempty"`
	Encoding  string            `yaml:"encoding" json:"encoding,omitempty"`
	Header    *bool             `yaml:"header" json:"header,omitempty"`
	Columns   []string          `yaml:"columns" json:"columns,omitempty"` // names of a file without header
	Source    string            `yaml:"source" json:"source,omitempty"`   // key namespace; default: the channel's name
	Key       Strings           `yaml:"key" json:"key,omitempty"`
	EventTime Time              `yaml:"event_time" json:"event_time"`
	Brand     Brand             `yaml:"brand" json:"brand"`
	Trust     int               `yaml:"trust" json:"trust"` // rank of most_trusted: higher wins
	Region    string            `yaml:"region" json:"region,omitempty"`
	DateOrder string            `yaml:"date_order" json:"date_order,omitempty"`
	Fields    map[string]*Field `yaml:"fields" json:"fields"`
	// Embedded maps columns of an ordinary channel that record consent.
	Embedded map[string]*Embedded `yaml:"consent" json:"consent,omitempty"`
	// Signals maps columns that hold consent signals, of either kind of
	// channel.
	Signals map[string]*Signal `yaml:"signals" json:"signals,omitempty"`
	// Mapping is the system whose export a consent channel is; Purposes
	// translates that system's names of purposes to keys of the registry.
	Mapping  string            `yaml:"mapping" json:"mapping,omitempty"`
	Purposes map[string]string `yaml:"purposes" json:"purposes,omitempty"`
	// Attach says when a consent that a consent channel holds by account
	// permits to use the contact points of the account's record.
	Attach     string `yaml:"attach" json:"attach,omitempty"`
	Unique     bool   `yaml:"unique" json:"unique,omitempty"` // holds nobody twice: its records never join each other
	MayBeEmpty bool   `yaml:"may_be_empty" json:"may_be_empty,omitempty"`
}

// IsConsent tells whether the channel's rows are consent events.
func (c *Channel) IsConsent() bool { return c.Kind == KindConsent }

// When a consent kept by account holds for the contact points of its record.
const (
	// AttachHeld: if the record has not changed since, so that the contact
	// points are those of the time. A record without event time never counts.
	AttachHeld = "held"
	// AttachLatest: whatever contact points the record has now.
	AttachLatest = "latest"
	// AttachNever: the consent stays with the account.
	AttachNever = "never"
)

// Field maps one column to a semantic type. In YAML it is the type's name or
// a mapping.
type Field struct {
	As        attribute.Type `yaml:"as" json:"as"`
	Kind      string         `yaml:"kind" json:"kind,omitempty"`   // of an identifier
	Name      string         `yaml:"name" json:"name,omitempty"`   // of a custom column; default: the column's
	Label     string         `yaml:"label" json:"label,omitempty"` // keeps two names or addresses of a record apart
	Region    string         `yaml:"region" json:"region,omitempty"`
	DateOrder string         `yaml:"date_order" json:"date_order,omitempty"`
	NameOrder string         `yaml:"name_order" json:"name_order,omitempty"` // of a full name: given_first, family_first; "" infers it
	// Category is the data category of a custom column: what it holds. Without
	// one it may hold anything, and few purposes carry it.
	Category string `yaml:"category" json:"category,omitempty"`
}

// Time names the column of the event time. In YAML it is the column or a
// mapping.
type Time struct {
	Column    string `yaml:"column" json:"column,omitempty"`
	DateOrder string `yaml:"date_order" json:"date_order,omitempty"`
	Zone      string `yaml:"zone" json:"zone,omitempty"` // IANA name for times without an offset; default UTC
}

// Brand is a constant or the column that holds the brand.
type Brand struct {
	Value  string `json:"value,omitempty"`
	Column string `yaml:"column" json:"column,omitempty"`
}

// Embedded reads one column of a people channel as a consent event about the
// record's own contact point.
type Embedded struct {
	Purpose      string   `yaml:"purpose" json:"purpose"`
	Channel      string   `yaml:"channel" json:"channel,omitempty"`
	Time         string   `yaml:"time" json:"time,omitempty"` // column; default: the record's event time
	Jurisdiction string   `yaml:"jurisdiction" json:"jurisdiction,omitempty"`
	OptOut       bool     `yaml:"opt_out" json:"opt_out,omitempty"` // a yes denies and a no says nothing: do_not_call
	Granted      []string `yaml:"granted" json:"granted,omitempty"` // texts that mean yes, beside the built-in ones
	Denied       []string `yaml:"denied" json:"denied,omitempty"`
}

// Match says how records are linked.
type Match struct {
	Model      string   `yaml:"model" json:"model,omitempty"` // "auto" or the path of a trained model
	Off        []string `yaml:"off" json:"off,omitempty"`     // deterministic rules switched off
	Rules      []Rule   `yaml:"rules" json:"rules,omitempty"` // deterministic rules of the job's own
	Budget     Budget   `yaml:"budget" json:"budget"`
	Closure    *bool    `yaml:"closure" json:"closure,omitempty"`       // whether clusters are blocked once more; default: see Closes
	Judgements string   `yaml:"judgements" json:"judgements,omitempty"` // csv of record pairs decided by people
	// OneToOne are pairs of channels, both of which hold nobody twice, whose
	// records belong together one to one: of all the ways to pair them, the one
	// with the greatest sum of weights is taken.
	OneToOne [][]string `yaml:"one_to_one" json:"one_to_one,omitempty"`
}

// closedRecords is how many records are closed by default: some seconds.
const closedRecords = 200_000

// Closes tells whether what is known of each cluster of so many records is
// blocked and compared once more.
func (m *Match) Closes(records int) bool {
	if m.Closure != nil {
		return *m.Closure
	}
	return m.Budget.Pairs > 0 || records <= closedRecords
}

// Rule links two records that agree on all the attributes.
type Rule struct {
	Name string   `yaml:"name" json:"name"`
	All  []string `yaml:"all" json:"all"`
}

// Budget bounds a run. Zero means the default.
type Budget struct {
	Pairs  Count `yaml:"pairs" json:"pairs"`
	Memory Bytes `yaml:"memory" json:"memory"`
}

// Consent says under which rules events are decided.
type Consent struct {
	Policy string `yaml:"policy" json:"policy,omitempty"` // regime of people whose place is unknown: a name of consent.Policy.Profiles
	Key    Key    `yaml:"key" json:"key"`
	// Others are the controllers and brands in the consent feeds that are not
	// this job's: a denial that names any further one stops the run.
	Others []string `yaml:"others" json:"others,omitempty"`
}

// Key says where the secret of keyed hashes is: exactly one of the two, or
// neither, in which case the run makes one in the output directory.
type Key struct {
	File string `yaml:"file" json:"file,omitempty"`
	Env  string `yaml:"env" json:"env,omitempty"`
}

// Snapshot declares one published set of tables for one purpose.
type Snapshot struct {
	Purpose string   `yaml:"purpose" json:"purpose"`
	Channel string   `yaml:"channel" json:"channel,omitempty"`
	Basis   string   `yaml:"basis" json:"basis,omitempty"` // legal basis; default consent
	Brands  []string `yaml:"brands" json:"brands,omitempty"`
	Columns []string `yaml:"columns" json:"columns,omitempty"` // default: all that the purpose may carry
	Topic   string   `yaml:"topic" json:"topic,omitempty"`     // what the messages are about: who declined it is left out
}

// The defaults.
const (
	DefaultPolicy     = "strict"
	DefaultModel      = "auto"
	DefaultBasis      = "consent"
	DefaultController = "unnamed"
	// DefaultMemory leaves a laptop of 16 GiB room for others.
	DefaultMemory = Bytes(8 << 30)
)

// ChannelNames lists the channels in name order: the order of everything
// that goes by channel.
func (j *Job) ChannelNames() []string { return sortedKeys(j.Channels) }

// SnapshotNames lists the snapshots in name order.
func (j *Job) SnapshotNames() []string { return sortedKeys(j.Snapshots) }

// JoinNames lists the join maps in name order.
func (j *Job) JoinNames() []string { return sortedKeys(j.Joins) }

// FieldColumns lists a channel's mapped columns in name order.
func (c *Channel) FieldColumns() []string { return sortedKeys(c.Fields) }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// applyDefaults fills what the file left out.
func (j *Job) applyDefaults() {
	setDefault(&j.Output, j.Store)
	setDefault(&j.Controller, DefaultController)
	setDefault(&j.Match.Model, DefaultModel)
	setDefault(&j.Consent.Policy, DefaultPolicy)
	if j.Match.Budget.Memory == 0 {
		j.Match.Budget.Memory = DefaultMemory
	}
	j.Gates.applyDefaults()
	for name, c := range j.Channels {
		c.applyDefaults(name, j)
	}
	for _, s := range j.Snapshots {
		if s != nil {
			setDefault(&s.Basis, DefaultBasis)
			setDefault(&s.Channel, "*")
		}
	}
}

func (c *Channel) applyDefaults(name string, j *Job) {
	if c == nil {
		return
	}
	setDefault(&c.Kind, KindPeople)
	if c.IsConsent() {
		setDefault(&c.Attach, AttachHeld)
	}
	setDefault(&c.Source, name)
	setDefault(&c.Region, j.Region)
	setDefault(&c.DateOrder, j.DateOrder)
	for column, f := range c.Fields {
		if f == nil {
			continue
		}
		setDefault(&f.Region, c.Region)
		setDefault(&f.DateOrder, c.DateOrder)
		if attribute.IsCustom(f.As) {
			setDefault(&f.Name, columnName(column))
		}
	}
}

func setDefault(s *string, v string) {
	if *s == "" {
		*s = v
	}
}
