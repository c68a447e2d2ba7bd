package survey

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"concord/jobs/store"
	"concord/schemas/attribute"
	"concord/schemas/consent"
	"concord/schemas/job"
)

// folder is a store of the given files.
func folder(t testing.TB, files map[string]string) store.Store {
	t.Helper()
	m := &store.Memory{}
	for key, text := range files {
		w, err := m.Create(context.Background(), key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// drafted surveys the files and parses the draft.
func drafted(t testing.TB, files map[string]string) (*Survey, *job.Job, string) {
	t.Helper()
	s, err := Look(context.Background(), folder(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := string(s.Job(Draft{Name: "test", Store: ".", Output: "./out"}))
	j, err := job.Parse("job.yaml", []byte(text))
	if err != nil {
		t.Fatalf("the draft is no job file: %v\n%s", err, text)
	}
	return s, j, text
}

var (
	givenNames  = strings.Fields("James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara")
	familyNames = strings.Fields("Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez")
)

// rows repeats a row's format for i = 0, 1, …; verbs are filled by number,
// given name, family name.
func rows(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+"\n", i, givenNames[i%len(givenNames)], familyNames[i%len(familyNames)])
	}
	return b.String()
}

func TestCSVWithHeader(t *testing.T) {
	_, j, _ := drafted(t, map[string]string{
		"crm.csv": "contact_id,first_name,last_name,email,phone,created_at,updated_at,notes\n" +
			rows(40, "C%03[1]d,%[2]s,%[3]s,p%[1]d@mail.net,212-555-%04[1]d,2024-01-02,2025-03-0%[1]dT10:00:00Z,x"),
	})
	c := j.Channels["crm"]
	if c == nil || c.Key[0] != "contact_id" || c.EventTime.Column != "created_at" {
		// updated_at holds 2025-03-010…: most of its values are no times.
		t.Fatalf("the channel is %+v", c)
	}
	for column, want := range map[string]attribute.Type{"first_name": "given_name", "last_name": "family_name", "email": "email", "phone": "phone"} {
		if f := c.Fields[column]; f == nil || f.As != want {
			t.Errorf("%s is %+v, want %s", column, f, want)
		}
	}
}

func TestHeaderlessFileGetsColumnNames(t *testing.T) {
	_, j, _ := drafted(t, map[string]string{"signups.csv": rows(60, "W%05[1]d,%[2]s,%[3]s,p%[1]d@mail.net,2024-05-11T10:00:00Z")})
	c := j.Channels["signups"]
	if c.Header == nil || *c.Header || len(c.Columns) != 5 {
		t.Fatalf("header %v, columns %v", c.Header, c.Columns)
	}
	if c.Columns[3] != "email" || c.Fields["email"].As != "email" || c.Fields["given_name"].As != "given_name" {
		t.Errorf("columns %v, fields %v", c.Columns, c.FieldColumns())
	}
	if c.Key[0] != c.Columns[0] || c.EventTime.Column != c.Columns[4] {
		t.Errorf("key %v, event time %v", c.Key, c.EventTime)
	}
}

func TestSemicolonsInWindows1252(t *testing.T) {
	text := "Kundennummer;Vorname;Nachname;Straße;Geburtsdatum;geändert am\r\n" + rows(40, "%[1]d;%[2]s;%[3]s;Hauptstraße %[1]d;13.02.1980;27.05.2024\r")
	latin := make([]byte, 0, len(text))
	for _, r := range text {
		latin = append(latin, byte(r)) // Windows-1252 is Latin-1 for these letters
	}
	_, j, _ := drafted(t, map[string]string{"kunden.csv": string(latin)})
	c := j.Channels["kunden"]
	if c.Encoding != "windows-1252" || c.Delimiter != ";" || c.Key[0] != "Kundennummer" {
		t.Errorf("dialect %+v", c)
	}
	if c.EventTime.Column != "geändert am" || c.EventTime.DateOrder != "dmy" {
		t.Errorf("event time %+v", c.EventTime)
	}
}

func TestJSONArrayNestedPathsAndGzip(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	fmt.Fprint(z, "[")
	for i := range 30 {
		if i > 0 {
			fmt.Fprint(z, ",")
		}
		fmt.Fprintf(z, `{"id":"u%d","name":{"first":%q,"last":%q},"emails":["p%d@mail.net"],"updatedAt":"2025-01-01T00:00:00Z"}`, i, givenNames[i%12], familyNames[i%11], i)
	}
	fmt.Fprint(z, "]")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, j, _ := drafted(t, map[string]string{"app/users.json.gz": b.String()})
	c := j.Channels["users"]
	if c.Format != "jsonl" || c.Fields["name.first"].As != "given_name" || c.Fields["emails[]"].As != "email" || c.Key[0] != "id" || c.EventTime.Column != "updatedAt" {
		t.Errorf("the channel is %+v with fields %v", c, c.FieldColumns())
	}
}

func TestTablesThatAreNotPeopleAreListed(t *testing.T) {
	s, j, text := drafted(t, map[string]string{
		"users.csv":     "user_id,full_name,email\n" + rows(30, "U%[1]d,%[2]s %[3]s,p%[1]d@mail.net"),
		"invoices.csv":  "invoice_id,user_id,amount,issued_at\n" + rows(30, "I%[1]d,U%[1]d,1%[1]d.50,2025-01-02%.0[2]s%.0[3]s"),
		"companies.csv": "company_id,company_name,industry\n" + rows(30, "C%[1]d,%[3]s Systems Inc,Retail%.0[2]s"),
		"broken.csv.gz": "\x1f\x8b\x08\x00",
	})
	if len(j.Channels) != 1 || len(s.Left) != 3 {
		t.Fatalf("channels %v, left out %+v", j.ChannelNames(), s.Left)
	}
	for _, l := range s.Left {
		if !strings.Contains(text, l.Key+": "+l.Why) {
			t.Errorf("the draft does not say why %s is left out", l.Key)
		}
	}
}

// A whole name stays beside its parts where the parts are empty.
func TestWholeNameBesideParts(t *testing.T) {
	_, j, _ := drafted(t, map[string]string{
		"both.csv":  "id,first_name,last_name,full_name,email\n" + rows(30, "B%[1]d,%[2]s,%[3]s,%[2]s %[3]s,p%[1]d@mail.net"),
		"mixed.csv": "id,first_name,last_name,full_name,email\n" + rows(15, "M%[1]d,%[2]s,%[3]s,,p%[1]d@mail.net") + rows(15, "N%[1]d,,,%[2]s %[3]s,q%[1]d@mail.net"),
	})
	if j.Channels["both"].Fields["full_name"] != nil {
		t.Error("a whole name is mapped although its parts are always there")
	}
	if j.Channels["mixed"].Fields["full_name"] == nil {
		t.Error("a whole name is left out although its parts are missing in half of the rows")
	}
}

func TestSecondAddressGetsALabel(t *testing.T) {
	_, j, _ := drafted(t, map[string]string{
		"shop.csv": "customer_id,email,billing_street,billing_city,shipping_street,shipping_city\n" + rows(30, "S%[1]d,p%[1]d@mail.net,%[1]d High Street,London,%[1]d Low Road,Leeds%.0[2]s%.0[3]s"),
	})
	f := j.Channels["shop"].Fields
	if f["billing_city"].Label == f["shipping_city"].Label || f["shipping_city"].Label != f["shipping_street"].Label {
		t.Errorf("labels %q, %q, %q", f["billing_city"].Label, f["shipping_city"].Label, f["shipping_street"].Label)
	}
}

func TestRepeatedKeys(t *testing.T) {
	versions := "customer_id,email,updated_at\n" + rows(30, "A%[1]d,p%[1]d@mail.net,2025-01-02%.0[2]s%.0[3]s") + rows(10, "A%[1]d,p%[1]d@mail.net,2025-02-02%.0[2]s%.0[3]s")
	_, j, _ := drafted(t, map[string]string{
		"versions.csv": versions,
		"untimed.csv":  strings.ReplaceAll(versions, "updated_at", "colour"),
	})
	if got := j.Channels["versions"].Key[0]; got != "customer_id" {
		t.Errorf("versions of records that times can order have the key %s", got)
	}
	if got := j.Channels["untimed"].Key[0]; got != job.RowKey {
		t.Errorf("repeated keys that nothing can order are the key: %s", got)
	}
}

// A number that members of a family share is named like a key; the record's own
// number is one.
func TestMedicalRecordNumberIsAKey(t *testing.T) {
	_, j, _ := drafted(t, map[string]string{
		"register.csv": "mrn,first_name,last_name,insurance_no\n" + rows(30, "M%[1]d,%[2]s,%[3]s,447100938"),
	})
	if c := j.Channels["register"]; c.Key[0] != "mrn" || c.Fields["mrn"].Kind != "mrn" {
		t.Errorf("the channel is %+v", c)
	}
}

func TestAmbiguousEventTimeIsLeftToChoose(t *testing.T) {
	_, j, text := drafted(t, map[string]string{"a.csv": "id,email,updated_at\n" + rows(30, "A%[1]d,p%[1]d@mail.net,01/02/2025%.0[2]s%.0[3]s")})
	if j.Channels["a"].EventTime.Column != "" || !strings.Contains(text, "# event_time: {column: updated_at, date_order: dmy}") {
		t.Errorf("dates that read both ways are taken:\n%s", text)
	}
}

func TestOrderOfBirthDates(t *testing.T) {
	_, j, text := drafted(t, map[string]string{
		"proved.csv": "id,email,born\n" + rows(28, "A%[1]d,p%[1]d@mail.net,%[1]d/02/1980%.0[2]s%.0[3]s"),
		"open.csv":   "id,email,born\n" + rows(9, "B%[1]d,p%[1]d@mail.net,0%[1]d/02/1980%.0[2]s%.0[3]s"),
	})
	if got := j.Channels["proved"].Fields["born"].DateOrder; got != "dmy" {
		t.Errorf("the order of dates with days above 12 is %q", got)
	}
	if got := j.Channels["open"].Fields["born"].DateOrder; got != "" || !strings.Contains(text, "add date_order") {
		t.Errorf("the order of dates that prove none is %q", got)
	}
}

func TestConsentFeedAndColumns(t *testing.T) {
	_, j, text := drafted(t, map[string]string{
		"crm.csv":      "id,email,newsletter_opt_in,do_not_call\n" + rows(30, "A%[1]d,p%[1]d@mail.net,yes,N%.0[2]s%.0[3]s"),
		"consents.csv": "subject_kind,subject_value,purpose,channel,state,event_time\n" + rows(5, "email,p%[1]d@mail.net,marketing.communications,email,given,2025-01-01%.0[2]s%.0[3]s"),
	})
	if !j.Channels["consents"].IsConsent() {
		t.Error("a consent feed is not recognised")
	}
	if len(j.Channels["crm"].Embedded) != 0 || j.Channels["crm"].Fields["newsletter_opt_in"] != nil {
		t.Error("a consent column is used without being asked for")
	}
	// Uncommented, the proposals are valid.
	for _, line := range strings.Split(text, "\n") {
		if c := strings.TrimSpace(line); strings.HasPrefix(c, "# consent:") || strings.HasPrefix(c, "#   newsletter_opt_in") || strings.HasPrefix(c, "#   do_not_call") || strings.HasPrefix(c, "# email_marketing") {
			text = strings.Replace(text, line, strings.Replace(line, "# ", "", 1), 1)
		}
	}
	j, err := job.Parse("job.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	e := j.Channels["crm"].Embedded
	for column, want := range map[string]string{"newsletter_opt_in": "marketing.communications.email", "do_not_call": "marketing.communications.phone"} {
		if e[column] == nil || e[column].Purpose != want {
			t.Errorf("%s permits %+v, want %s", column, e[column], want)
			continue
		}
		if _, _, _, err := consent.DefaultRegistry().Resolve(want); err != nil {
			t.Error(err)
		}
	}
	if !e["do_not_call"].OptOut || e["newsletter_opt_in"].OptOut {
		t.Error("a yes to do_not_call must be a no to calls, and a no to it no yes")
	}
}

func TestRegionOnlyWhenEvident(t *testing.T) {
	phones := "id,email,phone,country\n" + rows(30, "A%[1]d,p%[1]d@mail.net,030 1234%04[1]d,DE%.0[2]s%.0[3]s")
	_, j, _ := drafted(t, map[string]string{"a.csv": phones})
	if j.Region != "DE" {
		t.Errorf("region %q where every row says DE", j.Region)
	}
	mixed := "id,email,country\n" + rows(15, "A%[1]d,p%[1]d@mail.net,DE%.0[2]s%.0[3]s") + rows(15, "B%[1]d,p%[1]d@mail.net,FR%.0[2]s%.0[3]s")
	if _, j, _ := drafted(t, map[string]string{"a.csv": mixed}); j.Region != "" {
		t.Errorf("region %q of two countries", j.Region)
	}
}

func TestBrandColumn(t *testing.T) {
	_, j, _ := drafted(t, map[string]string{"calls.csv": "ticket,email,brand,called_at\n" + rows(30, "T%[1]d,p%[1]d@mail.net,north,2025-01-01%.0[2]s%.0[3]s")})
	c := j.Channels["calls"]
	if c.Brand.Column != "brand" || c.Fields["brand"] != nil || c.EventTime.Column != "called_at" || c.Key[0] != "ticket" {
		t.Errorf("brand %+v, event time %+v, key %v", c.Brand, c.EventTime, c.Key)
	}
}

func TestNothingToDraft(t *testing.T) {
	_, err := Look(context.Background(), folder(t, map[string]string{"README.md": "x"}), Options{})
	if !errors.Is(err, ErrNoObjects) {
		t.Errorf("a folder without extracts: %v", err)
	}
	_, err = Look(context.Background(), folder(t, map[string]string{"invoices.csv": "invoice_id,amount\n1,2\n"}), Options{})
	var none *NoPeopleError
	if !errors.As(err, &none) || len(none.Left) != 1 {
		t.Errorf("a folder without people: %v", err)
	}
}

func TestOutputOfRunsIsIgnored(t *testing.T) {
	people := "id,email\n" + rows(30, "A%[1]d,p%[1]d@mail.net%.0[2]s%.0[3]s")
	s, err := Look(context.Background(), folder(t, map[string]string{"a.csv": people, "out/b.csv": people}), Options{Ignore: []string{"out/"}})
	if err != nil || len(s.Channels) != 1 {
		t.Errorf("channels %v, %v", s, err)
	}
}

// Whatever the cells hold, the draft is a job file and quotes none of them.
func TestDraftQuotesNoValue(t *testing.T) {
	const canary = "qzxcanary"
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{
			"id", "e-mail", "first name", "last_name", "phone", "country", "updated_at", "newsletter", "address", "notes", "yes", "a: b", "#x", "ß", "\"q\"", "null", "1", "-", "[]", "{", "ssn", "status",
		}), 3, 8, func(s string) string { return s }).Draw(t, "columns")
		columns = append(columns, "email")
		var b strings.Builder
		quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		for i, c := range columns {
			columns[i] = quote(c)
		}
		b.WriteString(strings.Join(columns, ",") + "\n")
		for i := range 20 {
			for k := range columns {
				if k > 0 {
					b.WriteByte(',')
				}
				b.WriteString(quote(fmt.Sprintf("%s%d%s", rapid.SampledFrom([]string{"", "a b ", "2025-01-01 ", "+44 ", "yes"}).Draw(t, "prefix"), i, canary)))
			}
			b.WriteByte('\n')
		}
		text := strings.ReplaceAll(b.String(), canary+"\"\n", canary+"@mail.net\"\n") // the last column holds e-mail addresses
		m := &store.Memory{}
		w, err := m.Create(context.Background(), "x.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(text))
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		s, err := Look(context.Background(), m, Options{})
		if err != nil {
			if strings.Contains(err.Error(), canary) {
				t.Fatalf("the error quotes a value: %v", err)
			}
			return
		}
		draft := s.Job(Draft{Name: "x", Store: ".", Output: "./out"})
		if bytes.Contains(draft, []byte(canary)) {
			t.Fatalf("the draft quotes a value:\n%s", draft)
		}
		if _, err := job.Parse("job.yaml", draft); err != nil {
			t.Fatalf("the draft is no job file: %v\n%s", err, draft)
		}
	})
}

// What is known of the development data, if it is there.
func TestSharedData(t *testing.T) {
	root := sharedData(t)
	from, err := store.OpenDirectory(filepath.Join(root, "customers", "kanoniv_c360"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Look(context.Background(), from, Options{})
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	for _, c := range s.Channels {
		keys[c.Name] = c.Key.Value
	}
	want := map[string]string{"app_signups": "app_user_id", "billing_accounts": "billing_account_id", "crm_contacts": "crm_contact_id", "partner_leads": "partner_lead_id", "support_users": "support_user_id"}
	if fmt.Sprint(keys) != fmt.Sprint(want) || len(s.Left) != 5 || s.Region.Value != "US" {
		t.Errorf("keys %v, left out %d, region %s", keys, len(s.Left), s.Region.Value)
	}
}

func sharedData(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	data := filepath.Join(dir, "..", "shared", "data")
	if _, err := os.Stat(data); err != nil {
		t.Skip("the development data are not there: ../shared/data")
	}
	return data
}
