package normalize

import (
	"testing"

	"pgregory.net/rapid"

	"concord/schemas/attribute"
)

func TestIdentifier(t *testing.T) {
	checkExamples(t, attribute.TypeIdentifier, Options{Kind: "loyalty"}, []example{
		{"AB-12 34", "identifier_loyalty=ab1234"}, {"201012345A", "identifier_loyalty=201012345a"}, {"3817305.0", "identifier_loyalty=3817305"},
		{"0000000", "identifier_loyalty= j"}, {"123456789", "identifier_loyalty= j"}, {"XXXX", "identifier_loyalty= j"}, {"--//", ""}, {"()", "identifier_loyalty=!bad_identifier"},
	})
	checkExamples(t, attribute.TypeIdentifier, Options{}, []example{{"A7", "identifier_id=a7 u"}})
	checkExamples(t, attribute.TypeIdentifier, Options{Kind: "ssn"}, []example{
		{"294-66-9999", "identifier_ssn=294669999"}, {"294669999", "identifier_ssn=294669999"}, {"000-12-3456", "identifier_ssn=!bad_checksum"},
		{"3241", "identifier_ssn=!bad_checksum"}, {"111-11-1111", "identifier_ssn= j"},
	})
	checkShown(t, attribute.TypeIdentifier, Options{Kind: "ssn"}, []example{{"294669999", "294-66-9999"}})
	checkShown(t, attribute.TypeIdentifier, Options{Kind: "iban"}, []example{{"de89370400440532013000", "DE89 3704 0044 0532 0130 00"}})
}

// checksumExamples are published specimens, by kind.
var checksumExamples = []struct{ kind, valid string }{
	{"iban", "DE89370400440532013000"}, {"iban", "GB82WEST12345698765432"}, {"credit_card", "4111111111111111"},
	{"nhs", "9434765919"}, {"nif", "12345678Z"}, {"nif", "X1234567L"}, {"vat", "DE136695976"}, {"lei", "5493001KJTIIGC8Y1R12"},
	{"bsn", "111222333"}, {"cpf", "11144477735"}, {"codice_fiscale", "RSSMRA85T10A562S"}, {"pesel", "44051401359"},
	{"steuer_id", "86095742719"}, {"siren", "732829320"}, {"siret", "73282932000074"}, {"imei", "490154203237518"},
}

func TestChecksums(t *testing.T) {
	for _, e := range checksumExamples {
		k := kindOf(e.kind)
		if k == nil {
			t.Fatalf("identifier kind %q is not known", e.kind)
		}
		if !k.check(e.valid) {
			t.Errorf("the %s specimen fails its check", e.kind)
		}
	}
}

// A checksum finds every change of one digit. (SSN, EIN and VAT numbers of
// most countries have none.)
func TestChecksumsFindOneWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom(checksumExamples).Draw(t, "specimen")
		i := rapid.IntRange(0, len(e.valid)-1).Draw(t, "position")
		if !isDigit(e.valid[i]) {
			return
		}
		step := rapid.IntRange(1, 9).Draw(t, "step")
		b := []byte(e.valid)
		b[i] = '0' + byte((int(b[i]-'0')+step)%10)
		if kindOf(e.kind).check(string(b)) {
			t.Fatalf("%s accepts the specimen with the digit at %d moved by %d", e.kind, i, step)
		}
	})
}

// A check must read any text without failing.
func FuzzChecks(f *testing.F) {
	for _, e := range checksumExamples {
		f.Add(e.valid)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for i := range identifierKinds {
			k := &identifierKinds[i]
			if isASCII(s) && s != "" && k.check(s) && k.show != nil && compactIdentifier(k.show(s)) != compactIdentifier(s) {
				t.Errorf("%s shows an identifier with other characters", k.names)
			}
		}
	})
}
