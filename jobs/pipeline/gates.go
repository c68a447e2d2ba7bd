package pipeline

import (
	"fmt"
	"math"
	"strings"
	"time"

	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/report"
)

// gates lists the gates in the order in which they are asked and reported.
func gates() []gate {
	return []gate{
		{"consent_feed", "No consent feed is missing or has lost more of its rows than gates.consent_drop since the last published run: a feed that stopped is not the absence of denials.", consentFeeds},
		{"foreign_denials", "No denial names a controller or a brand that the job does not have, unless consent.others lists it: it may be one of the job's own, spelt otherwise, and then the denial would go unheard.", foreignDenials},
		{"unheard_rows", "Of a channel with consent columns, no more rows than gates.unheard_rows are torn, or deny and name nobody: nobody can tell whose denial such a row was.", unheardRows},
		{"unmatched_accounts", "Of the accounts that a consent channel names, no more than gates.unmatched_accounts are no record's: account numbers of another form, or of another source, would leave every denial unheard.", unmatchedAccounts},
		{"stale_inputs", "No channel's newest event is older, against the as-of, than gates.max_staleness says for it.", staleInputs},
		{"quarantine_share", "No channel has more of its rows in quarantine than gates.quarantine: a wrong delimiter or encoding looks like this.", quarantineShares},
		{"largest_cluster", "No golden record joins more records than gates.largest_cluster: what joins so many is a placeholder or a chain of strangers.", largestClusters},
		{"merge_rate", "The share of records merged away has moved by no more than gates.merge_drift since the last published run.", mergeRates},
		{"permitted_share", "No snapshot's share of published golden records has risen or fallen by more than gates.permitted_drift since the last published run.", permittedShares},
	}
}

// consentFeeds compares the rows of consent channels and the filled cells of
// consent columns with those of the published run.
func consentFeeds(c *comparison) []finding {
	if c.past == nil {
		return []finding{{Text: noPast}}
	}
	now := feeds(c.now)
	limit := float64(*c.gates.ConsentDrop)
	var out []finding
	for _, before := range feedList(c.past) {
		rows, there := now[before.name]
		f := finding{Subject: before.name}
		switch {
		case before.rows == 0:
			f.Text = fmt.Sprintf("%s: %d rows, none before", before.name, rows)
		case !there:
			f.Figure, f.refuses = 1, true
			f.Text = fmt.Sprintf("%s: %d rows in the published run, and the job reads it no more", before.name, before.rows)
		default:
			f.Figure = max(0, 1-float64(rows)/float64(before.rows))
			f.refuses = f.Figure > limit
			f.Text = fmt.Sprintf("%s: %d rows after %d in the published run, %s fewer; gates.consent_drop is %v", before.name, rows, before.rows, percent(f.Figure), *c.gates.ConsentDrop)
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		return []finding{{Text: "the published run read no consent"}}
	}
	return out
}

// feed is a consent channel or a consent column of another channel.
type feed struct {
	name string
	rows int64
}

func feedList(m *report.Manifest) []feed {
	var out []feed
	for _, c := range m.Channels {
		if c.Kind == report.KindConsent {
			out = append(out, feed{fmt.Sprintf("consent channel %q", c.Name), c.Rows.Accepted})
		}
		for _, col := range c.Columns {
			if col.Attribute == consentAttribute {
				out = append(out, feed{fmt.Sprintf("consent column %q of channel %q", col.Name, c.Name), col.Filled})
			}
		}
	}
	return out
}

func feeds(m *report.Manifest) map[string]int64 {
	out := map[string]int64{}
	for _, f := range feedList(m) {
		out[f.name] = f.rows
	}
	return out
}

// staleInputs measures in hours.
func staleInputs(c *comparison) []finding {
	var out []finding
	for _, ch := range c.now.Channels {
		limit, ok := c.gates.MaxStaleness[ch.Name]
		if !ok {
			continue
		}
		f := finding{Subject: "channel " + ch.Name}
		if at := c.newest[ch.Name]; at == table.NoTime {
			f.Figure, f.refuses = math.MaxFloat64, true
			f.Text = fmt.Sprintf("channel %q: no event is dated up to the as-of; gates.max_staleness is %v", ch.Name, limit)
		} else {
			newest := time.UnixMicro(at).UTC()
			age := c.asOf.Sub(newest)
			f.Figure, f.refuses = age.Hours(), age > time.Duration(limit)
			f.Text = fmt.Sprintf("channel %q: its newest event, of %s, is %v older than the as-of; gates.max_staleness is %v", ch.Name, newest.Format(time.RFC3339), ageOf(age), limit)
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		return []finding{{Text: "the job sets no gates.max_staleness"}}
	}
	return out
}

// ageOf is a span as people say it: to the hour, and from two days on in days
// and hours.
func ageOf(d time.Duration) string {
	hours := int64(d.Round(time.Hour) / time.Hour)
	if hours < 48 {
		return fmt.Sprintf("%dh", hours)
	}
	return strings.TrimSuffix(fmt.Sprintf("%dd %dh", hours/24, hours%24), " 0h")
}

// fewRows is how many bad rows a channel may have whatever their share, as
// long as some are good: a handful in a small extract says nothing of its
// form.
const fewRows = 9

func quarantineShares(c *comparison) []finding {
	var out []finding
	for _, ch := range c.now.Channels {
		bad := ch.Rows.Quarantined
		if bad == 0 {
			continue
		}
		share := float64(bad) / float64(ch.Rows.Read)
		out = append(out, finding{
			Subject: "channel " + ch.Name, Figure: share,
			Text:    fmt.Sprintf("channel %q: %d of %d rows are in quarantine, %s; gates.quarantine is %v", ch.Name, bad, ch.Rows.Read, percent(share), *c.gates.Quarantine),
			refuses: share > float64(*c.gates.Quarantine) && (bad > fewRows || ch.Rows.Accepted == 0),
		})
	}
	if len(out) == 0 {
		return []finding{{Text: "no row is in quarantine"}}
	}
	return out
}

func largestClusters(c *comparison) []finding {
	var largest int64
	for _, s := range c.now.Clusters.Sizes {
		largest = max(largest, s.Records)
	}
	limit := int64(c.gates.LargestCluster)
	return []finding{{
		Subject: "largest cluster", Figure: float64(largest), refuses: largest > limit,
		Text: fmt.Sprintf("the largest golden record joins %d records; gates.largest_cluster is %d", largest, limit),
	}}
}

func mergeRates(c *comparison) []finding {
	if c.past == nil {
		return []finding{{Text: noPast}}
	}
	now, ok := mergedShare(c.now)
	before, had := mergedShare(c.past)
	if !ok || !had {
		return []finding{{Text: "one of the two runs has no records to merge"}}
	}
	f := drift("merge rate", before, now, *c.gates.MergeDrift)
	f.Text = fmt.Sprintf("%s of the records are merged away, %s in the published run: %s; gates.merge_drift is %v", percent(now), percent(before), points(now-before), *c.gates.MergeDrift)
	return []finding{f}
}

// mergedShare is 1 − golden records / records.
func mergedShare(m *report.Manifest) (share float64, ok bool) {
	var records, clusters int64
	for _, s := range m.Clusters.Sizes {
		records += s.Records * s.Clusters
		clusters += s.Clusters
	}
	if records == 0 {
		return 0, false
	}
	return 1 - float64(clusters)/float64(records), true
}

func permittedShares(c *comparison) []finding {
	if c.past == nil {
		return []finding{{Text: noPast}}
	}
	var out []finding
	for _, now := range c.now.Snapshots {
		before := snapshotOf(c.past, now.Name)
		f := finding{Snapshot: now.Name}
		switch {
		case before == nil || before.Purpose != now.Purpose:
			f.Text = "the published run has no snapshot of that name and purpose to compare with"
		case before.Golden == 0 || now.Golden == 0:
			f.Text = "one of the two runs has no golden records"
		default:
			was, is := float64(before.Published)/float64(before.Golden), float64(now.Published)/float64(now.Golden)
			f = drift("snapshot "+now.Name, was, is, *c.gates.PermittedDrift)
			f.Snapshot = now.Name
			f.Text = fmt.Sprintf("snapshot %q publishes %s of the golden records, %s in the published run: %s; gates.permitted_drift is %v", now.Name, percent(is), percent(was), points(is-was), *c.gates.PermittedDrift)
		}
		out = append(out, f)
	}
	return out
}

func snapshotOf(m *report.Manifest, name string) *report.Snapshot {
	for i := range m.Snapshots {
		if m.Snapshots[i].Name == name {
			return &m.Snapshots[i]
		}
	}
	return nil
}

// drift is a share that moved either way. The directions are subjects of
// their own: who approved of a fall has not approved of a rise.
func drift(subject string, before, now float64, limit job.Share) finding {
	f := finding{Subject: subject + " rose", Figure: now - before}
	if now < before {
		f = finding{Subject: subject + " fell", Figure: before - now}
	}
	// Shares that differ by exactly the limit are within it, whatever the
	// last bit of their difference.
	f.refuses = f.Figure > float64(limit)+1e-12
	return f
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

func points(difference float64) string { return fmt.Sprintf("%+.1f points", 100*difference) }
