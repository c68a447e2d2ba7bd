package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"pgregory.net/rapid"

	"concord/jobs/store"
	"concord/schemas/table"
	"concord/transforms/report"
	"concord/transforms/snapshot"
)

// permissions are the verdicts of a snapshot by profile and cell.
type permissions map[string]map[cellKey]bool

// drawPermissions draws verdicts over few profiles and cells, so that two
// draws have some in common.
func drawPermissions(t *rapid.T, label string) permissions {
	out := permissions{}
	for range rapid.IntRange(0, 25).Draw(t, label) {
		p := fmt.Sprintf("p%02d", rapid.IntRange(0, 9).Draw(t, "profile"))
		k := cellKey{
			kind: "email", token: fmt.Sprintf("t%d", rapid.IntRange(0, 2).Draw(t, "token")), controller: "c",
			brand: rapid.SampledFrom([]string{"", "north"}).Draw(t, "brand"), purpose: "essential.service", channel: "*",
		}
		if out[p] == nil {
			out[p] = map[cellKey]bool{}
		}
		out[p][k] = rapid.Bool().Draw(t, "allowed")
	}
	return out
}

// permitted are the cells that are allowed.
func (p permissions) permitted() map[string]bool {
	out := map[string]bool{}
	for profile, cells := range p {
		for k, allowed := range cells {
			if allowed {
				out[fmt.Sprintf("%s %+v", profile, k)] = true
			}
		}
	}
	return out
}

// writeConsents writes verdicts as profile_consents.
func writeConsents(t *rapid.T, s store.Store, key string, p permissions, profiles []string) {
	w := newFile(t, s, key, table.TableProfileConsents)
	for _, profile := range profiles {
		for k, allowed := range p[profile] { // any order within a profile will do
			w.rows.Text(0, profile)
			w.rows.Text(1, k.kind)
			w.rows.Text(2, k.token)
			w.rows.Text(3, k.controller)
			w.rows.TextOrNull(4, k.brand)
			w.rows.Text(5, k.purpose)
			w.rows.Text(6, k.channel)
			w.rows.Bool(7, allowed)
			w.rows.Texts(8, []string{fmt.Sprintf("because %v", allowed)})
			for col := 9; col < 16; col++ {
				w.rows.Null(col)
			}
			w.rows.Texts(16, nil)
			w.rows.Null(17)
			if err := w.rows.End(); err != nil {
				t.Fatal(err)
			}
		}
	}
	closeFile(t, w)
}

func newFile(t *rapid.T, s store.Store, key, name string) *tableWriter {
	schema := table.ProfileConsents()
	if name == table.TablePermissionDelta {
		schema = table.PermissionDelta()
	}
	r := &run{output: s}
	w, err := r.newTable(context.Background(), key, name, "", schema, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// cell tells a delta of a cell, as a part does.
func (d *delta) cell(k cellKey, allowed bool) error {
	old, differs := d.differs(allowed, "", func() cellKey { return k })
	if !differs {
		return nil
	}
	d.name(d.profile, k)
	d.rows.Texts(9, nil)
	return d.verdict(old, allowed, "")
}

func closeFile(t *rapid.T, w *tableWriter) {
	if _, err := w.close(); err != nil {
		t.Fatal(err)
	}
}

// Replaying the changes on what was permitted gives what is permitted, however
// either snapshot is cut into files; each row is a change; and the counts
// agree.
func TestDeltaReplays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &store.Memory{}
		old, now := drawPermissions(t, "old"), drawPermissions(t, "new")
		var files []string
		ids := slices.Sorted(maps.Keys(old))
		for cut := 0; cut < len(ids) || len(files) == 0; {
			n := rapid.IntRange(1, 4).Draw(t, "profiles in a file")
			hi := min(cut+n, len(ids))
			files = append(files, fmt.Sprintf("old/%d", len(files)))
			writeConsents(t, s, files[len(files)-1], old, ids[cut:hi])
			cut = hi
		}
		if len(old) == 0 && rapid.Bool().Draw(t, "nothing published") {
			files = nil
		}
		permitted := old.permitted()
		was := int64(len(permitted))
		counted, gained, lost := writeDeltas(t, s, files, now)
		replayed := int64(0)
		for _, row := range readDelta(t, s) {
			if permitted[row.cell] != row.old || row.old == row.new {
				t.Fatalf("row %+v, and the cell was %v", row, permitted[row.cell])
			}
			delete(permitted, row.cell)
			if row.new {
				permitted[row.cell] = true
			}
			replayed++
		}
		if want := now.permitted(); !maps.Equal(permitted, want) {
			t.Fatalf("replayed %v, want %v", permitted, want)
		}
		if counted != was || gained+lost != replayed || was+gained-lost != int64(len(permitted)) {
			t.Fatalf("counted %d before, %d gained, %d lost", counted, gained, lost)
		}
	})
}

// writeDeltas compares in parts, as a run does.
func writeDeltas(t *rapid.T, s store.Store, files []string, now permissions) (was, gained, lost int64) {
	ids := slices.Sorted(maps.Keys(now))
	size := rapid.IntRange(1, 5).Draw(t, "profiles in a part")
	for part := 0; part*size < max(len(ids), 1); part++ {
		lo, hi := part*size, min((part+1)*size, len(ids))
		from, until := "", ""
		if lo > 0 {
			from = ids[lo]
		}
		if hi < len(ids) {
			until = ids[hi]
		}
		w := newFile(t, s, fmt.Sprintf("delta/%03d", part), table.TablePermissionDelta)
		var before *verdicts
		if files != nil {
			m := &report.Manifest{}
			for _, f := range files {
				m.Outputs = append(m.Outputs, report.Output{Snapshot: "mail", Table: table.TableProfileConsents, Object: f})
			}
			before = readVerdicts(context.Background(), s, m, "mail", from, false)
		}
		d, err := newDelta(w.rows, before, from)
		for _, id := range ids[lo:hi] {
			err = errors.Join(err, d.begin(id))
			for k, allowed := range now[id] {
				err = errors.Join(err, d.cell(k, allowed))
			}
			err = errors.Join(err, d.end())
		}
		if err = errors.Join(err, d.goneBefore(until)); err != nil {
			t.Fatal(err)
		}
		if before != nil {
			before.close()
		}
		closeFile(t, w)
		was, gained, lost = was+d.was, gained+d.gained, lost+d.lost
	}
	return was, gained, lost
}

type change struct {
	cell     string
	old, new bool
}

func readDelta(t interface{ Fatal(...any) }, s store.Store) []change {
	infos, err := s.List(context.Background(), store.Scope{Prefix: "delta/"})
	if err != nil {
		t.Fatal(err)
	}
	var out []change
	for _, info := range infos {
		out = append(out, readChanges(t, s, info.Key)...)
	}
	return out
}

func readChanges(t interface{ Fatal(...any) }, s store.Store, key string) (out []change) {
	o, err := s.Open(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	r, err := snapshot.Open(o, o.Size(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range int(b.NumRows()) {
			row := rowOf(b, i)
			k := cellKey{row.text("kind"), row.text("token"), row.text("controller"), row.text("brand"), row.text("purpose"), row.text("channel")}
			out = append(out, change{fmt.Sprintf("%s %+v", row.text("profile_id"), k),
				b.Column(7).(*array.Boolean).Value(i), b.Column(8).(*array.Boolean).Value(i)})
		}
	}
}

// The same through whole runs: new people, withdrawals, and records that are
// clustered otherwise, so that profiles go and others come.
func TestDeltaOfRunsReplays(t *testing.T) {
	l := newLab(t)
	permitted := map[string]bool{}
	for i, s := range []shop{
		{people: 40, twice: 5, given: 30, day: 30},
		{people: 50, twice: 5, given: 45, withdrawn: 7, day: 30},
		{people: 35, twice: 20, given: 30, withdrawn: 9, day: 30},
	} {
		s.gates = wide
		l.fill(s)
		m := l.mustRun(i + 1)
		changes := 0
		for _, key := range objectsOf(m, "mail", table.TablePermissionDelta) {
			for _, c := range readChanges(t, l.output(), key) {
				changes++
				if permitted[c.cell] != c.old || c.old == c.new {
					t.Fatalf("run %d: row %+v, and the cell was %v", i, c, permitted[c.cell])
				}
				delete(permitted, c.cell)
				if c.new {
					permitted[c.cell] = true
				}
			}
		}
		if want := l.permitted(m); !maps.Equal(permitted, want) || len(want) != s.given-s.withdrawn || changes == 0 {
			t.Errorf("run %d: %d changes replay to %d cells, want %d", i, changes, len(permitted), len(want))
		}
	}
}

// permitted reads what a run's profile_consents of snapshot mail permit.
func (l *lab) permitted(m *report.Manifest) map[string]bool {
	l.t.Helper()
	in := readVerdicts(context.Background(), l.output(), m, "mail", "", false)
	defer in.close()
	out := map[string]bool{}
	for {
		row, err := in.next()
		if err != nil {
			l.t.Fatal(err)
		}
		if row == nil {
			return out
		}
		if row.allowed {
			out[fmt.Sprintf("%s %+v", row.profile, row.cellKey)] = true
		}
	}
}
