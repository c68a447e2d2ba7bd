package report

import (
	"bytes"
	_ "embed" // for run.html
	"fmt"
	"html/template"
	"strconv"
	"time"
)

//go:embed run.html
var runPage string

// runTemplate escapes every text by where it stands. A mistake in run.html is
// found when any test of the package runs.
var runTemplate = template.Must(template.New("run").Funcs(template.FuncMap{
	"number": number, "percent": percent, "share": share, "size": byteSize, "seconds": seconds, "rate": rate,
	"short": short, "when": when, "total": total,
}).Parse(runPage))

// RunHTML is the report of a run as one page that loads nothing. Every number
// in it is the manifest's, or a sum or share of its numbers.
func RunHTML(m *Manifest) ([]byte, error) {
	v := runView{Manifest: m, Records: m.Total(KindRecords), Consents: m.Total(KindConsent)}
	v.All = v.Records.plus(v.Consents)
	v.Golden, v.Members = m.Clusters.count()
	v.Merged = v.Members - v.Golden
	for _, c := range m.Checks {
		if c.Passed {
			v.Passed++
		}
	}
	v.Duration = m.Timing.Ended.Sub(m.Timing.Started)
	v.Flow = newFlow(m)
	v.Weights = weightChart(m.Matching)
	v.Sizes = sizeChart(m.Clusters)
	var out bytes.Buffer
	if err := runTemplate.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("run report: %w", err)
	}
	return out.Bytes(), nil
}

// runView is what run.html reads besides the manifest.
type runView struct {
	*Manifest
	Records, Consents, All  Rows
	Golden, Members, Merged int64
	Passed                  int
	Duration                time.Duration
	Flow                    flow
	Weights, Sizes          chart
}

// Share is the width of a bar, in percent of the largest phase.
func (v runView) Share(p Phase) float64 {
	most := 0.0
	for _, q := range v.Timing.Phases {
		most = max(most, q.Seconds)
	}
	if most == 0 {
		return 0
	}
	return 100 * p.Seconds / most
}

// number groups the digits of n by thousands with narrow spaces, as ISO 80000
// has it.
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return sign + s
}

// percent is a share of a whole for reading: "–" of nothing.
func percent(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	return strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 1, 64) + " %"
}

// share is a part of a whole in percent, as the width of a bar.
func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

// byteSize is a number of bytes in a unit that suits it.
func byteSize(n int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	f, i := float64(n), 0
	for f >= 1024 && i < len(units)-1 {
		f, i = f/1024, i+1
	}
	if i == 0 {
		return number(n) + " B"
	}
	return strconv.FormatFloat(f, 'f', 1, 64) + " " + units[i]
}

func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 2, 64) + " s" }

// rate is a phase's throughput.
func rate(p Phase) string {
	if p.Seconds <= 0 {
		return "–"
	}
	return number(int64(float64(p.Items)/p.Seconds)) + " /s"
}

// short is the start of a digest, enough to compare by eye.
func short(digest string) string {
	if len(digest) > 12 {
		return digest[:12]
	}
	return digest
}

func when(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
