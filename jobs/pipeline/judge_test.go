package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"concord/schemas/table"
)

// judgedFiles are two people, of whom the first is in three snapshots' tables.
func judgedFiles(feed string) (string, map[string][]string) {
	job := `job: judged
store: data
output: out
controller: Northwind
consent: {policy: eu-gdpr}
channels:
  crm: {read: crm.csv, key: id, event_time: seen, fields: {first: given_name, email: email, sex: sex, country: country}}
  preferences: {kind: consent, read: consent.csv}
snapshots:
  analytics: {purpose: analytics.reporting}
  mail: {purpose: marketing.communications, channel: email}
`
	return job, map[string][]string{
		"crm.csv":     {"id,first,email,sex,country,seen", "1,Ann,ann@one.alt,f,FR,2026-01-01T10:00:01Z", "2,Bob,bob@two.alt,m,FR,2026-01-01T10:00:01Z"},
		"consent.csv": strings.Split("subject_kind,subject_value,purpose,channel,state,event_time,valid_until,data_categories\n"+feed, "\n"),
	}
}

// written runs a job up to its verified snapshots.
func writtenRun(t *testing.T, feed string) *run {
	t.Helper()
	job, files := judgedFiles(feed)
	return writtenFiles(t, job, files)
}

func writtenFiles(t *testing.T, job string, files map[string][]string) *run {
	t.Helper()
	ctx := context.Background()
	r, err := settle(t, job, files, 2).open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range []func(context.Context) error{r.begin, r.extract, r.consents, r.blocks, r.learn, r.scores, r.resolve, r.write} {
		if err := do(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// What was written is judged by what the events say, whatever the writer made
// of them: files that were written under other events fail.
func TestFilesAreDecidedAnew(t *testing.T) {
	const (
		counted = "email,ann@one.alt,analytics.reporting,,given,2026-02-01,"
		mailed  = "email,ann@one.alt,marketing.communications,email,given,2026-02-01,"
		bob     = "email,bob@two.alt,analytics.reporting,,given,2026-02-01,,\nemail,bob@two.alt,marketing.communications,email,given,2026-02-01,,"
	)
	feed := strings.Join([]string{counted + ",", mailed + ",", bob}, "\n")
	for name, c := range map[string]struct{ feed, want string }{
		"the same":      {feed, ""},
		"withdrawn":     {feed + "\nemail,ann@one.alt,marketing.communications,email,withdrawn,2026-03-01,,", "is not permitted"},
		"another end":   {strings.Join([]string{counted + ",", mailed + "2026-09-01,", bob}, "\n"), "says another consent_valid_until"},
		"of some data":  {strings.Join([]string{counted + ",user.location;user.contact", mailed + ",", bob}, "\n"), `shows data in column "sex" that nobody permitted`},
		"of other data": {strings.Join([]string{counted + ",", mailed + ",user.demographic.gender", bob}, "\n"), `shows data in column "given_name" that nobody permitted`},
	} {
		t.Run(name, func(t *testing.T) {
			r, other := writtenRun(t, feed), writtenRun(t, c.feed)
			r.log, r.decisions = other.log, other.decisions
			var found []string
			for _, p := range r.snapshots {
				profiles, err := r.profiles(context.Background(), p.audience)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range p.files {
					if err := r.verify(context.Background(), p, []written{f}, profiles); err != nil {
						found = append(found, err.Error())
					}
				}
			}
			if got := strings.Join(found, "; "); c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// A row of somebody who is nobody's golden record fails, wherever it is among
// those that are judged together.
func TestStrangersInFilesAreFound(t *testing.T) {
	const people = 3*warmProfiles + 1
	job, files := judgedFiles("email,bob@two.alt,analytics.reporting,,given,2026-02-01,,")
	files["crm.csv"] = files["crm.csv"][:1]
	for i := range people {
		files["crm.csv"] = append(files["crm.csv"], fmt.Sprintf("x%d,Name%c%c,n%d@some.alt,f,FR,2026-01-01T10:00:01Z", i, 'a'+i%26, 'a'+i/26, i))
		for _, purpose := range []string{"analytics.reporting,", "marketing.communications,email"} {
			files["consent.csv"] = append(files["consent.csv"], fmt.Sprintf("email,n%d@some.alt,%s,given,2026-02-01,,", i, purpose))
		}
	}
	r := writtenFiles(t, job, files)
	for _, p := range r.snapshots {
		profiles, err := r.profiles(context.Background(), p.audience)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range p.files {
			if f.table != table.TableProfiles && f.table != table.TableContactPoints {
				continue
			}
			if f.summary.Rows != people || len(profiles) != people {
				t.Fatalf("%s has %d rows of %d profiles", f.key, f.summary.Rows, len(profiles))
			}
			for i := range profiles {
				err := r.verify(context.Background(), p, []written{f}, slices.Delete(slices.Clone(profiles), i, i+1))
				if want := fmt.Sprintf("row %d is not permitted", i); err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("%s without profile %d: %v, want %q", f.key, i, err, want)
				}
			}
		}
	}
}

// Files are the same whether or not anybody's events name kinds of data, but
// for the people whose do.
func TestKindsOfDataConcernOnlyWhoNamesThem(t *testing.T) {
	tables := func(feed string) map[string]string {
		job, files := judgedFiles(feed)
		c := ran(t, settle(t, job, files, 2))
		out := map[string]string{}
		for _, s := range c.Job.SnapshotNames() {
			for line := range strings.Lines(exported(t, c, "profiles", s)) {
				if strings.Contains(line, ",m,") {
					out[s] += line
				}
			}
		}
		return out
	}
	bob := "email,bob@two.alt,analytics.reporting,,given,2026-02-01,,\nemail,bob@two.alt,marketing.communications,email,given,2026-02-01,,\n"
	ann := "email,ann@one.alt,analytics.reporting,,given,2026-02-01,,"
	plain, named := tables(bob+ann), tables(bob+ann+"user.demographic")
	if len(plain) != 2 || !maps.Equal(plain, named) {
		t.Errorf("Bob's rows were\n%v\nand with Ann naming kinds of data\n%v", plain, named)
	}
}
