package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/array"

	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/snapshot"
)

// A join map leads from the profiles of one snapshot to those of another, whose
// ids cannot be joined otherwise. It holds only those that both snapshots hold,
// for the same brand: what a person permitted for one purpose alone must not
// meet what is known of them for the other.

// joinFolder is where the join map of a run is.
func joinFolder(name, run string) string { return "joins/" + name + "/run=" + run }

// profileRow is a row of profiles, as far as joining goes.
type profileRow struct{ id, brand string }

func compareRows(a, b profileRow) int {
	return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.brand, b.brand))
}

// writeJoins writes the join maps that the job asks for.
func (r *run) writeJoins(ctx context.Context) error {
	for _, name := range r.Job.JoinNames() {
		j, err := r.newJoin(ctx, name)
		if err != nil {
			return fmt.Errorf("join %q: %w", name, err)
		}
		t := runTable{table.TableJoinMap, joinFolder(name, r.attempt), []func(*tableWriter) error{j.write}}
		if err := r.writeRunTables(ctx, []runTable{t}, j.metadata()...); err != nil {
			return fmt.Errorf("join %q: %w", name, err)
		}
		if err := j.verify(ctx); err != nil {
			return fmt.Errorf("join %q: %w", name, err)
		}
		r.Observe.Note("wrote join map", "name", name, "rows", len(j.left))
	}
	return nil
}

// checkJoins refuses a join of two snapshots that share their ids.
func checkJoins(name string, from, to *audience) error {
	if from.purpose == to.purpose {
		return failedf(ErrConfig, "join %q: both snapshots are for %s and have the same profile ids: join them by those", name, from.purpose)
	}
	return nil
}

// join is one join map in the making.
type join struct {
	r           *run
	from, to    *published
	profiles    []profile // of from, sorted by id
	own, other  *snapshot.Pseudonym
	left, right []profileRow // what was written, row by row
}

func (r *run) newJoin(ctx context.Context, name string) (*join, error) {
	j := &join{r: r}
	for i, to := range []**published{&j.from, &j.to} {
		at := slices.IndexFunc(r.snapshots, func(p *published) bool { return p.audience.name == r.Job.Joins[name][i] })
		*to = r.snapshots[at] // validated with the job file
	}
	a := j.to.audience
	var err error
	if j.profiles, err = r.profiles(ctx, j.from.audience); err != nil {
		return nil, err
	}
	if j.own, err = r.pseudonym(j.from.audience); err != nil {
		return nil, err
	}
	j.other, err = r.pseudonym(a)
	return j, err
}

// metadata is what the map's file says of itself beside the run: the purposes
// that it leads between, and under which policy both were decided.
func (j *join) metadata() []snapshot.Pair {
	return []snapshot.Pair{
		{Key: "purpose", Value: j.from.audience.purpose},
		{Key: "other_purpose", Value: j.to.audience.purpose},
		{Key: "policy_digest", Value: j.r.policy.Digest},
		{Key: "registry_digest", Value: schema.DefaultRegistry().Digest},
	}
}

// write decides every profile anew, for both purposes.
func (j *join) write(w *tableWriter) error {
	from, to := j.r.newPermitter(j.r.decisions), j.r.newPermitter(j.r.decisions)
	for _, p := range j.profiles {
		for i, brand := range j.from.audience.brands {
			k := slices.Index(j.to.audience.brands, brand)
			if k < 0 || !from.hasBrand(p.cluster, brand) {
				continue
			}
			from.decide(p.cluster, brand, j.from.audience.requests[i])
			to.decide(p.cluster, brand, j.to.audience.requests[k])
			if !from.allowed || !to.allowed {
				continue
			}
			id := string(j.own.AppendProfileID(nil, p.key))
			name, other := j.r.in.Records.Brands[brand], j.other.ProfileID(j.r.resolved.clusters.ids[p.cluster])
			w.rows.Text(0, id)
			w.rows.Text(1, other)
			w.rows.TextOrNull(2, name)
			if err := w.rows.End(); err != nil {
				return err
			}
			j.left, j.right = append(j.left, profileRow{id, name}), append(j.right, profileRow{other, name})
		}
	}
	return nil
}

// verify proves from the written snapshots that every row of the map is in
// both of them.
func (j *join) verify(ctx context.Context) error {
	for _, side := range []struct {
		p    *published
		rows []profileRow
	}{{j.from, j.left}, {j.to, j.right}} {
		rows := slices.SortedFunc(slices.Values(side.rows), compareRows)
		if err := j.r.holdsAll(ctx, side.p, rows); err != nil {
			return fmt.Errorf("verify against snapshot %q: %w", side.p.audience.name, err)
		}
	}
	return nil
}

// holdsAll checks that a snapshot's profiles hold all the rows, which are
// sorted as they are.
func (r *run) holdsAll(ctx context.Context, p *published, rows []profileRow) error {
	for i := range p.files { // sorted by key: in the order of profile ids
		if p.files[i].table != table.TableProfiles || len(rows) == 0 {
			continue
		}
		held, err := r.profileRows(ctx, p.files[i].key)
		if err != nil {
			return err
		}
		slices.SortFunc(held, compareRows) // the brands of one id are in the job's order
		for len(rows) > 0 {
			if _, ok := slices.BinarySearchFunc(held, rows[0], compareRows); !ok {
				break
			}
			rows = rows[1:]
		}
	}
	if len(rows) > 0 {
		return fmt.Errorf("%d rows are of profiles that it does not hold: nothing is published", len(rows))
	}
	return nil
}

// profileRows reads a file of profiles.
func (r *run) profileRows(ctx context.Context, key string) ([]profileRow, error) {
	o, err := r.output.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer o.Close() // read only: nothing to lose
	reader, err := snapshot.Open(o, o.Size(), key, []string{table.ColProfileID, table.ColBrand})
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	var out []profileRow
	for {
		b, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		ids, brands := b.Column(0).(*array.String), b.Column(1).(*array.String)
		for i := range int(b.NumRows()) {
			out = append(out, profileRow{strings.Clone(ids.Value(i)), strings.Clone(nullable(brands, i))})
		}
	}
}

func nullable(a *array.String, i int) string {
	if a.IsNull(i) {
		return ""
	}
	return a.Value(i)
}
