package survey

import (
	"path"
	"regexp"
	"strings"
)

// variable finds the parts of a file's name that change from one delivery to
// the next: dates and times, numbers between separators, and generated ids.
// A number that touches letters is part of a name: febrl1 and febrl2 are two
// things, part-1 and part-2 are two parts of one.
var variable = regexp.MustCompile(`(?i)(^|[-_.=/ ])(` +
	`\d{4}[-_.]?\d{2}([-_.]?\d{2})?([T_ -]?\d{2}[-_:.h]?\d{2}([-_:.]?\d{2})?(\.\d+)?Z?)?` + // a date, perhaps a time
	`|\d{4}-?w\d{2}` + // an ISO week
	`|\d+([-_]of[-_]\d+)?` + // a number, or part k of n
	`)($|[-_.=/ ])`)

// generated finds UUIDs.
var generated = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// pattern replaces the variable parts of a key by "*". Separators are shared
// by neighbours, so that it is applied until nothing changes.
func pattern(key string) string {
	ext := extensions(key)
	stem := generated.ReplaceAllString(strings.TrimSuffix(key, ext), "*")
	for {
		next := variable.ReplaceAllString(stem, "$1*$8")
		if next == stem {
			return stem + ext
		}
		stem = next
	}
}

// extensions is the ends of a name that say how it is written: ".csv.gz".
func extensions(key string) string {
	base := path.Base(key)
	out := ""
	for {
		ext := path.Ext(base)
		if ext == "" || ext == base || len(ext) > 8 || !strings.ContainsFunc(ext[1:], isLetter) {
			return out
		}
		out = ext + out
		base = strings.TrimSuffix(base, ext)
	}
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// dated tells whether a name holds a date: files of later dates will come.
var dated = regexp.MustCompile(`(^|[^0-9])(19|20)\d{2}[-_.]?(0[1-9]|1[0-2])([-_.]?(0[1-9]|[12]\d|3[01]))?([^0-9]|$|T|_)`)

// plainNames are file names that say nothing of what the file holds: the
// folder's name does.
var plainNames = map[string]bool{"": true, "part": true, "data": true, "export": true, "extract": true, "file": true, "output": true, "records": true, "full": true, "delta": true, "dump": true, "all": true}

// namesOf are names for the channel of a key, the plainest first: the file's,
// with its folder's, with its format.
func namesOf(key string) []string {
	p := strings.TrimSuffix(pattern(key), extensions(key))
	parts := strings.Split(p, "/")
	for i, part := range parts {
		parts[i] = snake(strings.ReplaceAll(part, "*", " "))
	}
	var words []string // folders with a name of their own, then the file
	for _, part := range parts {
		if !plainNames[part] {
			words = append(words, part)
		}
	}
	if len(words) == 0 {
		words = []string{"extract"}
	}
	last := words[len(words)-1]
	names := []string{last}
	if len(words) > 1 {
		names = append(names, words[len(words)-2]+"_"+last)
	}
	if ext := snake(extensions(key)); ext != "" {
		names = append(names, last+"_"+ext)
	}
	return append(names, strings.Join(words, "_"))
}

// snake is text as lower_snake_case.
func snake(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			b.WriteRune(r)
			gap = false
		} else {
			gap = true
		}
	}
	return b.String()
}
