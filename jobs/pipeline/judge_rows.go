package pipeline

import (
	"fmt"
	"slices"

	"concord/schemas/attribute"
	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/snapshot"
)

// What a judge finds wrong with a row.
const (
	notPermitted = "is not permitted"
	otherEnd     = "says another " + table.ColValidUntil + " than it has"
)

// columnsOf are the columns of profiles or contact_points that a judge reads:
// whose row it is, until when it may be there, and, where consent events name
// kinds of data, every value.
func (j *judge) columnsOf(f *written) []string {
	if f.table == table.TableContactPoints {
		return []string{table.ColProfileID, table.ColBrand, table.ColKind, f.schema.Field(3).Name, table.ColValidUntil}
	}
	columns := []string{table.ColProfileID, table.ColBrand, table.ColValidUntil}
	if j.data != nil {
		for _, n := range j.a.columns {
			columns = append(columns, n.Column())
		}
	}
	return columns
}

// profile says what is wrong with a row of profiles: whether some anchor
// permits the brand, until when the row says, and of the data that it shows.
func (j *judge) profile(found []snapshot.Found, row int) string {
	until, earliest, narrow, permitted := schema.NoTime, schema.Forever, false, false
	for i := range j.anchors {
		if j.allows(i) {
			v := &j.verdicts[i]
			permitted = true
			narrow = narrow || v.data != schema.AllCategories
			until, earliest = max(until, v.until), min(earliest, v.until)
		}
	}
	switch {
	case !permitted:
		return notPermitted
	case narrow:
		if wrong := saysUntil(&found[2], row, earliest); wrong != "" {
			return wrong
		}
		return j.shows(found[3:], row)
	}
	return saysUntil(&found[2], row, until)
}

// saysUntil compares a row's consent_valid_until with what it is.
func saysUntil(found *snapshot.Found, row int, until int64) string {
	if found.Moment(row) != end(until) {
		return otherEnd
	}
	return ""
}

// shows says whether a row shows data that none of the profile's anchors
// permits the use of.
func (j *judge) shows(values []snapshot.Found, row int) string {
	var data schema.CategorySet
	usable := [schema.Account + 1]bool{}
	for i := range j.verdicts {
		if v := &j.verdicts[i]; v.verdict == yes {
			data = data.Union(v.data)
			usable[j.anchors[i].Kind()] = true
		}
	}
	personal := j.r.decisions.AboutPerson(j.request)
	for k, n := range j.a.columns {
		if values[k].Code(row) < 0 || data.Has(j.data.of[n]) {
			continue
		}
		// A use of a contact point shows that contact point.
		if kind := selfKind(n, j.data); personal || kind == 0 || !usable[kind] {
			return fmt.Sprintf("shows data in column %q that nobody permitted", n.Column())
		}
	}
	return ""
}

// selfKind is the kind of contact point that an attribute is part of, 0 for
// none.
func selfKind(n attribute.Name, d *dataCodes) schema.Kind {
	if kind := anchorKind(n); kind != 0 {
		return kind
	}
	if d.addresses.Has(d.of[n]) {
		return schema.Postal
	}
	return 0
}

// owns tells whether a record of the brand, or of none, holds an anchor.
func (j *judge) owns(i int) bool {
	if j.owned == nil {
		j.owned = j.holdings()
	}
	return j.owned[i]
}

// holdings tells, by anchor of the profile, what owns does.
func (j *judge) holdings() []bool {
	records, members := j.r.in.Records, j.r.resolved.clusters.at(j.cluster)
	ofBrand := func(rec uint32) bool {
		return records.Brand[rec] == j.brand || records.Brands[records.Brand[rec]] == ""
	}
	all := !slices.ContainsFunc(members, func(rec uint32) bool { return !ofBrand(rec) })
	j.holds = j.holds[:0]
	for range j.anchors {
		j.holds = append(j.holds, all)
	}
	if all {
		return j.holds
	}
	for _, rec := range members {
		if !ofBrand(rec) {
			continue
		}
		j.held = j.r.anchors.of(rec, j.held[:0])
		for i, a := range j.anchors {
			for _, h := range j.held {
				j.holds[i] = j.holds[i] || h == a
			}
		}
	}
	return j.holds
}
