package survey

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"concord/schemas/attribute"
	"concord/schemas/job"
)

// Draft is what a job file says beside the survey.
type Draft struct {
	Name   string // of the job
	Store  string // of the extracts, relative to the job file
	Output string
}

// Job writes the commented job file.
func (s *Survey) Job(d Draft) []byte {
	w := &writer{}
	w.comment("", "Drafted by `concord init` from what the extracts look like. Every guess is followed")
	w.comment("", "by how sure it is, from 0 to 1, and what it rests on. Lines that begin with # are")
	w.comment("", "proposals that were too unsure to make. Look it over, then: concord plan, concord run.")
	w.blank()
	w.line("", "job: "+scalar(d.Name), "")
	w.line("", "store: "+scalar(d.Store), "the folder of the extracts, relative to this file")
	w.line("", "output: "+scalar(d.Output), "where runs write")
	w.comment("", "controller: Example Ltd  # who decides on the data (GDPR Art. 4(7))")
	if s.Region.Value != "" {
		w.line("", "region: "+scalar(s.Region.Value), s.Region.String())
	} else {
		w.comment("", "region: US  # of phone numbers and addresses that name no country; nothing proves one for all channels")
	}
	w.blank()
	w.line("", "channels:", "")
	for i, c := range s.Channels {
		if i > 0 {
			w.blank()
		}
		w.channel(c)
	}
	w.blank()
	s.snapshots(w)
	s.left(w)
	return []byte(w.String())
}

func (s *Survey) snapshots(w *writer) {
	w.line("", "snapshots:", "")
	w.line("  ", "essential: {purpose: essential.service, basis: contract}", "golden records for serving customers under their contract; no other use")
	for _, c := range s.Channels {
		if c.Consent {
			w.comment("  ", "email_marketing: {purpose: marketing.communications, channel: email}  # whom the consent feed permits")
			return
		}
	}
}

func (s *Survey) left(w *writer) {
	if len(s.Left) == 0 {
		return
	}
	w.blank()
	w.comment("", "Left out:")
	for _, l := range s.Left {
		w.comment("", "  "+l.Key+": "+l.Why)
	}
}

// writer collects lines; comments after a value stand two spaces behind it.
type writer struct{ strings.Builder }

func (w *writer) blank() { w.WriteByte('\n') }

func (w *writer) comment(indent, text string) { w.WriteString(indent + "# " + printable(text) + "\n") }

func (w *writer) line(indent, text, comment string) {
	w.WriteString(indent + text)
	if comment != "" {
		w.WriteString("  # " + printable(comment))
	}
	w.WriteByte('\n')
}

// printable keeps a comment a comment: on one line.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff {
			return ' '
		}
		return r
	}, s)
}

func (w *writer) channel(c *Channel) {
	files := fmt.Sprintf("%d files", len(c.Objects))
	if len(c.Objects) == 1 {
		files = "1 file"
	}
	switch {
	case c.Consent:
	case c.All:
		files += fmt.Sprintf(", %d rows", c.Rows)
	default:
		files += fmt.Sprintf(", more than %d rows", c.Rows)
	}
	w.line("  ", c.Name+":", files)
	if c.Consent {
		w.line("    ", "kind: "+job.KindConsent, c.Notes[0])
	}
	w.line("    ", "read: "+scalar(c.Glob), "")
	for _, d := range c.Dialect {
		value := scalar(d.Value)
		if d.Key == "header" {
			value = d.Value // a boolean
		}
		w.line("    ", d.Key+": "+value, d.String())
	}
	if c.Headings != nil {
		w.line("    ", "columns: "+list(c.Headings), "the files have no header: names of what the columns seem to hold")
	}
	if c.Consent {
		return
	}
	w.keyAndTime(c)
	if c.Brand.Value != "" {
		w.line("    ", "brand: {column: "+scalar(c.Brand.Value)+"}", c.Brand.String())
	}
	if c.Region.Value != "" {
		w.line("    ", "region: "+scalar(c.Region.Value), c.Region.String())
	}
	w.fields(c)
	w.consents(c)
}

func (w *writer) keyAndTime(c *Channel) {
	w.line("    ", "key: "+scalar(c.Key.Value), c.Key.String())
	switch {
	case c.EventTime.Value == "":
		for _, n := range c.Notes {
			w.comment("    ", n)
		}
		if len(c.Notes) == 0 {
			w.comment("    ", "event_time: …  # no column says when a record was last changed: of two values the newer cannot be told")
		}
	case c.DateOrder != "":
		w.line("    ", fmt.Sprintf("event_time: {column: %s, date_order: %s}", scalar(c.EventTime.Value), c.DateOrder), c.EventTime.String())
	default:
		w.line("    ", "event_time: "+scalar(c.EventTime.Value), c.EventTime.String())
	}
}

func (w *writer) fields(c *Channel) {
	w.line("    ", "fields:", "")
	for i := range c.Fields {
		f := &c.Fields[i]
		switch {
		case f.Consent != nil, f.Column == c.EventTime.Value, f.Column == c.Brand.Value:
		case f.Column == c.Key.Value && f.Type == "":
		case f.Mapped:
			w.line("      ", scalar(f.Column)+": "+f.mapping(), f.Guess.String())
		case f.Type == "":
			w.comment("      ", fmt.Sprintf("%s: left out  # %s", scalar(f.Column), f.Guess))
		default:
			w.comment("      ", fmt.Sprintf("%s: %s  # %s", scalar(f.Column), f.mapping(), f.Guess))
		}
	}
}

// mapping is a field as the job file writes it: its type, or a mapping where
// there is more to say.
func (f *Field) mapping() string {
	typ := string(cmp.Or(f.Type, attribute.TypeText))
	more := ""
	for _, p := range [][2]string{{"kind", f.Kind}, {"name", f.Name}, {"label", f.Label}, {"date_order", f.DateOrder}} {
		if p[1] != "" {
			more += ", " + p[0] + ": " + scalar(p[1])
		}
	}
	if more == "" {
		return typ
	}
	return "{as: " + typ + more + "}"
}

// consents proposes the consent columns, as comments: what a yes permits is
// for the job's owner to say.
func (w *writer) consents(c *Channel) {
	first := true
	for i := range c.Fields {
		f := &c.Fields[i]
		if f.Consent == nil {
			continue
		}
		if first {
			w.comment("    ", "consent:  # columns that seem to record consent; say what each permits before you use them")
			first = false
		}
		spec := "purpose: " + f.Consent.Purpose
		if f.Consent.Inverted {
			spec += ", opt_out: true"
		}
		if c.EventTime.Value == "" {
			spec += ", time: COLUMN" // an event needs one, and the record has none
		}
		w.comment("    ", fmt.Sprintf("  %s: {%s}  # %s", scalar(f.Column), spec, f.Consent))
	}
}

// plain are texts that YAML takes for themselves without quotes.
var plain = regexp.MustCompile(`^[A-Za-z_./][A-Za-z0-9_./-]*$`)

// words that YAML takes for something else.
var yamlWords = wordSet("true false yes no on off y n null ~ nan inf . ..")

// scalar is a text as YAML writes it. JSON's quoting is YAML's.
func scalar(s string) string {
	if plain.MatchString(s) && !yamlWords[strings.ToLower(s)] {
		return s
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(strings.ToValidUTF8(s, "\uFFFD")) != nil {
		return `""` // strings always encode
	}
	return strings.TrimSpace(b.String())
}

func list(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = scalar(n)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
