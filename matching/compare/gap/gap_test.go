package gap

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDayNumberIsTheCalendars(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.IntRange(1, 3000).Draw(t, "y")
		m := rapid.IntRange(1, 14).Draw(t, "m")
		d := rapid.IntRange(1, 40).Draw(t, "d")
		// time.Date normalizes months and days past their end in the same way,
		// except that it moves the month first and then the days, as here.
		want := int(math.Floor(float64(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix()) / 86400))
		if got := DayNumber(y, m, d); got != want {
			t.Fatalf("DayNumber(%d, %d, %d) = %d, want %d", y, m, d, got, want)
		}
	})
}

func TestDays(t *testing.T) {
	if got := Days(2000, 2, 28, 2000, 3, 1); got != 2 {
		t.Errorf("28 February to 1 March 2000: %d days", got)
	}
	if got := Days(1900, 3, 1, 1900, 2, 28); got != 1 {
		t.Errorf("1 March to 28 February 1900: %d days", got)
	}
}

func TestParseDate(t *testing.T) {
	for s, want := range map[string][3]int{
		"1980-05-31": {1980, 5, 31}, "1980-05": {1980, 5, 0}, "1980": {1980, 0, 0}, "1973-02-31": {1973, 2, 31},
		"": {}, "80": {}, "1980/05/31": {}, "19800531": {}, "198a": {}, "1980-00-01": {}, "0000": {}, "1980-05-00": {},
	} {
		y, m, d, ok := ParseDate(s)
		if got := [3]int{y, m, d}; got != want || ok != (want[0] != 0) {
			t.Errorf("ParseDate(%q) = %v, %v, want %v", s, got, ok, want)
		}
	}
}

func TestRelative(t *testing.T) {
	for _, c := range []struct{ a, b, want float64 }{
		{1, 1, 0}, {0, 0, 0}, {90, 100, 0.1}, {100, 90, 0.1}, {-1, 1, 2}, {0, 5, 1},
		{math.MaxFloat64, -math.MaxFloat64, 2}, {math.Inf(1), 1, 2},
	} {
		if got := Relative(c.a, c.b); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("Relative(%v, %v) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64().Draw(t, "a"), rapid.Float64().Draw(t, "b")
		if ab, ba := Relative(a, b), Relative(b, a); ab != ba || ab < 0 || ab > 2 {
			t.Fatalf("Relative(%v, %v) = %v, reversed %v", a, b, ab, ba)
		}
	})
}

func TestGreatCircle(t *testing.T) {
	for _, c := range []struct {
		name                   string
		lat1, lon1, lat2, lon2 float64
		want                   float64
	}{
		{"a quarter of the equator", 0, 0, 0, 90, math.Pi / 2 * EarthRadius},
		{"pole to pole", 90, 0, -90, 0, math.Pi * EarthRadius},
		{"one minute of latitude", 50, 8, 50 + 1.0/60, 8, 1.853},
		{"across the date line", 0, 179.5, 0, -179.5, math.Pi / 180 * EarthRadius},
	} {
		if got := GreatCircle(c.lat1, c.lon1, c.lat2, c.lon2); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("%s: %.4f km, want %.4f", c.name, got, c.want)
		}
	}
}

// On a sphere the spherical law of cosines must agree with the haversine.
func TestGreatCircleAgainstLawOfCosines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lat1, lat2 := rapid.Float64Range(-89, 89).Draw(t, "lat1"), rapid.Float64Range(-89, 89).Draw(t, "lat2")
		lon1, lon2 := rapid.Float64Range(-180, 180).Draw(t, "lon1"), rapid.Float64Range(-180, 180).Draw(t, "lon2")
		const r = math.Pi / 180
		cos := math.Sin(lat1*r)*math.Sin(lat2*r) + math.Cos(lat1*r)*math.Cos(lat2*r)*math.Cos((lon1-lon2)*r)
		want := EarthRadius * math.Acos(max(-1, min(1, cos)))
		if got := GreatCircle(lat1, lon1, lat2, lon2); math.Abs(got-want) > 0.5 {
			t.Fatalf("GreatCircle(%v, %v, %v, %v) = %v, law of cosines %v", lat1, lon1, lat2, lon2, got, want)
		}
	})
}
