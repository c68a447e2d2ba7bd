package job

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"concord/schemas/attribute"
	"concord/schemas/consent"
)

// Validate checks what a job file says beyond its shape. It returns all
// problems joined, each a [*Problem]. What needs other rooms (purposes,
// survivorship rules, normalizers) is checked by the pipeline before any row
// is read.
func (j *Job) Validate() error {
	v := &validation{}
	if j.Name == "" {
		v.add("job", "the job needs a name, such as job: retail-customers")
	} else if columnName(j.Name) == "" {
		v.add("job", "a job's name holds letters or digits")
	}
	if j.Store == "" {
		v.add("store", "the store is missing: name the directory that holds the extracts")
	}
	if strings.Contains(j.Store, "://") {
		v.add("store", "only a directory can be a store in this version; object storage is not built yet")
	}
	v.region("region", j.Region)
	v.dateOrder("date_order", j.DateOrder)
	v.channels(j)
	v.match(&j.Match)
	v.oneToOne(j)
	for _, name := range sortedKeys(j.Golden) {
		if _, ok := attribute.Lookup(attribute.Name(name)); !ok {
			v.add("golden."+name, "unknown attribute%s", didYouMean(name, attributeNames()))
		}
	}
	if j.Consent.Key.File != "" && j.Consent.Key.Env != "" {
		v.add("consent.key", "give file or env, not both")
	}
	v.gates(j)
	v.snapshots(j)
	v.joins(j)
	return errors.Join(v.problems...)
}

type validation struct{ problems []error }

func (v *validation) add(path, format string, args ...any) {
	v.problems = append(v.problems, &Problem{path, fmt.Sprintf(format, args...)})
}

func (v *validation) channels(j *Job) {
	if len(j.Channels) == 0 {
		v.add("channels", "a job needs at least one channel; `concord init DIR` writes them from a folder of extracts")
		return
	}
	people := 0
	for _, name := range j.ChannelNames() {
		c := j.Channels[name]
		if c == nil {
			v.add("channels."+name, "the channel is empty: give read, key and fields")
			continue
		}
		if !c.IsConsent() {
			people++
		}
		v.channel("channels."+name, c)
	}
	v.categories(j)
	if people == 0 {
		v.add("channels", "no channel holds people: all are of kind consent")
	}
}

func (v *validation) channel(path string, c *Channel) {
	if c.Kind != KindPeople && c.Kind != KindConsent {
		v.add(path+".kind", "a channel's kind is %s or %s", KindPeople, KindConsent)
	}
	if c.Read == "" {
		v.add(path+".read", "read is missing: a glob within the store, such as extracts/crm/*.csv")
	}
	if c.Format != "" && !slices.Contains([]string{"csv", "tsv", "jsonl", "parquet"}, c.Format) {
		v.add(path+".format", "a format is csv, tsv, jsonl or parquet")
	}
	if len([]rune(c.Delimiter)) > 1 {
		v.add(path+".delimiter", "a delimiter is one character")
	}
	if len([]rune(c.Quote)) > 1 {
		v.add(path+".quote", "a quote is one character")
	}
	v.region(path+".region", c.Region)
	v.dateOrder(path+".date_order", c.DateOrder)
	v.dateOrder(path+".event_time.date_order", c.EventTime.DateOrder)
	if z := c.EventTime.Zone; z != "" {
		if _, err := time.LoadLocation(z); err != nil {
			v.add(path+".event_time.zone", "unknown time zone: give an IANA name such as Europe/Berlin")
		}
	}
	v.attach(path, c)
	v.mapping(path, c)
	v.signals(path, c)
	if c.IsConsent() {
		v.consentChannel(path, c)
		return
	}
	if len(c.Key) == 0 || c.Key[0] == "" {
		v.add(path+".key", "key is missing: the column that names a record, or %q when there is none", RowKey)
	}
	if len(c.Fields) == 0 {
		v.add(path+".fields", "fields is empty: map at least one column to a semantic type")
	}
	for _, column := range c.FieldColumns() {
		v.field(path+".fields."+column, c.Fields[column])
	}
	for _, column := range sortedKeys(c.Embedded) {
		v.embedded(path+".consent."+column, c.Embedded[column])
	}
}

// consentChannel: fields of a consent channel name the columns of an event
// the other way round (event field -> column); their names are checked by
// transforms/consent.
func (v *validation) consentChannel(path string, c *Channel) {
	if len(c.Embedded) > 0 {
		v.add(path+".consent", "a channel of kind consent has no embedded consent columns")
	}
	for _, column := range c.FieldColumns() {
		f := c.Fields[column]
		if f == nil || f.As == "" {
			v.add(path+".fields."+column, "name the event field that the column holds")
		}
	}
}

func (v *validation) field(path string, f *Field) {
	if f == nil || f.As == "" {
		v.add(path, "name the semantic type, such as email")
		return
	}
	if !slices.Contains(attribute.Types(), f.As) {
		v.add(path, "unknown semantic type %q%s", f.As, didYouMean(string(f.As), typeNames()))
		return
	}
	if f.As == attribute.TypeIdentifier && columnName(f.Kind) == "" {
		v.add(path, "an identifier needs its kind, such as {as: identifier, kind: loyalty}")
	}
	if f.Kind != "" && f.As != attribute.TypeIdentifier {
		v.add(path, "only an identifier has a kind")
	}
	if f.Name != "" && !attribute.IsCustom(f.As) {
		v.add(path, "only text, date, money and number columns have a name of their own")
	}
	v.region(path+".region", f.Region)
	v.dateOrder(path+".date_order", f.DateOrder)
	v.nameOrder(path+".name_order", f)
	v.category(path+".category", f)
}

// category: what a column of a known type holds is known.
func (v *validation) category(path string, f *Field) {
	switch {
	case f.Category == "":
	case !attribute.IsCustom(f.As):
		v.add(path, "only text, date, money and number columns declare a category: a %s is one", f.As)
	case f.Category == attribute.Undeclared || !consent.DefaultRegistry().Category(f.Category):
		v.add(path, "unknown data category: name a Fideslang key such as user.behavior.purchase_history")
	}
}

// categories: one column of the published tables holds one thing, whichever
// channel it is from.
func (v *validation) categories(j *Job) {
	first := map[string]string{} // name ─► path of the field that declared first
	seen := map[string]string{}  // name ─► category
	for _, channel := range j.ChannelNames() {
		c := j.Channels[channel]
		if c == nil || c.IsConsent() {
			continue
		}
		for _, column := range c.FieldColumns() {
			f, path := c.Fields[column], "channels."+channel+".fields."+column
			if f == nil || !attribute.IsCustom(f.As) {
				continue
			}
			if at, again := first[f.Name]; again && seen[f.Name] != f.Category {
				v.add(path+".category", "%s fills the same column and declares another category: a column holds one thing", at)
				continue
			}
			first[f.Name], seen[f.Name] = path, f.Category
		}
	}
}

// Categories are the declared data categories of the job's own columns, by
// their attributes.
func (j *Job) Categories() map[attribute.Name]string {
	out := map[attribute.Name]string{}
	for _, c := range j.Channels {
		for _, f := range c.Fields {
			if f.Category != "" {
				out[attribute.Custom(f.Name)] = f.Category
			}
		}
	}
	return out
}

func (v *validation) match(m *Match) {
	for i, r := range m.Rules {
		path := fmt.Sprintf("match.rules.%d", i)
		if r.Name == "" || len(r.All) == 0 {
			v.add(path, "a rule needs a name and the attributes that must all agree: {name: …, all: [email, birth_date]}")
		}
		for _, a := range r.All {
			if _, ok := attribute.Lookup(attribute.Name(a)); !ok {
				v.add(path, "unknown attribute %q%s", a, didYouMean(a, attributeNames()))
			}
		}
	}
}

// oneToOne: pairs of people channels that hold nobody twice.
func (v *validation) oneToOne(j *Job) {
	for i, of := range j.Match.OneToOne {
		path := fmt.Sprintf("match.one_to_one.%d", i)
		if len(of) != 2 || of[0] == of[1] {
			v.add(path, "one to one are the records of two channels: name them, such as [crm, billing]")
			continue
		}
		for _, name := range of {
			c := j.Channels[name]
			switch {
			case c == nil:
				v.add(path, "there is no channel %q%s", name, didYouMean(name, j.ChannelNames()))
			case c.IsConsent():
				v.add(path, "channel %q holds consent events, not people", name)
			case !c.Unique:
				v.add(path, "channel %q may hold a person twice: say channels.%s.unique: true", name, name)
			}
		}
	}
}

func (v *validation) snapshots(j *Job) {
	if len(j.Snapshots) == 0 {
		v.add("snapshots", "a job needs at least one snapshot, such as essential: {purpose: essential.service, basis: contract}")
	}
	for _, name := range j.SnapshotNames() {
		s, path := j.Snapshots[name], "snapshots."+name
		if s == nil || s.Purpose == "" {
			v.add(path, "purpose is missing")
			continue
		}
		if name != columnName(name) {
			v.add(path, "a snapshot's name is lower_snake_case: it becomes a folder")
		}
	}
}

// joins: two snapshots each, whose ids nothing else joins.
func (v *validation) joins(j *Job) {
	for _, name := range j.JoinNames() {
		path, of := "joins."+name, j.Joins[name]
		if name != columnName(name) {
			v.add(path, "a join's name is lower_snake_case: it becomes a folder")
		}
		if len(of) != 2 || of[0] == of[1] {
			v.add(path, "a join leads from one snapshot to another: name two, such as [email_marketing, analytics]")
			continue
		}
		for _, s := range of {
			if j.Snapshots[s] == nil {
				v.add(path, "there is no snapshot %q%s", s, didYouMean(s, j.SnapshotNames()))
			}
		}
	}
}

func (v *validation) region(path, r string) {
	if r != "" && (len(r) != 2 || strings.ToUpper(r) != r) {
		v.add(path, "a region is an ISO 3166-1 alpha-2 code in capitals, such as US")
	}
}

func (v *validation) dateOrder(path, o string) {
	if o != "" && !slices.Contains([]string{"ymd", "dmy", "mdy"}, o) {
		v.add(path, "a date order is ymd, dmy or mdy")
	}
}

func (v *validation) nameOrder(path string, f *Field) {
	switch {
	case f.NameOrder == "":
	case f.As != attribute.TypeFullName:
		v.add(path, "only a full_name has an order of names")
	case f.NameOrder != "given_first" && f.NameOrder != "family_first":
		v.add(path, "an order of names is given_first or family_first")
	}
}

func attributeNames() []string {
	var names []string
	for _, s := range attribute.All() {
		names = append(names, string(s.Name))
	}
	return names
}

func typeNames() []string {
	var names []string
	for _, t := range attribute.Types() {
		names = append(names, string(t))
	}
	return names
}
