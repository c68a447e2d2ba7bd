package pipeline

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What bars without being an event is told with the row it was read from: an
// entry of a suppression list, a restriction said of another contact point of
// the person, a row that nobody can read, a wish.
func TestExplainNamesTheRowsThatBar(t *testing.T) {
	const q = "marketing.communications"
	const given = "email,ada@mail.alt,marketing.communications,email,given,2026-03-01,,,,"
	for name, c := range map[string]struct {
		row, reason, state, kind string
		own                      bool
	}{
		"suppressed":  {"email,ada@mail.alt,,,suppressed,,,,,", "suppressed", "suppressed", "email", true},
		"restricted":  {"phone,(415) 226-8317,,,restricted,2026-04-01,,,,", "restricted", "restricted", "phone", false},
		"erased":      {"account,crm/1,,,erased,2026-04-01,,,,", "erased", "erased", "account", false},
		"held":        {"email,ada@mail.alt,marketing.communications,email,perhaps,2026-04-01,,,,", "held", "held", "email", true},
		"never":       {"email,ada@mail.alt,marketing.communications,email,,2026-04-01,,,,never", "frequency_never", "frequency", "email", true},
		"no account":  {"account,crm/1,marketing.communications,*,,2026-04-01,,,,never", "frequency_never", "frequency", "account", false},
		"global stop": {"email,ada@mail.alt,,,suppressed,2026-04-01,,controller,,", "suppressed", "suppressed", "email", true},
	} {
		t.Run(name, func(t *testing.T) {
			l := asked(t)
			l.write("consent.csv", "subject_kind,subject_value,purpose,channel,state,event_time,valid_until,scope,topic,frequency\n"+
				strings.Join([]string{given, "email,grace@mail.alt,marketing.communications,email,given,2026-03-01,,,,", c.row}, "\n")+"\n")
			l.mustRun(1)
			a, cell := l.ask(ConsentQuestion{ContactPoint: "ada@mail.alt", Purpose: q, Channel: "email", AsOf: may(1)})
			if cell.Allowed || cell.Grounds[0].Code != c.reason {
				t.Fatalf("decided as %+v, want %s", cell, c.reason)
			}
			i := slices.IndexFunc(a.Events, func(e EventAnswer) bool { return e.Limit })
			if i < 0 {
				t.Fatalf("nothing barred: %+v", a.Events)
			}
			e := a.Events[i]
			if !e.Decides || e.Own != c.own || e.State != c.state || e.Kind != c.kind || e.Source.Channel != "preferences" || e.Source.Object != "consent.csv" || e.Source.Row != 3 {
				t.Errorf("told as %+v", e)
			}
		})
	}
}

// A consent column that cannot be read names its own row of the customer
// extract.
func TestExplainNamesTheRowOfAColumn(t *testing.T) {
	l := asked(t)
	l.write("crm.csv", "id,email,mobile,seen,news\n1,ada@mail.alt,,2026-04-01,\n2,grace@mail.alt,,2026-04-01,perhaps\n")
	l.write("job.yaml", strings.Replace(l.read("job.yaml"), "mobile: phone}", "mobile: phone}, consent: {news: {purpose: marketing.communications.email}}", 1))
	l.mustRun(1)
	a, cell := l.ask(ConsentQuestion{ContactPoint: "grace@mail.alt", Purpose: "marketing.communications", Channel: "email", AsOf: may(1)})
	i := slices.IndexFunc(a.Events, func(e EventAnswer) bool { return e.Limit })
	if cell.Allowed || i < 0 || a.Events[i].State != "held" || a.Events[i].Source.Object != "crm.csv" || a.Events[i].Source.Row != 2 {
		t.Errorf("%+v because of %+v", cell, a.Events)
	}
}

func (l *lab) read(name string) string {
	l.t.Helper()
	text, err := os.ReadFile(filepath.Join(l.dir, name))
	if err != nil {
		l.t.Fatal(err)
	}
	return string(text)
}
