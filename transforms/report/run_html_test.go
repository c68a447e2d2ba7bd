package report

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var out = flag.String("report", "", "write the example's report to this file, to look at")

func page(t *testing.T, m *Manifest) string {
	t.Helper()
	data, err := RunHTML(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRunHTMLIsDeterministic(t *testing.T) {
	first := page(t, example())
	if first != page(t, example()) {
		t.Error("the same manifest gave another page")
	}
	if *out != "" {
		if err := os.WriteFile(*out, []byte(first), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// The page has the numbers that people look for.
func TestRunHTMLShowsTheManifest(t *testing.T) {
	html := page(t, example())
	for _, want := range []string{
		"retail-customers", "20\u202f155", "11\u202f000", "7\u202f400", "3\u202f600 records merged away",
		"2\u202f950", "6\u202f900", "4 of 4", "extracts/crm/2026-04.csv", "too_few_fields", "1\u202f210\u202f000",
		"threshold 12", "no permitted contact point", "permitted share", "3.30 s", "310.0 MiB", "82.0 %",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, in := range example().Inputs {
		if !strings.Contains(html, in.SHA256) {
			t.Errorf("the page lacks the digest of %s", in.Object)
		}
	}
}

// The page loads nothing: no address, no script, no import.
func TestRunHTMLIsSelfContained(t *testing.T) {
	html := page(t, example())
	for _, bad := range []string{"http:", "https:", "//", "<script", "@import", "url(", "<link", "<img"} {
		if strings.Contains(html, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

// Whatever stands in the manifest's texts, it stays text.
func TestRunHTMLEscapes(t *testing.T) {
	const hostile = `<script>alert("x")</script>'"><img src=x onerror=y>`
	m := example()
	m.Run.Job, m.Run.Error, m.Run.Controller = hostile, hostile, hostile
	m.Inputs[0].Object, m.Channels[0].Name, m.Channels[0].Columns[0].Name = hostile, hostile, hostile
	m.Quarantine[0].Name, m.Matching.Rules[0].Name, m.Consent[0].Reasons[0].Name = hostile, hostile, hostile
	m.Snapshots[0].Name, m.Snapshots[0].Withheld[0].Name, m.Checks[0].Detail = hostile, hostile, hostile
	m.Outputs[0].Object, m.Outputs[0].SHA256, m.Versions.Concord = hostile, hostile, hostile
	m.Run.Status, m.Timing.Phases[0].Name, m.Identity[0].Name = hostile, hostile, hostile
	html := page(t, m)
	if strings.Contains(html, "<script") || strings.Contains(html, "<img") || !strings.Contains(html, "&lt;script&gt;") {
		t.Error("a text of the manifest became markup")
	}
	if strings.Contains(html, "ZgotmplZ") {
		t.Error("a value stands where the template cannot escape it")
	}
}

func TestRunHTMLOfRunsThatCameNowhere(t *testing.T) {
	for name, m := range map[string]*Manifest{"empty": {}, "started": started()} {
		if html := page(t, m); !strings.Contains(html, "Nothing was published") || strings.Contains(html, "NaN") || strings.Contains(html, "Inf") {
			t.Errorf("%s: page is wrong", name)
		}
	}
}

// Every bar and ribbon is inside its picture.
func TestPicturesStayInside(t *testing.T) {
	m := example()
	for _, f := range []flow{newFlow(m)} {
		for _, n := range f.Nodes {
			if n.X < 0 || n.X > float64(f.Width) || n.Y < 0 || n.Y+n.H > float64(f.Height) {
				t.Errorf("node %s is outside", n.Name)
			}
		}
	}
	for _, c := range []chart{weightChart(m.Matching), sizeChart(m.Clusters)} {
		for _, b := range c.Bars {
			if b.X < 0 || b.X+b.W > float64(c.Width) || b.H > 0 && b.Y < 0 || b.H < 0 {
				t.Errorf("bar %q is outside: %+v", b.Title, b)
			}
		}
		if c.Mark < 0 || c.Mark > float64(c.Width) {
			t.Error("the mark is outside")
		}
	}
}

func TestReadableNumbers(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1\u202f000", 12345678: "12\u202f345\u202f678", -1000: "−1\u202f000"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{12: "12 B", 1536: "1.5 KiB", 5 << 30: "5.0 GiB"} {
		if got := byteSize(n); got != want {
			t.Errorf("byteSize(%d) = %q, want %q", n, got, want)
		}
	}
	if percent(1, 0) != "–" || percent(1, 8) != "12.5 %" {
		t.Error("percent is wrong")
	}
}

// Of a page nobody should find markup that never closes.
func TestRunHTMLIsBalanced(t *testing.T) {
	html := page(t, example())
	for _, tag := range []string{"table", "div", "svg", "main", "span", "code", "h2", "p"} {
		opened := len(regexp.MustCompile(`<`+tag+`[ >]`).FindAllString(html, -1))
		if closed := strings.Count(html, "</"+tag+">"); opened != closed {
			t.Errorf("%d <%s>, %d closed", opened, tag, closed)
		}
	}
	if !bytes.HasSuffix([]byte(html), []byte("</html>\n")) {
		t.Error("the page does not end")
	}
}
