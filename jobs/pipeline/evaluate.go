package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/array"

	"concord/matching/block"
	"concord/matching/evaluate"
	"concord/transforms/extract"
)

// Evaluation is a job's clusters measured against the truth.
type Evaluation struct {
	Clusters  evaluate.Result
	Intervals evaluate.Intervals
	// Components is what the links give when all that they connect is one
	// person: what clustering improves on.
	Components evaluate.Result
	Links      evaluate.PairResult // accepted links, before clustering
	Blocking   block.Completeness
	Named      int // records of the truth that are among the extracts
	Absent     int // records of the truth that are not
}

// Evaluate resolves the job and measures the result. truth is a table of
// (channel, key, entity), of (key, entity), or of pairs of keys.
func Evaluate(ctx context.Context, c *Config, truth string) (*Evaluation, error) {
	x, err := Resolve(ctx, c)
	if err != nil {
		return nil, err
	}
	return x.Evaluate(truth)
}

// Evaluate measures the resolution against the truth, as [Evaluate] does.
func (x *Resolution) Evaluate(truth string) (*Evaluation, error) {
	r, out := x.run, &Evaluation{}
	entity, err := r.readTruth(truth, out)
	if err != nil {
		return nil, failedf(ErrConfig, "truth %s: %w", truth, err)
	}
	if out.Clusters, err = evaluate.Clusters(r.resolved.clusters.of, entity); err != nil {
		return nil, err
	}
	if out.Intervals, err = evaluate.ClusterIntervals(r.resolved.clusters.of, entity); err != nil {
		return nil, err
	}
	if out.Components, err = evaluate.Clusters(numbers(x.componentsAt(0), x.Records()), entity); err != nil {
		return nil, err
	}
	links := make([]evaluate.Pair, len(r.edges))
	for i, e := range r.edges {
		links[i] = evaluate.Pair{A: e.A, B: e.B}
	}
	if out.Links, err = evaluate.Pairs(links, entity); err != nil {
		return nil, err
	}
	for i := range entity { // in block, entities count from 1
		entity[i]++
	}
	out.Blocking = r.matcher.plan.Completeness(entity)
	return out, nil
}

// Roles of a truth file's columns, by the names that such files use.
var (
	channelNames = []string{"channel", "source", "data_source"}
	keyNames     = []string{"key", "record_key", "record_id", "id", "rec_id"}
	entityNames  = []string{"entity", "entity_id", "cluster", "cluster_id", "golden_id", "person"}
	leftNames    = []string{"a", "left", "key_1", "record_id_1", "record_id_l", "id1"}
	rightNames   = []string{"b", "right", "key_2", "record_id_2", "record_id_r", "id2"}
)

// readTruth gives each record its entity, evaluate.Unknown where the truth
// names none.
func (r *run) readTruth(path string, out *Evaluation) ([]uint32, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	reader, err := extract.Open(extract.Source{Body: f, At: f, Size: info.Size()}, extract.Dialect{}, extract.Limits{}, nil)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	at := func(names []string) int {
		return slices.IndexFunc(reader.Columns(), func(c string) bool { return slices.Contains(names, strings.ToLower(c)) })
	}
	t := &truth{index: r.truthIndex(), out: out, n: r.in.Records.N}
	channel, key, entity := at(channelNames), at(keyNames), at(entityNames)
	left, right := at(leftNames), at(rightNames)
	switch {
	case entity >= 0 && key >= 0:
		t.entities = slices.Repeat([]uint32{evaluate.Unknown}, t.n)
		err = eachRow(reader, func(cell func(int) string) {
			name := cell(key)
			if channel >= 0 {
				name = cell(channel) + "/" + name
			}
			t.entity(name, cell(entity))
		})
	case left >= 0 && right >= 0:
		err = eachRow(reader, func(cell func(int) string) { t.pair(cell(left), cell(right)) })
	default:
		return nil, fmt.Errorf("its columns are %q: want channel, key, entity; or key, entity; or the pairs a, b", reader.Columns())
	}
	if err != nil {
		return nil, err
	}
	if out.Named == 0 {
		return nil, errors.New("it names no record of the job: its keys are those of the extracts, its channels those of the job file")
	}
	if t.entities == nil {
		t.entities, _, err = evaluate.FromPairs(t.n, t.pairs)
	}
	return t.entities, err
}

func eachRow(reader *extract.Reader, do func(cell func(int) string)) error {
	for {
		b, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for i := range int(b.Records.NumRows()) {
			do(func(col int) string {
				if s, ok := b.Records.Column(col).(*array.String); ok {
					return s.Value(i)
				}
				return ""
			})
		}
	}
}

// truth gathers a truth file.
type truth struct {
	index    map[string][]uint32
	out      *Evaluation
	n        int
	entities []uint32
	numbers  map[string]uint32
	pairs    []evaluate.Pair
}

// truthIndex finds records by key, by channel/key and by source/key. A key
// alone may be several channels'.
func (r *run) truthIndex() map[string][]uint32 {
	t := r.in.Records
	index := make(map[string][]uint32, 2*t.N)
	for i := range uint32(t.N) {
		key := strings.Clone(t.RecordKey(i))
		channel, source := strings.ToLower(t.Channels[t.Channel[i]]), strings.ToLower(t.Sources[t.Source[i]])
		index[key] = append(index[key], i)
		index[channel+"/"+key] = []uint32{i}
		index[source+"/"+key] = []uint32{i}
	}
	return index
}

// find is the records that a name of the truth means.
func (t *truth) find(name string) []uint32 {
	if found, ok := t.index[name]; ok {
		t.out.Named++
		return found
	}
	if channel, key, ok := strings.Cut(name, "/"); ok {
		if found, ok := t.index[strings.ToLower(channel)+"/"+key]; ok {
			t.out.Named++
			return found
		}
	}
	t.out.Absent++
	return nil
}

func (t *truth) entity(name, entity string) {
	if t.numbers == nil {
		t.numbers = map[string]uint32{}
	}
	number, ok := t.numbers[entity]
	if !ok {
		number = uint32(len(t.numbers))
		t.numbers[strings.Clone(entity)] = number
	}
	for _, rec := range t.find(name) {
		t.entities[rec] = number
	}
}

func (t *truth) pair(a, b string) {
	left, right := t.find(a), t.find(b)
	for _, x := range left {
		for _, y := range right {
			t.pairs = append(t.pairs, evaluate.Pair{A: min(x, y), B: max(x, y)})
		}
	}
}
