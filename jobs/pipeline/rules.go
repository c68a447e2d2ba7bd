package pipeline

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"concord/matching/cluster"
	"concord/matching/column"
	"concord/matching/compare"
	"concord/matching/rules"
	"concord/matching/score"
	"concord/matching/train"
	"concord/schemas/attribute"
	"concord/schemas/model"
)

// deterministic applies the deterministic rules. Their links join the scored
// ones, and what they find in common estimates how many matches there are.
func (r *run) deterministic(ctx context.Context, m *matcher) error {
	var own []rules.Rule
	for _, o := range r.Job.Match.Rules {
		names := make([]attribute.Name, len(o.All))
		for i, a := range o.All {
			names[i] = attribute.Name(a)
		}
		own = append(own, rules.All(o.Name, names))
	}
	list, err := rules.Configure(m.table, r.Job.Match.Off, own)
	if err != nil {
		return failed(ErrConfig, err)
	}
	guards := rules.Guards{Doubtful: r.doubtful(), DuplicateFree: r.duplicateFree(), Unlinkable: r.unlinkable}
	m.rules = make([]rules.Result, len(list))
	return r.Engine.Each(ctx, len(list), func(_, i int) (err error) {
		m.rules[i], err = rules.Apply(m.table, list[i], guards)
		return err
	})
}

// doubtful tells which contact points are no one's own by their look.
func (r *run) doubtful() map[attribute.Name][]bool {
	out := map[attribute.Name][]bool{}
	for i := range r.in.Records.Columns {
		c := &r.in.Records.Columns[i]
		if c.Name == attribute.Email || c.Name == attribute.Phone {
			out[c.Name] = rules.Doubtful(c)
		}
	}
	return out
}

// withoutShared is t without the contact points that people of several names
// use.
func (r *run) withoutShared(t *column.Table) *column.Table {
	out, n := rules.WithoutShared(t, r.doubtful())
	if n > 0 {
		r.Observe.Note("contact points that people of several names use: no evidence of who they are", "values", n)
	}
	return out
}

// captures states the rules' finds for the estimation of λ.
func (m *matcher) captures(in *train.Input) {
	for i := range m.rules {
		in.Captures = append(in.Captures, train.Capture{
			Rule: m.rules[i].Rule.Name, Reads: readBy(m.rules[i].Rule.Attributes(), m.comparators), Pairs: int64(len(m.rules[i].Links)),
		})
		for k := range i {
			in.Recaptures = append(in.Recaptures, train.Recapture{A: k, B: i, Pairs: rules.Common(m.rules[k], m.rules[i])})
		}
	}
}

// readBy are the comparisons that read one of the attributes, as bits.
func readBy(names []attribute.Name, comparators []compare.Comparator) uint64 {
	var bits uint64
	for i, c := range comparators {
		if slices.ContainsFunc(c.Attributes(), func(a attribute.Name) bool { return slices.Contains(names, a) }) {
			bits |= 1 << i
		}
	}
	return bits
}

// ruleEdge marks an edge that a deterministic rule made or strengthened:
// Rule counts from it.
const ruleEdge = 128

// A model that was trained overrules a built-in rule: it has seen all that the rule has
// and the rest besides, such as another name at an identifier mistyped into this
// one, or lent to a brother. It takes more, in bits, where m is mostly the model's
// defaults, and for a rule of the job's own.
const (
	overruled        = 0
	overruledForSure = -8
	fewMatches       = 200 // five times what the defaults weigh
)

// overrules tells whether the model's weight of a pair outweighs that rules link
// it, one of the job's own perhaps.
func (m *matcher) overrules(weight int32, own bool) bool {
	t := &m.model.Training
	switch {
	case t.Method != model.Estimated:
		return false
	case own || t.Matches < fewMatches:
		return weight <= overruledForSure*score.Bit
	}
	return weight <= overruled*score.Bit
}

// withRules joins the rules' links to the scored edges, in the memory of those: a
// pair that both find has the greater of the two weights, unless a model that
// was trained is against it.
func (m *matcher) withRules(edges []score.Edge) []score.Edge {
	var more []score.Edge
	i, kept := 0, 0
	for l := range rules.Merge(m.rules, m.judged) {
		for i < len(edges) && comparePair(edges[i], l.A, l.B) < 0 {
			edges[kept] = edges[i]
			i, kept = i+1, kept+1
		}
		scored := i < len(edges) && comparePair(edges[i], l.A, l.B) == 0
		e := score.Edge{A: l.A, B: l.B}
		if scored {
			e = edges[i]
			i++
		} else {
			e.Weight, e.Pattern = m.scorer.Pair(l.A, l.B)
		}
		if m.overrules(e.Weight, l.Own) {
			continue
		}
		if w := int32(l.Weight * score.Bit); w > e.Weight {
			e.Weight, e.Rule = w, uint8(ruleEdge+l.Rule)
		}
		if scored {
			edges[kept] = e
			kept++
		} else {
			more = append(more, e)
		}
	}
	kept += copy(edges[kept:], edges[i:])
	return withEdges(edges[:kept], more)
}

// withEdges puts more edges, in order, among others, in the memory of those
// where it suffices.
func withEdges(edges, more []score.Edge) []score.Edge {
	i, at := len(edges), len(edges)+len(more)
	edges = slices.Grow(edges, len(more))[:at]
	for len(more) > 0 { // from behind, where there is room
		at--
		last := more[len(more)-1]
		if i > 0 && comparePair(edges[i-1], last.A, last.B) > 0 {
			i--
			edges[at] = edges[i]
			continue
		}
		edges[at], more = last, more[:len(more)-1]
	}
	return edges
}

func comparePair(e score.Edge, a, b uint32) int {
	return cmp.Or(cmp.Compare(e.A, a), cmp.Compare(e.B, b))
}

// linkedBy names what made an edge: the deterministic rule, or the model.
func (m *matcher) linkedBy(e score.Edge) string {
	if e.Rule >= ruleEdge {
		return m.rules[e.Rule-ruleEdge].Rule.Name
	}
	return "model"
}

// judge reads the file of human judgements that the job names: csv with the
// columns a, b, same, where a and b are CHANNEL/KEY and same is yes or no.
func (r *run) judge(m *matcher) error {
	name := r.Job.Match.Judgements
	if name == "" {
		return nil
	}
	f, err := os.Open(r.directory(name))
	if err != nil {
		return failedf(ErrConfig, "match.judgements: %w", err)
	}
	defer f.Close() // read only
	must, cannot, err := r.readJudgements(csv.NewReader(f))
	if err != nil {
		return failedf(ErrConfig, "match.judgements: %s: %w", name, err)
	}
	m.judged, err = rules.Judge(r.mayLink(must), cannot, m.table.N)
	return failed(ErrConfig, err)
}

// mayLink are the pairs that may be linked: people do not overrule a person who
// denied it.
func (r *run) mayLink(must []rules.Pair) []rules.Pair {
	if r.unlinkable == nil {
		return must
	}
	all := len(must)
	must = slices.DeleteFunc(must, func(p rules.Pair) bool { return r.unlinkable[p.A] || r.unlinkable[p.B] })
	if n := all - len(must); n > 0 {
		r.Observe.Note("judgements set aside: linking was denied", "pairs", n)
	}
	return must
}

func (r *run) readJudgements(in *csv.Reader) (must, cannot []rules.Pair, err error) {
	in.FieldsPerRecord = -1
	index := r.recordIndex()
	for {
		row, err := in.Read()
		line, _ := in.FieldPos(0)
		switch {
		case errors.Is(err, io.EOF):
			return must, cannot, nil
		case err != nil:
			return nil, nil, fmt.Errorf("line %d: it is not csv", line)
		case len(row) < 3:
			return nil, nil, fmt.Errorf("line %d: want the columns a, b, same", line)
		case line == 1 && strings.EqualFold(row[2], "same"):
			continue
		}
		a, okA := index[row[0]]
		b, okB := index[row[1]]
		if !okA || !okB {
			return nil, nil, fmt.Errorf("line %d: a record is not among the extracts: write CHANNEL/KEY", line)
		}
		switch strings.ToLower(row[2]) {
		case "yes", "true", "1", "must":
			must = append(must, rules.Pair{A: a, B: b})
		case "no", "false", "0", "cannot":
			cannot = append(cannot, rules.Pair{A: a, B: b})
		default:
			return nil, nil, fmt.Errorf("line %d: same is yes or no", line)
		}
	}
}

// recordIndex finds records by "channel/key" and by "source/key".
func (r *run) recordIndex() map[string]uint32 {
	t := r.in.Records
	index := make(map[string]uint32, t.N)
	for i := range uint32(t.N) {
		key := t.RecordKey(i)
		index[t.Sources[t.Source[i]]+"/"+key] = i
		index[t.Channels[t.Channel[i]]+"/"+key] = i
	}
	return index
}

func clusterPairs(list []rules.Pair) []cluster.Pair {
	out := make([]cluster.Pair, len(list))
	for i, p := range list {
		out[i] = cluster.Pair{A: p.A, B: p.B}
	}
	return out
}
