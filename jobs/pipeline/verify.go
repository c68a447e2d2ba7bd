package pipeline

import (
	"context"
	"fmt"

	"concord/schemas/table"
	"concord/transforms/snapshot"
)

// verify proves files of some consecutive profiles of a snapshot before it is
// published: every file reads back, by a reader that shares no code with the
// writer, as what was meant; and every row of profiles and contact_points that
// this reader finds is decided again.
func (r *run) verify(ctx context.Context, p *published, files []written, profiles []profile) error {
	for i := range files {
		f := &files[i]
		var err error
		switch f.table {
		case table.TableProfiles, table.TableContactPoints:
			err = r.redecide(ctx, p, f, profiles)
		default:
			err = r.verifyFile(ctx, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// verifyFile reads a file back and compares it with what was meant.
func (r *run) verifyFile(ctx context.Context, f *written) error {
	return r.verifyRows(ctx, f, nil, nil)
}

// verifyRows does so and shows what the second reader found.
func (r *run) verifyRows(ctx context.Context, f *written, columns []string, visit snapshot.Visit) error {
	o, err := r.output.Open(ctx, f.key)
	if err != nil {
		return err
	}
	defer o.Close() // read only: nothing to lose
	return snapshot.VerifyRows(o, o.Size(), snapshot.Expectation{Name: f.key, Schema: f.schema, Options: f.options, Summary: f.summary}, columns, visit)
}

// redecide verifies a file and, row by row as they are read, asks the consent
// engine anew whether the row may be in it.
func (r *run) redecide(ctx context.Context, p *published, f *written, profiles []profile) error {
	judge, err := r.newJudge(p, f, profiles)
	if err != nil {
		return err
	}
	wrong := judge.profile
	if f.table == table.TableContactPoints {
		wrong = judge.contact
	}
	return r.verifyRows(ctx, f, judge.columnsOf(f), func(first int64, rows int, found []snapshot.Found) error {
		judge.startGroup()
		for i := range rows {
			what := notPermitted
			if judge.enter(found, i, rows) {
				what = wrong(found, i)
			}
			if what != "" {
				return fmt.Errorf("row %d %s when it is decided again: nothing is published", first+int64(i), what)
			}
		}
		return nil
	})
}
