package ingest

import (
	"slices"
	"testing"
	"time"
)

func TestEventTimes(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text, order, want string // want in UTC, "" when unreadable
	}{
		{"2026-05-01", "", "2026-04-30T22:00:00Z"},
		{"2026-05-01T10:00:00", "", "2026-05-01T08:00:00Z"},
		{"2026-05-01 10:00", "", "2026-05-01T08:00:00Z"},
		{"2026-05-01T10:00:00Z", "", "2026-05-01T10:00:00Z"},
		{"2026-05-01T10:00:00.25+02:00", "", "2026-05-01T08:00:00.25Z"},
		{"2026-05-01T10:00:00-0330", "", "2026-05-01T13:30:00Z"},
		{"01.05.2026 10:00:00", "dmy", "2026-05-01T08:00:00Z"},
		{"05/01/2026", "mdy", "2026-04-30T22:00:00Z"},
		{"1/2/2026", "", ""},
		{"1777629600", "", "2026-05-01T10:00:00Z"},
		{"1777629600000", "", "2026-05-01T10:00:00Z"},
		{"20260501", "", "2026-04-30T22:00:00Z"},
		{"1 May 2026", "", "2026-04-30T22:00:00Z"},
		{"2026-02-30", "", ""},
		{"2026-05-01T25:00:00", "", ""},
		{"2026-05-01 soon", "", ""},
		{"yesterday", "", ""},
		{"", "", ""},
	} {
		e := EventTimes{Order: c.order, Zone: berlin}
		got, ok := e.Read(c.text)
		text := ""
		if ok {
			text = time.UnixMicro(got).UTC().Format(time.RFC3339Nano)
		}
		if text != c.want {
			t.Errorf("%q in order %q: got %q, want %q", c.text, c.order, text, c.want)
		}
	}
}

func TestOrderIsProvedOrRefused(t *testing.T) {
	for _, c := range []struct {
		texts []string
		order string
		ok    bool
	}{
		{[]string{"2026-05-01"}, "", true},
		{[]string{"01.02.2026", "13.02.2026"}, "dmy", true},
		{[]string{"01/02/2026", "01/13/2026"}, "mdy", true},
		{[]string{"01/02/2026"}, "", false},
		{[]string{"13/02/2026", "01/13/2026"}, "", false},
	} {
		e := EventTimes{Zone: time.UTC}
		if ok := e.Learn(slices.Values(c.texts)); ok != c.ok || e.Order != c.order {
			t.Errorf("%v: got order %q, %v; want %q, %v", c.texts, e.Order, ok, c.order, c.ok)
		}
	}
}

func FuzzEventTime(f *testing.F) {
	f.Add("2026-05-01T10:00:00.25+02:00")
	f.Add("01.05.2026 10:00")
	f.Add("1777629600")
	// An ISO rendering of whatever was read reads back as the same instant.
	f.Fuzz(func(t *testing.T, s string) {
		e := EventTimes{Order: "dmy", Zone: time.UTC}
		us, ok := e.Read(s)
		if !ok || us > 253402300799999999 || us < -62135596800000000 {
			return
		}
		text := time.UnixMicro(us).UTC().Format("2006-01-02T15:04:05.000000Z")
		if again, ok := e.Read(text); !ok || again != us {
			t.Errorf("%d µs reads back as %d, %v", us, again, ok)
		}
	})
}
