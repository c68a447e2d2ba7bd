package normalize

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"concord/schemas/attribute"
)

func TestInferByNameAlone(t *testing.T) {
	for column, want := range map[string]attribute.Type{
		"vorname": "given_name", "Nachname": "family_name", "prénom": "given_name", "nom": "family_name", "apellido": "family_name", "Nombre": "given_name",
		"cognome": "family_name", "voornaam": "given_name", "achternaam": "family_name", "sobrenome": "family_name", "customerFirstName": "given_name",
		"PRIMARY_NAME_LAST": "family_name", "ADDR_FULL": "address", "shipping_zip": "postcode", "billing_city": "city", "PLZ": "postcode", "Straße": "street",
		"code_postal": "postcode", "Geburtsdatum": "birth_date", "date_of_birth": "birth_date", "E-Mail": "email", "Téléphone": "phone", "home_phone": "phone",
		"Ort": "city", "país": "country", "passport_country": "", "user_id": "", "invoice_id": "", "is_active": "", "event_type": "text", "plan": "text",
		"created_at": "date", "birth_place": "birth_place", "Geburtsort": "birth_place", "first_and_surname": "full_name", "postcode_fake": "postcode", "ssn": "identifier", "IBAN": "identifier", "loyalty_number": "identifier", "age": "", "ethnicity": "", "partner_name": "text",
		"dependent_2_ssn": "", "child1_first_name": "", "employer_street_name": "", "employer_name": "organisation", "pcp_phone": "",
		"midl_name": "middle_name", "name_sufx_cd": "name_suffix", "res_city_desc": "city", "state_cd": "region", "res_street_address": "street_address", "mail_zipcode": "postcode",
	} {
		got, _, confidence, why := InferType(column, nil)
		if got != want || confidence < 0 || confidence > 1 || why == "" {
			t.Errorf("InferType(%q) = %q, %.2f, %q, want %q", column, got, confidence, why, want)
		}
	}
}

func TestInferByValuesAlone(t *testing.T) {
	repeat := func(values ...string) []string { return slices.Repeat(values, 4) }
	for _, c := range []struct {
		values []string
		want   attribute.Type
	}{
		{repeat("ada@work.org", "bob@home.net", ""), "email"},
		{repeat("(650) 650-6176", "617-206-2365", "+15034370945"), "phone"},
		{repeat("1980-02-13", "1991-08-20"), "date"},
		{repeat("1694-11-21", "1712-06-28"), "date"}, // historical, and no telephone numbers
		{repeat("M", "F", "F"), "sex"},
		{repeat("Ada Smith", "John Miller", "Mary Johnson"), "full_name"},
		{repeat("mary", "john", "linda", "james", "robert", "susan", "karen", "lisa", "betty", "sandra", "donna", "carol"), "given_name"},
		{repeat("Smith", "Miller", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Rodriguez", "Martinez", "Hernandez", "Lopez", "Gonzalez"), "family_name"},
		{repeat("7548 Center St, San Diego, CA 92101", "2170 Oak Ave, Houston, TX 77001"), "address"},
		{repeat("12 High Street", "5 Park Road"), "street_address"},
		{repeat("Acme Systems", "Initech Software Inc", "Globex Holdings"), "organisation"},
		{repeat("true", "false"), ""},
		{repeat("17", "4711"), ""},
		{repeat("6d92078a-8246-4ba4-ae5b-76104861e7dc"), ""},
	} {
		if got, _, _, why := InferType("c7", c.values); got != c.want {
			t.Errorf("InferType of %q… = %q (%s), want %q", c.values[0], got, why, c.want)
		}
	}
}

// The values overrule a name that they contradict.
func TestInferRefutesNames(t *testing.T) {
	for _, c := range []struct {
		column string
		values []string
		want   attribute.Type
	}{
		{"title", []string{"Architect", "Manager", "Head of Sales"}, "text"},
		{"title", []string{"mr", "ms", "dr"}, "name_prefix"},
		{"birthday", []string{"3", "17", "31"}, "birth_day"},
		{"email", []string{"true", "false"}, ""},
		{"phone", []string{"a@b.co", "c@d.eu"}, "email"},
		{"order_email", []string{"a@b.co", "c@d.eu"}, "email"},
		{"spouse_email", []string{"a@b.co", "c@d.eu"}, ""},
		{"address", []string{"10 High Street", "12 Low Road"}, "street_address"},
		{"address_1", []string{"hay street", "welsby place"}, "street"},
		{"address_line1", []string{"123 Main St, Reno, NV 89501", "5 Oak Ave, Elko, NV 89801"}, "address"},
	} {
		if got, _, _, why := InferType(c.column, c.values); got != c.want {
			t.Errorf("InferType(%q) = %q (%s), want %q", c.column, got, why, c.want)
		}
	}
	if _, kind, _, _ := InferType("soc_sec_id", []string{"3817305", "3380232"}); kind != "soc_sec" {
		t.Errorf("soc_sec_id of seven digits has kind %q", kind)
	}
	if _, kind, _, _ := InferType("soc_sec_id", []string{"294-66-9999", "293-90-9090"}); kind != "ssn" {
		t.Errorf("soc_sec_id of nine digits has kind %q", kind)
	}
}

// sharedColumns are files of the development data and what their columns are;
// "-" is a column that must stay unmapped.
var sharedColumns = map[string]string{
	"truth/febrl3.records.csv.gz": "record_id:- given_name:given_name surname:family_name street_number:house_number address_1:street address_2:locality suburb:city " +
		"postcode:postcode state:region date_of_birth:birth_date soc_sec_id:identifier",
	"truth/febrl_gen2_100k.records.csv.gz":   "culture:- sex:sex age:- title:name_prefix phone_number:phone",
	"truth/reclin_example.records.csv.gz":    "firstname:given_name lastname:family_name sex:sex dobday:birth_day dobmon:birth_month dobyear:birth_year postcode:postcode",
	"truth/rldata500.records.csv.gz":         "fname_c1:given_name fname_c2:middle_name lname_c1:family_name lname_c2:- by:birth_year bm:birth_month bd:birth_day",
	"truth/restaurant.records.csv.gz":        "name:organisation addr:street_address phone:phone city:city type:text",
	"truth/splink_fake_1000.records.csv.gz":  "first_name:given_name surname:family_name dob:birth_date city:city email:email",
	"customers/kanoniv_c360/app_signups.csv": "app_user_id:- email:email first_name:given_name last_name:family_name device_type:text created_at:date is_verified:-",
	"customers/kanoniv_c360/app_events.csv":  "event_id:- app_user_id:- event_type:text timestamp:date properties:-",
	"customers/kanoniv_c360/billing_accounts.csv": "billing_account_id:- account_name:full_name email:email company_name:organisation billing_address:address " +
		"plan:text mrr_cents:money status:text",
	"customers/kanoniv_c360/crm_contacts.csv":  "crm_contact_id:- phone:phone company_name:organisation title:text lead_source:text updated_at:date",
	"customers/kanoniv_c360/support_users.csv": "display_name:full_name company:organisation phone:phone last_seen_at:date",
	"customers/kanoniv_c360/partner_leads.csv": "partner_name:text company:organisation stage:text estimated_arr:money",
	"customers/senzing_truthset/customers.csv": "RECORD_ID:- PRIMARY_NAME_FULL:full_name PRIMARY_NAME_ORG:organisation PRIMARY_NAME_LAST:family_name PRIMARY_NAME_FIRST:given_name " +
		"PRIMARY_NAME_MIDDLE:middle_name NATIVE_NAME_FULL:full_name GENDER:sex DATE_OF_BIRTH:birth_date PASSPORT_NUMBER:identifier PASSPORT_COUNTRY:- " +
		"DRIVERS_LICENSE_STATE:- SSN_NUMBER:identifier EMAIL_ADDRESS:email ADDR_FULL:address ADDR_LINE1:street_address ADDR_CITY:city ADDR_STATE:region " +
		"ADDR_POSTAL_CODE:postcode ADDR_COUNTRY:country PHONE_NUMBER:phone PHONE_TYPE:text AMOUNT:money DATE:date STATUS:text",
	"judgements/nbs_seed.csv": "FIRST:given_name LAST:family_name SUFFIX:name_suffix MAIDEN:- RACE:- GENDER:sex ADDRESS:street_address STATE:region ZIP:postcode SSN:identifier",
}

func TestInferOnSharedData(t *testing.T) {
	root := sharedData(t)
	for file, want := range sharedColumns {
		header, columns := readColumns(t, filepath.Join(root, filepath.FromSlash(file)), 1000)
		for pair := range strings.FieldsSeq(want) {
			name, typ, _ := strings.Cut(pair, ":")
			i := slices.Index(header, name)
			if i < 0 {
				t.Fatalf("%s has no column %s", file, name)
			}
			got, _, _, why := InferType(name, columns[i])
			if string(got) != strings.TrimPrefix(typ, "-") {
				t.Errorf("%s column %s: %q (%s), want %q", file, name, got, why, typ)
			}
		}
	}
}

// sharedData is the folder of development data beside the repository; the test
// is skipped where it is absent.
func sharedData(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	data := filepath.Join(dir, "..", "shared", "data")
	if _, err := os.Stat(data); errors.Is(err, os.ErrNotExist) {
		t.Skip("the development data is not here")
	}
	return data
}

// readColumns reads the first rows of a CSV file, column by column.
func readColumns(t *testing.T, path string, rows int) (header []string, columns [][]string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	if header, err = c.Read(); err != nil {
		t.Fatal(err)
	}
	columns = make([][]string, len(header))
	for range rows {
		row, err := c.Read()
		if err != nil {
			break
		}
		for i, v := range row[:min(len(row), len(header))] {
			columns[i] = append(columns[i], v)
		}
	}
	return header, columns
}

// FuzzInferType: any name and values give a confidence in [0, 1], a reason,
// and a type that exists, with a kind for identifiers alone.
func FuzzInferType(f *testing.F) {
	f.Add("PRIMARY_NAME_LAST", "Smith\nJones")
	f.Add("dobYear1", "1980\n\xff")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, column, values string) {
		typ, kind, confidence, why := InferType(column, strings.Split(values, "\n"))
		if confidence < 0 || confidence > 1 || why == "" || (kind != "") != (typ == attribute.TypeIdentifier) {
			t.Errorf("InferType gives %q, kind %q, confidence %v, why %q", typ, kind, confidence, why)
		}
		if typ != "" && !slices.Contains(attribute.Types(), typ) {
			t.Errorf("InferType gives the type %q, which does not exist", typ)
		}
	})
}
