package pipeline

import (
	"slices"
	"strings"

	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/consent"
	"concord/transforms/snapshot"
)

// judge decides about rows of written files, from nothing but what stands in
// them. Rows come in the order of their profile ids.
type judge struct {
	r         *run
	a         *audience
	decider   *consent.Decider
	pseudonym *snapshot.Pseudonym
	tokens    tokens
	columns   [schema.Account + 1]*anchorColumn
	data      *dataCodes

	profiles []profile // that the file may be about, in the order of their ids
	next     int       // the first that was not met yet
	id       []byte    // of the profile that was met last
	warmer   *warmer

	// Of the row group at hand: what the row before said, and the profiles of the
	// next rows.
	lastID, lastBrand int32
	ahead             []met
	kinds             []schema.Kind // by code of a kind, plus 1; 0 for one not seen

	// Of the profile and brand at hand.
	met
	request  int
	brand    uint16
	anchors  []consent.AnchorID
	verdicts []judged // by anchor
	owned    []bool   // by anchor: a record of the brand holds it; nil until asked for
	holds    []bool   // whose memory owned is
	held     []consent.AnchorID
	result   consent.Result
	text     []byte
}

// met is the golden record that a profile id in a file stands for.
type met struct {
	cluster uint32
	known   bool // there is such a profile
}

// judged is the verdict on an anchor, once that was asked for.
type judged struct {
	verdict answer
	until   int64
	data    schema.CategorySet
}

func (r *run) newJudge(p *published, f *written, profiles []profile) (*judge, error) {
	pseudonym, err := r.pseudonym(p.audience)
	if err != nil {
		return nil, err
	}
	j := &judge{r: r, a: p.audience, profiles: profiles, decider: r.decisions.Decider(), pseudonym: pseudonym, tokens: r.newTokens(pseudonym), data: r.dataCodes()}
	for k := range j.columns {
		j.columns[k] = r.anchors.find(schema.Kind(k))
	}
	var shown []*table.Column
	if f.table == table.TableContactPoints && j.a.entry.Direct {
		shown = r.contactColumns(j.tokens.address)
	}
	j.warmer = r.newWarmer(j.decider, shown)
	if f.table == table.TableContactPoints && !j.a.entry.Direct {
		j.warmer.address, j.warmer.channel = j.tokens.address, j.a.channel
	}
	return j, nil
}

// contactColumns are the columns that contact points are made of; address are
// those of postalParts.
func (r *run) contactColumns(address []*table.Column) (out []*table.Column) {
	for i := range r.anchors.columns {
		if c := &r.anchors.columns[i]; c.kind != schema.Postal {
			out = append(out, c.column)
		}
	}
	for _, c := range address {
		if c != nil {
			out = append(out, c)
		}
	}
	return out
}

// startGroup comes before the rows of a row group, whose codes are its own.
func (j *judge) startGroup() {
	j.lastID, j.lastBrand, j.kinds, j.ahead = -2, -2, j.kinds[:0], j.ahead[:0]
}

// enter looks at one of the rows of a row group, its profile and brand, and
// tells whether the audience knows both.
func (j *judge) enter(found []snapshot.Found, row, rows int) bool {
	id, brand := found[0].Code(row), found[1].Code(row)
	if id == j.lastID && brand == j.lastBrand {
		return j.known && j.request >= 0
	}
	if id != j.lastID {
		if len(j.ahead) == 0 {
			j.look(&found[0], row, rows)
		}
		j.met, j.ahead = j.ahead[0], j.ahead[1:]
		if j.known {
			j.anchors = j.r.clustering.Anchors(consent.ClusterID(j.cluster))
			j.tokens.forget()
		}
	}
	j.lastID, j.lastBrand = id, brand
	j.request = j.requestOf(found[1].Text(row))
	j.owned = nil
	j.verdicts = slices.Grow(j.verdicts[:0], len(j.anchors))[:len(j.anchors)]
	clear(j.verdicts)
	return j.known && j.request >= 0
}

// look meets the next profiles, from a row on, and reads what will be asked
// about them.
func (j *judge) look(ids *snapshot.Found, row, rows int) {
	j.ahead, j.warmer.clusters = j.ahead[:0], j.warmer.clusters[:0]
	for last := int32(-2); row < rows && len(j.ahead) < warmProfiles; row++ {
		if id := ids.Code(row); id != last {
			x := j.find(ids.Text(row))
			j.ahead = append(j.ahead, x)
			if x.known {
				j.warmer.clusters = append(j.warmer.clusters, consent.ClusterID(x.cluster))
			}
			last = id
		}
	}
	j.warmer.warm()
}

// find is the golden record that a profile id stands for. Ids come in their
// order.
func (j *judge) find(id string) met {
	if len(j.id) > 0 && string(j.id) == id { // the last once more
		return met{j.profiles[j.next-1].cluster, true}
	}
	for ; j.next < len(j.profiles); j.next++ {
		x := j.profiles[j.next]
		j.id = j.pseudonym.AppendProfileID(j.id[:0], x.key)
		switch strings.Compare(unsafeText(j.id), id) {
		case 0:
			j.next++
			return met{x.cluster, true}
		case 1:
			j.id = j.id[:0]
			return met{}
		}
	}
	return met{}
}

// requestOf is the number of the consent request about a brand, -1 when the
// audience has no such brand.
func (j *judge) requestOf(brand string) int {
	for i, b := range j.a.brands {
		if j.r.in.Records.Brands[b] == brand {
			j.brand = b
			return j.a.requests[i]
		}
	}
	return -1
}

// allows decides about one of the anchors, once: whether the brand may use it.
func (j *judge) allows(i int) bool {
	v := &j.verdicts[i]
	if v.verdict == unasked {
		v.verdict = no
		j.decider.Decide(consent.ClusterID(j.cluster), j.anchors[i], j.request, &j.result)
		if j.result.Allowed && (granted(&j.result) || j.owns(i)) {
			v.verdict, v.until, v.data = yes, j.result.ValidUntil, j.result.Categories
		}
	}
	return v.verdict == yes
}

// contact says what is wrong with a row of contact_points: whether the contact
// point is one of the profile's and permits the brand, until when it says.
func (j *judge) contact(found []snapshot.Found, row int) string {
	kind, ok := j.kind(&found[2], row)
	if !ok {
		return notPermitted
	}
	text := found[3].Text(row)
	for i, a := range j.anchors {
		if a.Kind() == kind && j.standsFor(i, text) && j.allows(i) {
			return saysUntil(&found[4], row, j.verdicts[i].until)
		}
	}
	return notPermitted
}

func (j *judge) kind(kinds *snapshot.Found, row int) (schema.Kind, bool) {
	code := int(kinds.Code(row)) + 1
	for len(j.kinds) <= code {
		j.kinds = append(j.kinds, 0)
	}
	if j.kinds[code] == 0 {
		k, err := schema.ParseKind(kinds.Text(row))
		if err != nil {
			return 0, false
		}
		j.kinds[code] = k
	}
	return j.kinds[code], true
}

// standsFor tells whether a text of the file is an anchor: its token, or one
// of the spellings that the cluster's records have of it.
func (j *judge) standsFor(i int, text string) bool {
	if !j.a.entry.Direct {
		return j.tokens.of(j.anchors, i) == text
	}
	a := j.anchors[i]
	c := j.columns[a.Kind()]
	if c == nil {
		return false
	}
	for _, rec := range j.r.resolved.clusters.at(j.cluster) {
		lo, hi := c.column.Slots(rec)
		for s := lo; s < hi; s++ {
			if c.slot(s) != a {
				continue
			}
			j.text = c.appendShown(j.text[:0], j.tokens.address, s)
			if string(j.text) == text {
				return true
			}
		}
	}
	return false
}
