package normalize

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"concord/schemas/attribute"
)

func TestBirthDate(t *testing.T) {
	checkExamples(t, attribute.TypeBirthDate, Options{}, []example{
		{"1980-02-13", "birth_date=1980-02-13"},
		{"1980/2/3", "birth_date=1980-02-03"},
		{"19800213", "birth_date=1980-02-13"},
		{"1951-06-02T00:00:00", "birth_date=1951-06-02"},
		{"1951-06-02 00:00:00+00:00", "birth_date=1951-06-02"},
		{"13/02/1980", "birth_date=1980-02-13"},
		{"02/13/1980", "birth_date=1980-02-13"},
		{"03/03/1980", "birth_date=1980-03-03"},
		{"02/03/1980", "birth_date=!ambiguous_date"},
		{"15-Mar-92", "birth_date=1992-03-15"},
		{"Mar 1 1970", "birth_date=1970-03-01"},
		{"March 1st, 1970", "birth_date=1970-03-01"},
		{"2. März 1980", "birth_date=1980-03-02"},
		{"2 février 1980", "birth_date=1980-02-02"},
		{"13 de mayo de 1975", "birth_date=1975-05-13"},
		{"3 gennaio 1975", "birth_date=1975-01-03"},
		{"3 mei 1975", "birth_date=1975-05-03"},
		{"1993年9月14日", "birth_date=1993-09-14"},
		{"١٣/٠٢/١٩٨٠", "birth_date=1980-02-13"},
		{"1980", "birth_date=1980"},
		{"1980-02", "birth_date=1980-02"},
		{"Feb 1980", "birth_date=1980-02"},
		{"1980-00-00", "birth_date=1980"},
		{"19730231", "birth_date=1973-02-31 u"},
		{"1980-13-40", "birth_date=1980-13-40 u"},
		{"10401228", "birth_date=1040-12-28 u"},
		{"1900-01-01", "birth_date= j"},
		{"01/01/1900", "birth_date= j"},
		{"1970-01-01", "birth_date= j"},
		{"9999-12-31", "birth_date= j"},
		{"00000000", "birth_date= j"},
		{"1941122", "birth_date=!bad_date"},
		{"soon", "birth_date=!bad_date"},
		{"29264", "birth_date=1980-02-13 u"}, // days since 1899-12-30
		{"29264.0", "birth_date=1980-02-13 u"},
		{"09264", "birth_date=!bad_date"},
		{"99264", "birth_date=!bad_date"},
		{"1.5", "birth_date=!bad_date"},
	})
	checkShown(t, attribute.TypeBirthDate, Options{}, []example{{"19730231", ""}, {"19730228", "1973-02-28"}})
}

func TestBirthDateWithOrder(t *testing.T) {
	checkExamples(t, attribute.TypeBirthDate, Options{DateOrder: MDY, ReferenceYear: 2026}, []example{
		{"02/03/1980", "birth_date=1980-02-03"},
		{"3/1/70", "birth_date=1970-03-01"},
		{"5/24/11", "birth_date=2011-05-24"},
		{"8/2/27", "birth_date=1927-08-02"},
		{"20/8/1991", "birth_date=1991-08-20 u"},
		{"02/03/2031", "birth_date=2031-02-03 u"},
		{"2031", "birth_date=!future_date"},
		{"31/31/1980", "birth_date=1980-31-31 u"},
	})
	checkExamples(t, attribute.TypeBirthDate, Options{DateOrder: DMY}, []example{{"02/03/1980", "birth_date=1980-03-02"}, {"02031980", "birth_date=1980-03-02"}})
	checkExamples(t, attribute.TypeBirthDate, Options{DateOrder: YMD}, []example{
		{"80-02-13", "birth_date=1980-02-13"}, {"800213", "birth_date=1980-02-13"}, {"07-08-09", "birth_date=2007-08-09"},
		{"7/16/95", "birth_date=1995-07-16 u"}, {"16/7/95", "birth_date=1995-07-16 u"}, {"7/8/95", "birth_date=!ambiguous_date"},
	})
}

func TestBirthParts(t *testing.T) {
	for _, e := range []example{
		{"1964\x1f5\x1f12", "birth_date=1964-05-12"}, {"64\x1f5\x1f12", "birth_date=1964-05-12"}, {"1964\x1f\x1f12", "birth_date=1964"}, {"1964\x1f5\x1f", "birth_date=1964-05"},
		{"1964\x1fMay\x1f12", "birth_date=1964-05-12"}, {"1964.0\x1f5.0\x1f12.0", "birth_date=1964-05-12"}, {"1964\x1f2\x1f31", "birth_date=1964-02-31 u"},
		{"\x1f\x1f", ""}, {"\x1f5\x1f12", "birth_date=!bad_date"}, {"x\x1f5\x1f12", "birth_date=!bad_date"}, {"1900\x1f1\x1f1", "birth_date= j"}, {"1964\x1fN/A\x1f12", "birth_date=1964"},
	} {
		if got := describe(BirthParts.Normalize(e.raw, Options{}, nil)); got != e.want {
			t.Errorf("birth parts %q: got %s, want %s", e.raw, got, e.want)
		}
	}
}

func TestInferDateOrder(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   Order
	}{
		{[]string{"13/02/1980", "01/02/1980", ""}, DMY},
		{[]string{"02/13/1980", "01/02/1980", "15-Mar-92"}, MDY},
		{[]string{"01/02/1980", "03/04/1981"}, Unset},
		{[]string{"15-Mar-92", "3/3/1980", "1/2/1980"}, Unset},
		{[]string{"1980-02-13", "19800214", "1980"}, YMD},
		{[]string{"13/02/1980", "02/13/1980"}, Unset},
		{append(slices.Repeat([]string{"10/27/76"}, 20), "20/8/1991"), MDY},
		{nil, Unset},
	} {
		if got, e := InferDateOrder(slices.Values(c.values)); got != c.want {
			t.Errorf("InferDateOrder(%q) = %v on %+v, want %v", c.values, got, e, c.want)
		}
	}
}

// Every date of two centuries, written in every layout, is read back when the
// order is declared.
func TestDateRoundTrip(t *testing.T) {
	layouts := []struct {
		layout string
		order  Order
	}{
		{"2006-01-02", Unset}, {"20060102", Unset}, {"2006/1/2", Unset}, {"02/01/2006", DMY}, {"2.1.2006", DMY}, {"01/02/2006", MDY}, {"1-2-2006", MDY},
		{"2-Jan-2006", Unset}, {"January 2, 2006", Unset}, {"Mon, 02 Jan 2006", Unset}, {"2006-01-02T15:04:05Z", Unset}, {"02/01/2006 15:04", DMY},
	}
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1851, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 365*200).Draw(t, "day"))
		l := rapid.SampledFrom(layouts).Draw(t, "layout")
		text, want := day.Format(l.layout), day.Format("2006-01-02")
		got := parseDate(text, l.order, true)
		if !got.ok || got.ambiguous || isoDate(got.ymd) != want {
			t.Fatalf("%q read as %+v, want %s", text, got, want)
		}
	})
}

func TestParseTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := time.Unix(rapid.Int64Range(-3_600_000_000, 5_600_000_000).Draw(t, "seconds"), rapid.Int64Range(0, 999_999).Draw(t, "micros")*1000).UTC()
		zone := time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "offset"))
		for _, text := range []string{want.Format("2006-01-02 15:04:05.999999"), want.In(zone).Format("2006-01-02T15:04:05.999999-07:00"), want.Format("2006-01-02T15:04:05.999999Z")} {
			if got, ok := ParseTime(text, Unset); !ok || got != want.UnixMicro() {
				t.Fatalf("ParseTime(%q) = %d, %v, want %d", text, got, ok, want.UnixMicro())
			}
			if !LooksLikeTimestamp(text) {
				t.Fatalf("%q does not look like a timestamp", text)
			}
		}
	})
	for text, want := range map[string]string{
		"1672531200": "2023-01-01T00:00:00Z", "1672531200000": "2023-01-01T00:00:00Z", "2023-01-01": "2023-01-01T00:00:00Z",
		"01/31/2023 1:05 PM": "2023-01-31T13:05:00Z", "2023-01-01 12:00 AM": "2023-01-01T00:00:00Z",
	} {
		got, ok := ParseTime(text, Unset)
		if s := time.UnixMicro(got).UTC().Format(time.RFC3339); !ok || s != want {
			t.Errorf("ParseTime(%q) = %s, %v, want %s", text, s, ok, want)
		}
	}
	for _, text := range []string{"", "02/03/2023 10:00", "soon", "2023-02-30 10:00", "2023-01-01 25:00", "12:00"} {
		if got, ok := ParseTime(text, Unset); ok {
			t.Errorf("ParseTime(%q) = %d, want nothing", text, got)
		}
	}
	for _, text := range []string{"1980-02-13", "12345", "6172062365x", "9/14/93", "10:00"} {
		if LooksLikeTimestamp(text) {
			t.Errorf("%q looks like a timestamp", text)
		}
	}
}

func TestCustomDate(t *testing.T) {
	o := Options{Attribute: attribute.Custom("signup")}
	checkExamples(t, attribute.TypeDate, o, []example{
		{"2022-06-07T10:00:00", "custom_signup=2022-06-07t10:00:00"}, {"2022-06-07", "custom_signup=2022-06-07"}, {"2010", "custom_signup=2010"},
		{"02/03/2022", "custom_signup=!ambiguous_date"}, {"2022-02-30", "custom_signup=!impossible_date"}, {"later", "custom_signup=!bad_date"},
	})
}

func TestOrderText(t *testing.T) {
	for _, o := range []Order{Unset, YMD, DMY, MDY} {
		if got, ok := ParseOrder(o.String()); !ok || got != o {
			t.Errorf("order %d is written %q and read %d, %v", o, o.String(), got, ok)
		}
	}
	if _, ok := ParseOrder("ydm"); ok {
		t.Error("an order that does not exist is read")
	}
	if s := fmt.Sprint(DMY); s != "dmy" {
		t.Errorf("DMY prints as %q", s)
	}
}
