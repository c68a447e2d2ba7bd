package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"concord/jobs/store"
	"concord/transforms/report"
)

// Flip is a cell whose permission differs between two runs, or permits other
// kinds of data. A cell that a run
// does not have is not permitted there, and has no reasons.
type Flip struct {
	Snapshot string
	Profile  string
	Kind     string
	Token    string // for the contact point
	Brand    string
	Purpose  string
	Channel  string
	Old, New bool
	Before   []string // reasons in the old run, by code
	After    []string // and in the new one
	// OldKinds and NewKinds are the kinds of data that a permission is for; nil for
	// all that the snapshot shows. They alone may differ.
	OldKinds, NewKinds []string
}

// DiffConsents tells emit of every cell that flipped from run a to run b, by
// snapshot and profile id. Runs are named as their lineage folders are, or by
// the id that `concord run` prints. snap is one snapshot, "" for all that
// either run published.
func DiffConsents(ctx context.Context, c *Config, a, b, snap string, emit func(*Flip) error) error {
	out, err := c.openOutputs()
	if err != nil {
		return classify(err)
	}
	before, err := publishedRun(ctx, out, a)
	if err != nil {
		return classify(err)
	}
	after, err := publishedRun(ctx, out, b)
	if err != nil {
		return classify(err)
	}
	var names []string
	for _, s := range slices.Concat(before.Snapshots, after.Snapshots) {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if snap != "" {
		if !slices.Contains(names, snap) {
			return failedf(ErrNotFound, "neither run published a snapshot %q; they published %s", snap, strings.Join(names, ", "))
		}
		names = []string{snap}
	}
	for _, name := range names {
		if err := diffSnapshot(ctx, out, name, before, after, emit); err != nil {
			return fmt.Errorf("snapshot %q: %w", name, err)
		}
	}
	return nil
}

// publishedRun reads the manifest of a run that published.
func publishedRun(ctx context.Context, s store.Store, name string) (*report.Manifest, error) {
	text, err := read(ctx, s, "lineage/"+name+"/"+manifestName)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
		return runByID(ctx, s, name)
	}
	if err != nil {
		return nil, err
	}
	m, err := report.ParseManifest(text)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", name, err)
	}
	if m.Run.Status != report.Complete {
		return nil, failedf(ErrNotFound, "run %s published nothing: it ended with status %s", name, m.Run.Status)
	}
	return m, nil
}

// runByID looks for a run through all manifests.
func runByID(ctx context.Context, s store.Store, id string) (*report.Manifest, error) {
	all, err := s.List(ctx, store.Scope{Prefix: "lineage/", Segments: 3})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, info := range all {
		name, ok := strings.CutSuffix(strings.TrimPrefix(info.Key, "lineage/"), "/"+manifestName)
		if !ok {
			continue
		}
		text, err := read(ctx, s, info.Key)
		if err != nil {
			return nil, err
		}
		if m, err := report.ParseManifest(text); err == nil && m.Run.Status == report.Complete {
			if m.Run.ID == id {
				return m, nil
			}
			names = append(names, name)
		}
	}
	return nil, failedf(ErrNotFound, "no run %q published; these did: %s", id, strings.Join(names, ", "))
}

// diffSnapshot merges two streams of verdicts, which are in the order of
// profile ids, a profile at a time.
func diffSnapshot(ctx context.Context, s store.Store, name string, before, after *report.Manifest, emit func(*Flip) error) error {
	x := &profileVerdicts{in: readVerdicts(ctx, s, before, name, "", true)}
	y := &profileVerdicts{in: readVerdicts(ctx, s, after, name, "", true)}
	defer x.in.close()
	defer y.in.close()
	if err := errors.Join(x.read(), y.read()); err != nil {
		return err
	}
	for !x.ended() || !y.ended() {
		profile := x.profile()
		if x.ended() || !y.ended() && y.profile() < profile {
			profile = y.profile()
		}
		old, err := x.take(profile)
		if err != nil {
			return err
		}
		now, err := y.take(profile)
		if err != nil {
			return err
		}
		for _, f := range flips(profile, old, now) {
			f.Snapshot = name
			if err := emit(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// profileVerdicts gives a stream's rows profile by profile.
type profileVerdicts struct {
	in   *verdicts
	next *verdictRow // not taken yet; nil at the end
}

func (p *profileVerdicts) read() (err error) {
	p.next, err = p.in.next()
	return err
}

func (p *profileVerdicts) ended() bool { return p.next == nil }

// profile is the next one's id, "" at the end.
func (p *profileVerdicts) profile() string {
	if p.next == nil {
		return ""
	}
	return p.next.profile
}

// take is the rows of a profile, none if it is not the next.
func (p *profileVerdicts) take(profile string) ([]verdictRow, error) {
	var rows []verdictRow
	for p.next != nil && p.next.profile == profile {
		rows = append(rows, *p.next)
		if err := p.read(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// flips are the cells of a profile whose permission differs, in their order.
func flips(profile string, old, now []verdictRow) []*Flip {
	cells := map[cellKey]*Flip{}
	at := func(k cellKey) *Flip {
		if cells[k] == nil {
			cells[k] = &Flip{Profile: profile, Kind: k.kind, Token: k.token, Brand: k.brand, Purpose: k.purpose, Channel: k.channel}
		}
		return cells[k]
	}
	for i := range old {
		f := at(old[i].cellKey)
		f.Old, f.Before, f.OldKinds = old[i].allowed, old[i].reasons, kindsOf(old[i].kinds)
	}
	for i := range now {
		f := at(now[i].cellKey)
		f.New, f.After, f.NewKinds = now[i].allowed, now[i].reasons, kindsOf(now[i].kinds)
	}
	var out []*Flip
	for _, f := range cells {
		if f.Old != f.New || f.Old && (!slices.Equal(f.OldKinds, f.NewKinds) || (f.OldKinds == nil) != (f.NewKinds == nil)) {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *Flip) int {
		return cmp.Or(cmp.Compare(a.Brand, b.Brand), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Token, b.Token),
			cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.Channel, b.Channel))
	})
	return out
}
