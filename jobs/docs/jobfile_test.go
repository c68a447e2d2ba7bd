// Package docs checks that the pages in this folder say what the code does.
package docs

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"concord/schemas/attribute"
	schema "concord/schemas/consent"
	"concord/schemas/job"
	"concord/transforms/consent"
	"concord/transforms/golden"
)

// minimal is a job of required keys only: what it has beside them are
// defaults.
const minimal = `job: retail
store: data
channels:
  crm: {read: "*.csv", key: id, fields: {mail: email}, consent: {news: {purpose: marketing.communications.email}}}
match: {rules: [{name: x, all: [email]}]}
snapshots: {all: {purpose: essential.service}}
`

func readPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("job-file.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// keyRow is a line of a table of keys: path, default, meaning.
var keyRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.*?) \\| (.+) \\|$")

// documented are the keys of the page with what it says of their defaults.
func documented(t *testing.T) map[string]string {
	t.Helper()
	keys := map[string]string{}
	_, reference, ok := strings.Cut(readPage(t), "<!-- keys -->")
	reference, _, ok2 := strings.Cut(reference, "<!-- end keys -->")
	if !ok || !ok2 {
		t.Fatal("job-file.md: no markers around the keys")
	}
	for _, m := range keyRow.FindAllStringSubmatch(reference, -1) {
		if _, twice := keys[m[1]]; twice {
			t.Errorf("job-file.md: key %s stands there twice", m[1])
		}
		keys[m[1]] = m[2]
	}
	return keys
}

// names is what stands for the keys of a map.
var names = map[string]string{
	"channels": "<channel>", "fields": "<column>", "consent": "<column>", "golden": "<attribute>",
	"snapshots": "<snapshot>", "max_staleness": "<channel>", "signals": "<column>",
}

// walk calls visit for every key that a job file may have, with its value in
// v: the first entry where there are several.
func walk(v reflect.Value, path string, visit func(path string, v reflect.Value)) {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("yaml")
		if key == "" {
			continue
		}
		at := strings.TrimPrefix(path+"."+key, ".")
		f := v.Field(i)
		visit(at, f)
		switch f.Kind() {
		case reflect.Map:
			walk(first(f), at+"."+names[key], visit)
		case reflect.Slice:
			if f.Type().Elem().Kind() == reflect.Struct && f.Len() > 0 {
				walk(f.Index(0), at+"[]", visit)
			}
		default:
			walk(f, at, visit)
		}
	}
}

// first is some entry of a map, or a zero one.
func first(m reflect.Value) reflect.Value {
	for _, k := range m.MapKeys() {
		return m.MapIndex(k)
	}
	typ := m.Type().Elem()
	if typ.Kind() == reflect.Pointer {
		return reflect.New(typ.Elem())
	}
	return reflect.Zero(typ)
}

func TestEveryKeyIsDocumented(t *testing.T) {
	j, err := job.Parse("minimal", []byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	page := documented(t)
	found := 0
	walk(reflect.ValueOf(j), "", func(path string, v reflect.Value) {
		found++
		cell, ok := page[path]
		if !ok {
			t.Errorf("key %s is not in job-file.md", path)
			return
		}
		checkDefault(t, path, cell, v)
		delete(page, path)
	})
	if found < 50 {
		t.Errorf("found only %d keys: does the walk still see them?", found)
	}
	for path := range page {
		t.Errorf("job-file.md describes %s, which is no key", path)
	}
}

// checkDefault compares what the page says of a default with the value that a
// job without the key has.
func checkDefault(t *testing.T, path, cell string, v reflect.Value) {
	t.Helper()
	if strings.Contains(cell, "required") || strings.HasPrefix(cell, "the ") {
		return // given in the minimal job, or taken from elsewhere: said in words
	}
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	value := ""
	if k := v.Kind(); k != reflect.Struct && k != reflect.Map && k != reflect.Slice && !v.IsZero() {
		value = written(v.Interface())
	}
	if value == "" && strings.Contains(cell, "`") || value != "" && cell != "`"+value+"`" {
		t.Errorf("job-file.md: default of %s is %q there and %q in the code", path, cell, value)
	}
}

// written is a value as a job file writes it.
func written(v any) string {
	switch v := v.(type) {
	case job.Share:
		return strings.ReplaceAll(v.String(), " ", "")
	case job.Bytes:
		return fmt.Sprintf("%dGiB", v>>30)
	}
	return fmt.Sprint(v)
}

var fence = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// Every example of the page parses: whole jobs as they are, others in place of
// the same keys of the minimal job.
func TestExamplesParse(t *testing.T) {
	examples := fence.FindAllStringSubmatch(readPage(t), -1)
	if len(examples) < 5 {
		t.Fatalf("job-file.md has only %d examples", len(examples))
	}
	for _, m := range examples {
		text := m[1]
		if !strings.Contains(text, "snapshots:") || !strings.Contains(text, "channels:") {
			text = spliced(t, text)
		}
		if _, err := job.Parse("example", []byte(text)); err != nil {
			t.Errorf("%v in\n%s", err, m[1])
		}
	}
}

// spliced is the minimal job with the keys of an example in place of its own.
func spliced(t *testing.T, example string) string {
	t.Helper()
	var whole, part yaml.MapSlice
	for _, err := range []error{yaml.Unmarshal([]byte(minimal), &whole), yaml.Unmarshal([]byte(example), &part)} {
		if err != nil {
			t.Fatalf("%v in\n%s", err, example)
		}
	}
	for _, item := range part {
		i := slices.IndexFunc(whole, func(have yaml.MapItem) bool { return have.Key == item.Key })
		if i < 0 {
			whole = append(whole, item)
		} else {
			whole[i] = item
		}
	}
	text, err := yaml.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The page lists every semantic type, every attribute with its survivorship,
// every survivorship rule, consent policy and field of a consent event.
func TestListsAreComplete(t *testing.T) {
	page := readPage(t)
	for _, typ := range attribute.Types() {
		if !strings.Contains(page, "| `"+string(typ)+"` |") {
			t.Errorf("job-file.md: semantic type %s is missing", typ)
		}
	}
	for _, s := range attribute.All() {
		if row := "| `" + string(s.Name) + "` | `" + s.Survivorship + "` |"; !strings.Contains(page, row) {
			t.Errorf("job-file.md: no line %s", row)
		}
	}
	for _, f := range consent.Fields() {
		if !strings.Contains(page, "`"+string(f)+"`") {
			t.Errorf("job-file.md: consent event field %s is missing", f)
		}
	}
	for _, name := range schema.DefaultPolicy().Profiles() {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("job-file.md: consent policy %s is missing", name)
		}
	}
	for _, name := range slices.Concat(job.Mappings(), job.SignalKinds(), job.SignalAnchors()) {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("job-file.md: %s is missing among mappings and signals", name)
		}
	}
	for _, r := range golden.All() {
		if row := "| `" + r.Name + "` | " + r.Description + " |"; !strings.Contains(page, row) {
			t.Errorf("job-file.md: no line %s", row)
		}
	}
}
