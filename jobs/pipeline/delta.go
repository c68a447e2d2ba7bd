package pipeline

import (
	"context"
	"fmt"

	"concord/transforms/report"
	"concord/transforms/snapshot"
)

// delta writes which cells of a snapshot changed since the one that is
// published, while the new one is written: both are in the order of profile
// ids, so it is a merge of two streams that holds one profile at a time.
//
// A cell that is not there is not permitted. So a cell that comes into being
// permitted is a row, and one that comes into being denied is none: applying
// the rows to the cells that were permitted before gives those that are
// permitted now. A profile whose records were clustered otherwise has another
// id: its old cells go and its new ones come.
type delta struct {
	rows   *snapshot.Rows
	before *verdicts   // of the published snapshot; nil when there is none
	head   *verdictRow // the next row of before

	profile string
	cells   map[cellKey]bool   // permitted before, of the profile at hand; false once met again
	order   []cellKey          // keys of cells
	kinds   map[cellKey]string // of those of the cells that were permitted for some kinds of data only

	was, gained, lost int64 // cells
}

// cellGone is the reason of a cell that is there no more: the profile has no
// longer the contact point, or the profile itself is no more.
const cellGone = "cell_gone"

// newDelta begins at the first cell of profile id from or later; "" begins at
// the first of all.
func newDelta(rows *snapshot.Rows, before *verdicts, from string) (*delta, error) {
	d := &delta{rows: rows, before: before, cells: map[cellKey]bool{}, kinds: map[cellKey]string{}}
	for {
		if err := d.read(); err != nil {
			return nil, err
		}
		if d.head == nil || d.head.profile >= from {
			return d, nil
		}
	}
}

// read moves head to the next cell that was permitted.
func (d *delta) read() (err error) {
	d.head = nil
	if d.before == nil {
		return nil
	}
	for {
		if d.head, err = d.before.next(); err != nil || d.head == nil || d.head.allowed {
			return err
		}
	}
}

// begin comes before the cells of a profile. Profiles come in the order of
// their ids.
func (d *delta) begin(profile string) error {
	if err := d.goneBefore(profile); err != nil {
		return err
	}
	d.profile = profile
	clear(d.cells)
	clear(d.kinds)
	d.order = d.order[:0]
	for d.head != nil && d.head.profile == profile {
		d.was++
		d.cells[d.head.cellKey] = true
		if d.head.kinds != "" {
			d.kinds[d.head.cellKey] = d.head.kinds
		}
		d.order = append(d.order, d.head.cellKey)
		if err := d.read(); err != nil {
			return err
		}
	}
	return nil
}

// differs tells whether the verdict on a cell of the present profile is another
// than the published one, or permits other kinds of data: then the cell is a
// row. Each cell is asked about once; key is called only where it matters.
func (d *delta) differs(allowed bool, kinds string, key func() cellKey) (old, differs bool) {
	was := ""
	if len(d.order) > 0 {
		k := key()
		if old = d.cells[k]; old {
			d.cells[k] = false
			was = d.kinds[k]
		}
	}
	return old, old != allowed || old && was != kinds
}

// end comes after the cells of a profile: what is left of the old ones is
// gone.
func (d *delta) end() error {
	for _, k := range d.order {
		if d.cells[k] {
			if err := d.gone(d.profile, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// goneBefore writes the cells of profiles that are no more, up to a profile
// id; "" is the end.
func (d *delta) goneBefore(profile string) error {
	for d.head != nil && (profile == "" || d.head.profile < profile) {
		d.was++
		if err := d.gone(d.head.profile, d.head.cellKey); err != nil {
			return err
		}
		if err := d.read(); err != nil {
			return err
		}
	}
	return nil
}

// gone writes a cell that is there no more.
func (d *delta) gone(profile string, k cellKey) error {
	d.name(profile, k)
	d.rows.Texts(9, []string{cellGone})
	return d.verdict(true, false, "")
}

// name begins the row of a cell.
func (d *delta) name(profile string, k cellKey) {
	rows := d.rows
	rows.Text(0, profile)
	rows.Text(1, k.kind)
	rows.Text(2, k.token)
	rows.Text(3, k.controller)
	rows.TextOrNull(4, k.brand)
	rows.Text(5, k.purpose)
	rows.Text(6, k.channel)
}

// verdict ends a row whose cell was permitted, or now is.
func (d *delta) verdict(old, allowed bool, kinds string) error {
	switch {
	case old == allowed: // for other kinds of data
	case allowed:
		d.gained++
	default:
		d.lost++
	}
	d.rows.Bool(7, old)
	d.rows.Bool(8, allowed)
	if kinds == "" {
		d.rows.Null(10)
	} else {
		d.rows.Texts(10, kindsOf(kinds))
	}
	return d.rows.End()
}

// compare writes the part's profiles, and beside them how their permissions
// differ from the published ones. A part answers for all profile ids from its
// first profile up to the next part's.
func (w *part) compare(ctx context.Context, p *published, all []profile, lo, hi int) error {
	from, until := "", ""
	if lo > 0 {
		from = string(w.pseudonym.AppendProfileID(nil, all[lo].key))
	}
	if hi < len(all) {
		until = string(w.pseudonym.AppendProfileID(nil, all[hi].key))
	}
	var before *verdicts
	if past := w.r.previous["snapshots/"+w.a.name]; past != nil {
		before = readVerdicts(ctx, w.r.output, past.facts(), w.a.name, from, false)
		defer before.close()
	}
	var err error
	if w.delta, err = newDelta(w.changes.rows, before, from); err != nil {
		return fmt.Errorf("compare with what is published: %w", err)
	}
	for i, x := range all[lo:hi] {
		if i%warmProfiles == 0 {
			w.warmer.warmProfiles(all[lo+i : min(lo+i+warmProfiles, hi)])
		}
		w.idText = w.pseudonym.AppendProfileID(w.idText[:0], x.key)
		w.id = unsafeText(w.idText)
		if err := w.delta.begin(w.id); err != nil {
			return fmt.Errorf("compare with what is published: %w", err)
		}
		if err := w.profile(x); err != nil {
			return err
		}
		if err := w.delta.end(); err != nil {
			return err
		}
	}
	if err := w.delta.goneBefore(until); err != nil {
		return fmt.Errorf("compare with what is published: %w", err)
	}
	w.counts.was, w.counts.gained, w.counts.lost = w.delta.was, w.delta.gained, w.delta.lost
	return nil
}

// replays checks that the changes lead from the published permissions to the
// new ones.
func (p *published) replays() error {
	c := &p.counts
	if c.was+c.gained-c.lost != c.allowed {
		return fmt.Errorf("permission_delta: %d cells were permitted, %d gained and %d lost it, yet %d are permitted: nothing is published", c.was, c.gained, c.lost, c.allowed)
	}
	return nil
}

func (r *run) replayCheck(p *published) report.Check {
	since := "nothing was published before"
	if past := r.previous["snapshots/"+p.audience.name]; past != nil {
		since = "since run " + past.run()
	}
	return report.Check{Snapshot: p.audience.name, Name: "delta_replays", Passed: true,
		Description: "Applying permission_delta to the permissions that were published before gives those of this snapshot.",
		Detail:      fmt.Sprintf("%d cells gained permission and %d lost it, %s", p.counts.gained, p.counts.lost, since)}
}
