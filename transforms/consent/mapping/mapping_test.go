package mapping

import (
	"os"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

func TestNamesAreTheFiles(t *testing.T) {
	entries, err := data.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, e := range entries {
		files = append(files, strings.TrimSuffix(e.Name(), ".json"))
	}
	if !slices.Equal(files, Names()) || !sort.StringsAreSorted(Names()) {
		t.Errorf("files %v, names %v", files, Names())
	}
	for _, name := range Names() {
		m, ok := For(name)
		if !ok || m.Name() != name || m.Title() == "" {
			t.Errorf("%s is called %q, %q", name, m.Name(), m.Title())
		}
		if needs := m.NeedsPurposes(); needs != (name != "adobe_xdm") {
			t.Errorf("%s needs purposes: %v", name, needs)
		}
	}
	if _, ok := For("hubspot"); ok {
		t.Error("an unknown name has a mapping")
	}
}

func TestBindRefusesUnknownPurposes(t *testing.T) {
	m, _ := For("segment")
	_, err := m.Bind(schema.DefaultRegistry(), map[string]string{"Advertising": "marketing.advertizing"})
	if err == nil || !strings.Contains(err.Error(), `purpose "Advertising"`) || !strings.Contains(err.Error(), "marketing.advertising") {
		t.Errorf("want the name and the nearest purpose: %v", err)
	}
}

func TestColumns(t *testing.T) {
	m := bind(t, "segment")
	want := []string{
		"anonymousId", "context.consent.categoryPreferences.Advertising", "context.consent.categoryPreferences.Analytics",
		`context.consent.categoryPreferences.Data\.Sharing`, "messageId", "originalTimestamp", "timestamp", "userId",
	}
	if got := m.Columns(); !slices.Equal(got, want) {
		t.Errorf("columns %q", got)
	}
	unbound, _ := For("segment")
	if got := unbound.Columns(); len(got) != 0 {
		t.Errorf("without purposes nothing can be read, yet %q", got)
	}
}

func TestUnreadNamesStatesThatNobodyWouldSee(t *testing.T) {
	tests := []struct {
		name, columns, want string
	}{
		{"segment", `userId context.consent.categoryPreferences.Advertising context.consent.categoryPreferences.Functional`, "context.consent.categoryPreferences.Functional"},
		{"mparticle", "mpid consent_state.gdpr.newsletter.consented consent_state.gdpr.parental.consented consent_state.gdpr.parental.document", "consent_state.gdpr.parental.consented"},
		{"unomi", "consents.shop/newsletter.status consents.blog/newsletter.status consents.blog/newsletter.statusDate", "consents.blog/newsletter.status"},
		{"adobe_xdm", "consents.marketing.email.val consents.marketing.fax.val consents.marketing.preferred consents.idSpecific.Email.x.marketing.email.val", "consents.marketing.fax.val consents.idSpecific.Email.x.marketing.email.val"},
		{"onetrust", "purposes[].id receiptId anything", ""},
	}
	for _, tt := range tests {
		got := bind(t, tt.name).Unread(strings.Fields(tt.columns))
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: unread %q, want %q", tt.name, got, tt.want)
		}
	}
}

// readings parses one row given as column ─► slots.
func readings(t testing.TB, m *Mapping, cells map[string][]string) []consent.Reading {
	p := parser(t)
	var out []consent.Reading
	for _, row := range m.Rows(
		func(column string, k int) string { return cells[column][k] },
		func(column string) int { return len(cells[column]) }) {
		out = append(out, p.Parse(row))
	}
	return out
}

func single(t *testing.T, m *Mapping, cells map[string][]string) consent.Reading {
	t.Helper()
	all := readings(t, m, cells)
	if len(all) != 1 {
		t.Fatalf("%d rows, want 1", len(all))
	}
	return all[0]
}

// Segment stores "conflict" where two of a person's devices disagree, and
// tools downstream pass over it.
func TestSegmentConflictStaysADenial(t *testing.T) {
	m, _ := For("segment")
	m, err := m.Bind(schema.DefaultRegistry(), map[string]string{"Advertising": "marketing.advertising"})
	if err != nil {
		t.Fatal(err)
	}
	r := single(t, m, map[string][]string{
		"anonymousId": {"d"}, "timestamp": {"2026-01-05T10:00:00Z"},
		"context.consent.categoryPreferences.Advertising": {"conflict"},
	})
	if len(r.Problems) > 0 || !r.Event.State.Denies() {
		t.Errorf("read as %v, problems %v", r.Event.State, r.Problems)
	}
}

// Unomi's revokeDate null means without end, and its own merge crashes on it.
func TestUnomiConsentWithoutRevokeDateIsUnlimited(t *testing.T) {
	m := bind(t, "unomi")
	row := map[string][]string{
		"properties.email": {"a@example.org"}, "consents.shop/newsletter.status": {"GRANTED"},
		"consents.shop/newsletter.statusDate": {"2026-01-05T10:00:00Z"}, "consents.shop/newsletter.revokeDate": {""},
	}
	if r := single(t, m, row); len(r.Problems) > 0 || r.Event.ValidUntil != schema.Forever || r.Event.State != schema.Given {
		t.Errorf("read as %v until %d, problems %v", r.Event.State, r.Event.ValidUntil, r.Problems)
	}
	row["consents.shop/newsletter.revokeDate"] = []string{"soon"}
	if r := single(t, m, row); len(r.Problems) == 0 {
		t.Error("a date that cannot be read must not become no end")
	}
}

// A denial of somebody without the contact point falls to the account, for
// the whole person.
func TestDenialWithoutItsContactPointFallsToTheAccount(t *testing.T) {
	r := single(t, bind(t, "adobe_xdm"), map[string][]string{
		"_id": {"p"}, "personalEmail.address": {"a@example.org"},
		"consents.marketing.sms.val": {"n"}, "consents.metadata.time": {"2026-01-05"},
	})
	if len(r.Problems) > 0 || r.Event.Anchor.Kind != schema.Account || r.Event.Scope != schema.PersonScope {
		t.Errorf("read as %+v, problems %v", r.Event, r.Problems)
	}
}

// Lists of one array that an export cut to different lengths: what is missing
// is missing, and nothing is taken from a neighbour.
func TestShortListsDoNotBorrow(t *testing.T) {
	all := readings(t, bind(t, "onetrust"), map[string][]string{
		"identifier": {"a@example.org"}, "identifierType": {"email"}, "interactionDate": {"2026-01-05"},
		"purposes[].id": {"news", "profiling"}, "purposes[].transactionType": {"CONFIRMED"},
	})
	if len(all) != 2 || len(all[0].Problems) > 0 || len(all[1].Problems) != 1 || !all[1].Hold {
		t.Fatalf("read as %+v", all)
	}
}

func TestMilliseconds(t *testing.T) {
	tests := []struct{ in, want string }{
		{"1767607200123", "2026-01-05T10:00:00.123Z"},
		{"2026-01-05", "2026-01-05"},
		{"1767607200", unreadable}, // seconds
		{"0", unreadable},
		{"176760720012300000", unreadable}, // microseconds and more
		{"-1767607200123", "-1767607200123"},
	}
	for _, tt := range tests {
		if got := writtenTime(tt.in); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestFilesAreReadStrictly(t *testing.T) {
	sound, err := data.ReadFile("data/segment.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"name": "segment"`, `"name": ""`},
		{`"optional"`, `"optionally"`},
		{`"table": "preference"`, `"table": "other"`},
		{`"state":`, `"scope":`},
		{`"true": "given"`, `"true": "yes"`},
		{`"true": "given"`, `"TRUE": "given"`},
		{`"key": true`, `"key": false`},
		{`"evidence"`, `"proof"`},
		{`"evidence"`, `"subject_value"`},
		{`"evidence": {`, `"evidence": {"format": "roman", `},
		{`"evidence": {`, `"evidence": {"only": "sundays", `},
		{`"evidence": {`, `"evidence": {"key": true, `},
		{`"device"`, `"fax"`},
	} {
		text := strings.Replace(string(sound), change[0], change[1], 1)
		if text == string(sound) {
			t.Fatalf("%s is not in the file", change[0])
		}
		if _, err := load([]byte(text)); err == nil {
			t.Errorf("%s ─► %s was accepted", change[0], change[1])
		}
	}
	if _, err := load(append(sound, '1')); err == nil {
		t.Error("something after the brace was accepted")
	}
}

// Whatever the cells hold, a row permits only where a state column holds a
// word that the mapping's own table calls given, in the same statement's
// columns. Words that feeds elsewhere use for yes are among the cells.
func TestOnlyTheTablesWordsPermit(t *testing.T) {
	words := []string{
		"", "yes", "Yes", "true", "TRUE", "1", "granted", "GRANTED", "accepted", "given", "opt_in", "OptIn", "optin", "subscribed",
		"CONFIRMED", "ACTIVE", "y", "Y", "n", "conflict", "DENIED", "\x00", "a@example.org", "+4915100000001", "2026-01-05T10:00:00Z",
		"1767607200123", "marketing.communications.email", "analytics", "news", "Newsletter", "email", "Email", "SMS", "*",
	}
	for _, name := range Names() {
		m := bind(t, name)
		given, stateColumns := map[string]bool{}, map[string]bool{}
		for i := range m.statements {
			b := &m.statements[i]
			state := b.Fields[consent.FieldState]
			for value, s := range m.file.Values[state.Table] {
				if s == "given" {
					given[value] = true
				}
			}
			for _, c := range state.Columns {
				stateColumns[b.column(c)] = true
			}
		}
		rapid.Check(t, func(t *rapid.T) {
			cells, said := map[string][]string{}, false
			for _, c := range m.columns {
				slots := 1
				if strings.Contains(c, "[]") {
					slots = rapid.IntRange(0, 3).Draw(t, "slots")
				}
				cells[c] = rapid.SliceOfN(rapid.SampledFrom(words), slots, slots).Draw(t, c)
				for _, v := range cells[c] {
					said = said || stateColumns[c] && given[strings.ToLower(v)]
				}
			}
			for _, row := range m.Rows(
				func(c string, k int) string { return cells[c][k] },
				func(c string) int { return len(cells[c]) }) {
				if state, err := schema.ParseState(row(consent.FieldState)); err == nil && state.Permits() && !said {
					t.Fatalf("%s permits out of %q", name, cells)
				}
			}
		})
	}
}

// FuzzRows: no cell makes a mapping panic, and every row that it makes is an
// event that validates, or problems.
func FuzzRows(f *testing.F) {
	for i := range Names() {
		f.Add(i, "GRANTED\nCONFIRMED\ny\ntrue\nOptIn\n2026-01-05T10:00:00Z\na@example.org\nnews", 2)
	}
	f.Fuzz(func(t *testing.T, which int, text string, slots int) {
		names := Names()
		m := bind(t, names[(which%len(names)+len(names))%len(names)])
		words := strings.Split(text, "\n")
		cells := map[string][]string{}
		for i, c := range m.columns {
			n := 1
			if strings.Contains(c, "[]") {
				n = (slots%4 + 4) % 4
			}
			for k := range n {
				cells[c] = append(cells[c], words[(i+k)%len(words)])
			}
		}
		for _, r := range readings(t, m, cells) {
			if len(r.Problems) == 0 {
				if err := r.Event.Validate(schema.DefaultRegistry()); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkRows(b *testing.B) {
	m, p := bind(b, "onetrust"), parser(b)
	cells := map[string][]string{
		"identifier": {"a@example.org"}, "identifierType": {"email"}, "interactionDate": {"2026-01-05"},
		"purposes[].id": {"news", "not ours"}, "purposes[].transactionType": {"CONFIRMED", "NO_CHOICE"},
	}
	for b.Loop() {
		for _, row := range m.Rows(func(c string, k int) string { return cells[c][k] }, func(c string) int { return len(cells[c]) }) {
			p.Parse(row)
		}
	}
}

// The page names every mapping and every value of its state tables.
func TestDocumentationNamesEveryMappingAndState(t *testing.T) {
	page, err := os.ReadFile("../../../schemas/docs/consent-sources.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Names() {
		var line string
		for _, l := range strings.Split(string(page), "\n") {
			if strings.HasPrefix(l, "| `"+name+"` |") {
				line += strings.ToLower(l) // one row of fields, one of values
			}
		}
		m := bind(t, name)
		for i := range m.file.Statements {
			for value := range m.file.Values[m.file.Statements[i].Fields[consent.FieldState].Table] {
				if !strings.Contains(line, value) {
					t.Errorf("%s: the page does not say what %q means", name, value)
				}
			}
		}
	}
}
