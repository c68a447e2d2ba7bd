// Package survey looks at a folder of unknown extracts and drafts a job file
// for them: what `concord init` does.
//
//	keys of the folder ─► one reading per object: dialect, sample of rows   object.go
//	objects of one name pattern and shape ─► a channel with its glob        pattern.go, group.go
//	columns ─► semantic types, labels, what is left out and why             fields.go
//	rows ─► which column is the key, which the event time                   key.go, eventtime.go
//	channels ─► a commented job file that runs as it is                     draft.go
//
// Everything is a guess with a confidence from 0 to 1 and a reason. What
// always holds: reasons and the draft name columns and count values, and never
// quote one; nothing is left out without being listed; the draft is accepted
// by job.Parse.
package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"concord/jobs/store"
	"concord/schemas/attribute"
)

// Guess is one conclusion: how sure it is, from 0 to 1, and what it rests on.
// Why quotes no value.
type Guess struct {
	Confidence float64
	Why        string
}

// String is the guess as a comment of the draft.
func (g Guess) String() string { return fmt.Sprintf("%.2f: %s", g.Confidence, g.Why) }

// Survey is what a folder holds.
type Survey struct {
	Channels []*Channel // by name
	Left     []Left     // objects that are no channel, by key
	// Region is the country that all channels with evidence point to, "" when
	// there is none or they differ: then each channel has its own.
	Region Choice
}

// Choice is a guess at a text: a column, a country.
type Choice struct {
	Value string
	Guess
}

// Left is an object that the draft leaves out.
type Left struct{ Key, Why string }

// Channel is a drafted channel.
type Channel struct {
	Name    string
	Glob    string
	Objects []string
	Consent bool // a feed of consent events in the form that Concord reads

	Dialect   []Setting // what the job file must say of the files
	Headings  []string  // names given to the columns of files without header
	Key       Choice    // job.RowKey when no column serves
	EventTime Choice    // Value "" when there is none
	DateOrder string    // of the event time, "" when its dates need none
	Region    Choice
	Brand     Choice  // the column of the brand, Value "" when there is none
	Fields    []Field // in file order
	Notes     []string
	Rows      int64 // looked at
	All       bool  // Rows is all there are
}

// Setting is one key of a channel that describes its files.
type Setting struct {
	Key, Value string
	Guess
}

// Field is a column and what it seems to hold.
type Field struct {
	Column string
	Type   attribute.Type
	Kind   string // of an identifier
	Name   string // of a custom column whose own name is taken
	Label  string
	// DateOrder is that of a column of dates, where its values prove one.
	DateOrder string
	Mapped    bool // false: listed as a comment only
	Consent   *ConsentColumn
	Guess
}

// Options say what to leave alone.
type Options struct {
	// Ignore are key prefixes that hold no extracts: the output of runs.
	Ignore []string
}

// NoPeopleError tells that nothing in a folder is a table of people.
type NoPeopleError struct{ Left []Left }

func (e *NoPeopleError) Error() string {
	var b strings.Builder
	b.WriteString("no extract holds people: no file has a column with names, contact points or identifiers of persons")
	for _, l := range e.Left {
		fmt.Fprintf(&b, "\n  %s: %s", l.Key, l.Why)
	}
	return b.String()
}

// ErrNoObjects tells that a folder holds no file that could be an extract.
var ErrNoObjects = errors.New("it holds no file that could be an extract: csv, JSON lines or Parquet")

// Look surveys the objects of a store. Extracts are read twice: the first
// rows for what the columns hold, then up to [scanRows] rows of a channel for
// its key and event time.
func Look(ctx context.Context, from store.Store, o Options) (*Survey, error) {
	keys, err := candidates(ctx, from, o.Ignore)
	if err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, ErrNoObjects
	}
	s := &Survey{}
	var read []*object
	for _, key := range keys {
		x, err := inspect(ctx, from, key)
		if err != nil {
			return nil, err
		}
		if x.why != "" {
			s.Left = append(s.Left, Left{key, x.why})
			continue
		}
		read = append(read, x)
	}
	for _, g := range groups(read) {
		parts := []*group{g}
		if _, together := g.glob(keys); !together {
			parts = g.apart()
		}
		for _, p := range parts {
			if err := s.channel(ctx, from, p, keys); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(s.Left, func(a, b Left) int { return strings.Compare(a.Key, b.Key) })
	if !slices.ContainsFunc(s.Channels, func(c *Channel) bool { return !c.Consent }) {
		return nil, &NoPeopleError{s.Left}
	}
	nameChannels(s.Channels)
	s.agreeOnRegion()
	return s, nil
}

// candidates lists the keys that may be extracts.
func candidates(ctx context.Context, from store.Store, ignore []string) ([]string, error) {
	infos, err := from.List(ctx, store.Scope{})
	if err != nil {
		return nil, fmt.Errorf("list the folder: %w", err)
	}
	var keys []string
	for _, i := range infos {
		ignored := slices.ContainsFunc(ignore, func(prefix string) bool { return strings.HasPrefix(i.Key, prefix) })
		if !ignored && mayBeExtract(i.Key) {
			keys = append(keys, i.Key)
		}
	}
	return keys, nil
}

// otherKinds are the extensions of files that are beside extracts and none.
var otherKinds = map[string]bool{
	".md": true, ".rst": true, ".adoc": true, ".pdf": true, ".html": true, ".htm": true, ".doc": true, ".docx": true, ".rtf": true,
	".yaml": true, ".yml": true, ".toml": true, ".ini": true, ".cfg": true, ".conf": true, ".env": true, ".xsd": true, ".avsc": true,
	".sh": true, ".bat": true, ".py": true, ".sql": true, ".r": true, ".go": true, ".js": true, ".ts": true, ".ipynb": true, ".java": true,
	".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".svg": true, ".log": true, ".md5": true, ".sha1": true, ".sha256": true, ".crc": true, ".sig": true, ".asc": true, ".tmp": true, ".bak": true,
}

// otherNames are the names of such files, without extension, in lower case.
var otherNames = map[string]bool{
	"readme": true, "license": true, "licence": true, "copying": true, "notice": true, "authors": true, "contributors": true,
	"changelog": true, "changes": true, "makefile": true, "dockerfile": true, "manifest": true, "checksums": true,
}

// mayBeExtract leaves alone what begins with a dot or an underscore, as
// markers of other programs do, documents, scripts and configuration.
func mayBeExtract(key string) bool {
	for part := range strings.SplitSeq(key, "/") {
		if strings.HasPrefix(part, ".") || strings.HasPrefix(part, "_") {
			return false
		}
	}
	base := strings.ToLower(path.Base(key))
	ext := path.Ext(base)
	return !otherKinds[ext] && !otherNames[strings.TrimSuffix(base, ext)]
}

// channel drafts a channel of a group of objects, or leaves them out.
func (s *Survey) channel(ctx context.Context, from store.Store, g *group, keys []string) error {
	glob, _ := g.glob(keys)
	c := &Channel{Glob: glob, Objects: g.keys()}
	c.describe(g.objects[0])
	columns := g.sample(c.Headings)
	if c.Consent = isFeed(columns); c.Consent {
		c.Notes = append(c.Notes, feedNote(columns))
		s.Channels = append(s.Channels, c)
		return nil
	}
	c.Fields = fieldsOf(columns)
	if why := notPeople(c.Fields, columns); why != "" {
		for _, key := range c.Objects {
			s.Left = append(s.Left, Left{key, why})
		}
		return nil
	}
	if c.Headings != nil {
		c.rename(columns)
	}
	if err := c.scan(ctx, from, g, columns); err != nil {
		return err
	}
	c.Region = regionOf(columns, c.Fields)
	c.Brand = brandOf(columns)
	s.Channels = append(s.Channels, c)
	return nil
}

// nameChannels gives every channel a name of its own; those in the outer
// folders have the first choice.
func nameChannels(channels []*Channel) {
	slices.SortStableFunc(channels, func(a, b *Channel) int {
		return cmp.Or(cmp.Compare(strings.Count(a.Glob, "/"), strings.Count(b.Glob, "/")), cmp.Compare(a.Glob, b.Glob))
	})
	taken := map[string]bool{}
	for _, c := range channels {
		name := c.Name
		for _, n := range namesOf(c.Objects[0]) {
			if name = n; !taken[n] {
				break
			}
		}
		for i := 2; taken[name]; i++ {
			name = fmt.Sprintf("%s_%d", namesOf(c.Objects[0])[0], i)
		}
		c.Name, taken[name] = name, true
	}
	slices.SortFunc(channels, func(a, b *Channel) int { return strings.Compare(a.Name, b.Name) })
}
