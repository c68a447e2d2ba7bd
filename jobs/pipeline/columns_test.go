package pipeline_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"concord/jobs/pipeline"
	"concord/transforms/snapshot"
)

const columnsJob = `job: columns
store: .
output: out
controller: Northwind
channels:
  crm:
    read: crm.csv
    key: id
    fields: {first: given_name, born: birth_date, country: country, notes: text, plan: {as: text, name: plan, category: user.settings}}
snapshots:
  analytics: {purpose: analytics.reporting, basis: legitimate_interests COLUMNS}
`

func columnsSource(t *testing.T, columns string) *source {
	return newSource(t, map[string]string{
		"job.yaml": strings.Replace(columnsJob, "COLUMNS", columns, 1),
		"crm.csv":  "id,first,born,country,notes,plan\n1,Ann,1971-02-03,GB,rang twice about her mother,gold\n",
	})
}

// Free text is no statistic. It is left out of analytics, and both plan and run
// say so and what to do.
func TestFreeTextStaysOutOfAnalyticsAndIsNamed(t *testing.T) {
	s := columnsSource(t, "")
	plan, err := pipeline.Plan(context.Background(), s.config)
	if err != nil {
		t.Fatal(err)
	}
	of := plan.Snapshots[0]
	if got := strings.Join(of.Columns, " "); got != "country plan" {
		t.Errorf("the plan would publish %q", got)
	}
	const remedy = "give its field a category"
	named := slices.ContainsFunc(of.Barred, func(b snapshot.Barred) bool { return b.Name.Column() == "notes" && strings.Contains(b.Reason, remedy) })
	if !named || len(of.Barred) != 3 { // the name and the birth date as well
		t.Errorf("the plan leaves out %+v", of.Barred)
	}
	s.run()
	if !slices.ContainsFunc(s.notes.lines, func(l string) bool {
		return strings.Contains(l, "notes") && strings.Contains(l, remedy)
	}) {
		t.Errorf("the run does not say that notes are left out: %q", s.notes.lines)
	}
	for column := range s.rows("profiles", "analytics")[0] {
		if slices.Contains([]string{"notes", "birth_date", "given_name"}, column) {
			t.Errorf("analytics has the column %s", column)
		}
	}
}

// A column that is asked for and barred is refused before anything is matched,
// by plan as by run.
func TestBarredColumnsAreRefusedEarly(t *testing.T) {
	s := columnsSource(t, ", columns: [notes]")
	const want = `snapshot "analytics": column "notes" may not be published for purpose analytics.reporting: nobody said what it holds: give its field a category`
	_, planned := pipeline.Plan(context.Background(), s.config)
	_, ran := pipeline.Run(context.Background(), s.config)
	for _, err := range []error{planned, ran} {
		if !errors.Is(err, pipeline.ErrConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
