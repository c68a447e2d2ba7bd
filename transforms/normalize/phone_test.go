package normalize

import (
	"testing"

	"concord/schemas/attribute"
)

func TestPhone(t *testing.T) {
	checkExamples(t, attribute.TypePhone, Options{Region: "US"}, []example{
		{"(807) 422-9031", "phone=+18074229031"},
		{"807.422.9031 ext. 12", "phone=+18074229031"},
		{"807-422-9031 x12", "phone=+18074229031"},
		{"tel:+1-807-422-9031", "phone=+18074229031"},
		{"8074229031 / 807 422 9055", "phone=+18074229031; phone=+18074229055"},
		{"8074229031; (807) 422-9031", "phone=+18074229031"},
		{"0352/6553537", "phone=n:03526553537 u"},
		{"18074229031", "phone=+18074229031"},
		{"8074229031.0", "phone=+18074229031"},
		{"٨٠٧٤٢٢٩٠٣١", "phone=+18074229031"},
		{"+39 0352 6553537", "phone=+3903526553537"},
		{"0044 20 7946 0018", "phone=+442079460018"},
		{"0352 6553537", "phone=n:03526553537 u"},
		{"321-3212", "phone=n:3213212 u"},
		{"+92 42-7925774", "phone=+92427925774 u"},
		{"92-42-7925774", "phone=+92427925774 u"},
		{"617.111.2833", "phone=+16171112833 u"},
		{"+1 (617) 111-2833", "phone=+16171112833 u"},
		{"n:3213212", "phone=n:3213212 u"},
		{"555-0123", "phone= j"},
		{"212-555-0142", "phone= j"},
		{"000-000-0000", "phone= j"},
		{"9999999999", "phone= j"},
		{"1234567890", "phone= j"},
		{"0123456789", "phone= j"},
		{"12345", "phone=!bad_phone"},
		{"call me", "phone=!bad_phone"},
		{"ab 807 422 9031", "phone=!bad_phone"},
	})
	checkExamples(t, attribute.TypePhone, Options{}, []example{
		{"04 02121465", "phone=n:0402121465 u"},
		{"1-404-330-2852", "phone=+14043302852"},
		{"4696111027", "phone=n:4696111027 u"},
		{"+7(4812)85-62-34", "phone=+74812856234"},
	})
	checkExamples(t, attribute.TypePhone, Options{Region: "au"}, []example{
		{"04 02121465", "phone=+61402121465"}, {"08 03848785", "phone=+61803848785 u"}, {"618 03848785", "phone=+61803848785 u"},
	})
	checkExamples(t, attribute.TypePhone, Options{Region: "DE"}, []example{{"030 901820", "phone=+4930901820"}})
}

func TestInferPhoneRegion(t *testing.T) {
	for _, c := range []struct {
		samples []string
		want    string
	}{
		{[]string{"650-650-6176", "6172062365", "+15034370945", "503-437-0945"}, "US"},
		{[]string{"020 7946 0018", "0161 834 5000", "07911 123456", "0131 200 2000", "07400 123456"}, "GB"},
		{[]string{"0151 23456789", "0176 12345679", "030 901820", "089 21800", "0160 98765432", "040 428280", "0221 4710234", "069 212010"}, "DE"},
		{[]string{"+44 20 7946 0018"}, ""},
		{nil, ""},
	} {
		if got, share := InferPhoneRegion(c.samples); got != c.want || share > 1 {
			t.Errorf("InferPhoneRegion(%q) = %q, %v, want %q", c.samples, got, share, c.want)
		}
	}
}

func BenchmarkPhone(b *testing.B) {
	n, _ := For(attribute.TypePhone)
	var out []Value
	for b.Loop() {
		out = n.Normalize("(807) 422-9031", Options{Region: "US"}, out[:0])
	}
}
