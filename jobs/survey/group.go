package survey

import (
	"slices"
	"strings"

	"concord/jobs/store"
	"concord/transforms/extract"
)

// group is the objects of one channel: one name pattern and one shape.
type group struct {
	pattern string
	objects []*object
}

// groups puts objects of one name pattern and shape together, in key order.
func groups(objects []*object) []*group {
	var all []*group
	for _, x := range objects {
		p := pattern(x.key)
		at := slices.IndexFunc(all, func(g *group) bool { return g.pattern == p && sameShape(g.objects[0], x) })
		if at < 0 {
			at = len(all)
			all = append(all, &group{pattern: p})
		}
		all[at].objects = append(all[at].objects, x)
	}
	return all
}

// sameShape tells whether two objects can be read as one channel: the same
// format and the same columns. Csv files are written in one dialect; the keys
// of JSON rows are optional, so that most of them in common is enough.
func sameShape(a, b *object) bool {
	if a.dialect.Format != b.dialect.Format {
		return false
	}
	common := 0
	for _, c := range a.columns {
		if slices.ContainsFunc(b.columns, func(o column) bool { return o.name == c.name }) {
			common++
		}
	}
	if a.dialect.Format == extract.JSONL {
		return 2*common >= max(len(a.columns), len(b.columns))
	}
	d, e := a.dialect, b.dialect
	return common == len(a.columns) && len(a.columns) == len(b.columns) &&
		d.Delimiter == e.Delimiter && d.Encoding == e.Encoding && d.Header == e.Header
}

func (g *group) keys() []string {
	keys := make([]string, len(g.objects))
	for i, x := range g.objects {
		keys[i] = x.key
	}
	return keys
}

// glob is the pattern that a channel reads. A single object whose name has no
// date is read by its own key. It reports false where the name's pattern also
// matches objects of another shape: then each object is a channel of its own.
func (g *group) glob(all []string) (string, bool) {
	only := g.objects[0].key
	if len(g.objects) == 1 && (!dated.MatchString(only) || !strings.Contains(g.pattern, "*")) {
		return literal(only), true
	}
	parts := strings.Split(g.pattern, "*")
	for i, p := range parts {
		parts[i] = literal(p)
	}
	glob := strings.Join(parts, "*")
	compiled, err := store.ParseGlob(glob)
	own := g.keys()
	others := slices.ContainsFunc(all, func(k string) bool { return compiled.Match(k) && !slices.Contains(own, k) })
	if err == nil && !others {
		return glob, true
	}
	return literal(only), len(g.objects) == 1
}

// apart is the group's objects as groups of their own.
func (g *group) apart() []*group {
	var all []*group
	for _, x := range g.objects {
		all = append(all, &group{pattern: g.pattern, objects: []*object{x}})
	}
	return all
}

var globEscaper = strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`)

// literal escapes what a glob gives a meaning.
func literal(s string) string { return globEscaper.Replace(s) }

// sample is the columns of all objects of the group, each with the same share
// in at most sampleRows rows. headings rename the columns of files without
// header.
func (g *group) sample(headings []string) []column {
	first := g.objects[0]
	share := max(1, sampleRows/len(g.objects))
	var all []column
	for _, x := range g.objects {
		for i := range x.columns {
			c := &x.columns[i]
			at := slices.IndexFunc(all, func(o column) bool { return o.name == c.name })
			if at < 0 {
				at = len(all)
				all = append(all, column{name: c.name, list: c.list})
			}
			to := &all[at]
			n := len(c.values)
			if len(g.objects) > 1 {
				n = min(n, share)
			}
			to.values = append(to.values, c.values[:n]...)
			to.rows += c.rows
			to.filled += c.filled
			to.list = to.list || c.list
		}
	}
	if first.dialect.Header == extract.NoHeader && first.dialect.Format == extract.CSV {
		for i := range headings {
			all[i].name = headings[i]
		}
	}
	return all
}

// describe sets what the job file must say of the files: what differs from
// comma-separated UTF-8 with a header.
func (c *Channel) describe(x *object) {
	add := func(key, value, aspect string) {
		g, ok := x.guesses.Guess(aspect)
		if !ok {
			g = extract.Guess{Confidence: 1, Reason: "by content"}
		}
		c.Dialect = append(c.Dialect, Setting{key, value, Guess{g.Confidence, g.Reason}})
	}
	d := x.dialect
	add("format", string(d.Format), "format")
	if d.Format == extract.Parquet {
		return
	}
	if d.Encoding != "utf-8" && d.Encoding != "" {
		add("encoding", d.Encoding, "encoding")
	}
	if d.Format != extract.CSV {
		return
	}
	if d.Delimiter != ',' {
		add("delimiter", string(rune(d.Delimiter)), "delimiter")
	}
	if d.Quote != '"' && d.Quote != extract.NoQuote {
		add("quote", string(rune(d.Quote)), "quote")
	}
	if d.Header == extract.NoHeader {
		add("header", "false", "header")
		for i := range x.columns {
			c.Headings = append(c.Headings, x.columns[i].name)
		}
	} else if g, ok := x.guesses.Guess("header"); ok && g.Confidence < 0.9 {
		add("header", "true", "header")
	}
}
