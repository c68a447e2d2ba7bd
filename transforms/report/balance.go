package report

import (
	"encoding/hex"
	"errors"
	"fmt"
)

// Validate checks that the manifest balances. Its error lists every equation
// that does not hold, with the numbers. A complete run must balance; of a run
// that failed or was aborted only what was read is checked, for it may not
// have come further.
func (m *Manifest) Validate() error {
	var wrong []error
	report := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf("run manifest: "+format, args...))
		}
	}
	report(m.Version == ManifestVersion, "version %d, want %d", m.Version, ManifestVersion)
	report(m.Run.ID != "" && m.Run.Job != "", "no run id or no job")
	m.checkInputs(report)
	if m.Run.Status == Complete {
		m.checkClusters(report)
		m.checkSnapshots(report)
		m.checkOutputs(report)
		for _, c := range m.Checks {
			report(c.Passed, "check %q did not pass, yet the run is complete", c.Name)
		}
	}
	for _, c := range m.Checks {
		report(c.Name != "" && c.Description != "", "check %q says nothing of what it checks", c.Name)
	}
	return errors.Join(wrong...)
}

type reporter func(ok bool, format string, args ...any)

func (m *Manifest) checkInputs(report reporter) {
	sums := map[string]Rows{}
	var quarantined int64
	for _, in := range m.Inputs {
		r := in.Rows
		report(r.balance() == 0, "object %q: %d rows read, but %d accepted + %d quarantined + %d suppressed + %d duplicate",
			in.Object, r.Read, r.Accepted, r.Quarantined, r.Suppressed, r.Duplicate)
		report(isDigest(in.SHA256), "object %q: no SHA-256", in.Object)
		sums[in.Channel] = sums[in.Channel].plus(r)
		quarantined += r.Quarantined
	}
	for _, c := range m.Channels {
		report(c.Rows == sums[c.Name], "channel %q: its rows are not the sum of its objects'", c.Name)
		report(c.Kind == KindRecords || c.Kind == KindConsent, "channel %q: kind %q", c.Name, c.Kind)
		for _, col := range c.Columns {
			report(col.Filled <= c.Rows.Accepted, "channel %q column %q: %d values in %d accepted rows", c.Name, col.Name, col.Filled, c.Rows.Accepted)
		}
		delete(sums, c.Name)
	}
	for _, in := range m.Inputs {
		_, missing := sums[in.Channel]
		report(!missing, "object %q: channel %q is not in the manifest", in.Object, in.Channel)
	}
	report(total(m.Quarantine) == quarantined, "%d rows quarantined by code, %d by object", total(m.Quarantine), quarantined)
}

func (m *Manifest) checkClusters(report reporter) {
	clusters, records := m.Clusters.count()
	accepted := m.Total(KindRecords).Accepted
	report(accepted == records, "%d records accepted, %d in clusters", accepted, records)
	report(total(m.Identity) == clusters, "%d golden ids decided, %d clusters", total(m.Identity), clusters)
	for _, s := range m.Survival {
		report(s.Contested <= s.Filled && s.Filled <= clusters, "attribute %q: %d contested of %d filled of %d golden records",
			s.Attribute, s.Contested, s.Filled, clusters)
	}
}

func (m *Manifest) checkSnapshots(report reporter) {
	clusters, _ := m.Clusters.count()
	for _, s := range m.Snapshots {
		report(s.Golden == clusters, "snapshot %q: %d golden records considered of %d", s.Name, s.Golden, clusters)
		report(s.Golden == s.Published+total(s.Withheld), "snapshot %q: %d golden records, but %d published + %d withheld",
			s.Name, s.Golden, s.Published, total(s.Withheld))
		var rows int64
		for _, o := range m.Outputs {
			if o.Snapshot == s.Name && o.Table == "profiles" {
				rows += o.Rows
			}
		}
		report(rows == s.Rows, "snapshot %q: %d rows of profiles written, %d in its files", s.Name, s.Rows, rows)
		report(s.Rows >= s.Published, "snapshot %q: %d golden records published in %d rows", s.Name, s.Published, s.Rows)
	}
}

func (m *Manifest) checkOutputs(report reporter) {
	for _, o := range m.Outputs {
		report(isDigest(o.SHA256), "output %q: no SHA-256", o.Object)
		for _, c := range o.Columns {
			report(c.Nulls >= 0 && c.Nulls <= o.Rows, "output %q column %q: %d nulls in %d rows", o.Object, c.Name, c.Nulls, o.Rows)
		}
	}
}

func isDigest(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32
}

func total(counts []Count) int64 {
	var n int64
	for _, c := range counts {
		n += c.Count
	}
	return n
}
