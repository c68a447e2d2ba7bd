package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"concord/jobs/engine"
	"concord/schemas/job"
)

// seenFeed notes every row that it is given.
type seenFeed struct {
	mu   sync.Mutex
	rows map[string]int // "object row: texts", how often
	busy map[int]bool   // by worker
	err  error
}

func (f *seenFeed) Take(worker int, t *Texts, lo, hi uint32) error {
	f.mu.Lock()
	if f.busy[worker] {
		f.err = fmt.Errorf("worker %d was called twice at once", worker)
	}
	f.busy[worker] = true
	f.mu.Unlock()
	rows := make([]string, 0, hi-lo)
	for r := lo; r < hi; r++ {
		object, number := t.Place(r)
		row := fmt.Sprint(object, " ", number, ":")
		for i := range t.Names {
			row += " " + strings.Clone(t.Text(i, r))
		}
		rows = append(rows, row)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, row := range rows {
		f.rows[row]++
	}
	f.busy[worker] = false
	return f.err
}

func readFeed(t *testing.T, workers int, files extracts, give func(*Texts) (Feed, error)) (*Result, error) {
	t.Helper()
	j, err := job.Parse("job.yaml", []byte(jobHead+"  said: {kind: consent, read: \"said*.csv\"}\n  crm: {read: crm.csv, key: id, fields: {city: city}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return Read(context.Background(), j, files, engine.Local{Count: workers}, Options{ReferenceYear: 2026, Feed: give})
}

// Every row of a consent channel reaches the feed once, with its texts and
// where it was read, at any number of workers, over several batches and
// objects, one of them empty.
func TestFeedIsGivenEveryRowOnce(t *testing.T) {
	const n = 20_000
	var b strings.Builder
	b.WriteString("subject_value,state\n")
	for i := range n {
		fmt.Fprintf(&b, "c%d,given\n", i)
	}
	files := extracts{
		"crm.csv": "id,city\n1,Leeds\n", "said1.csv": b.String(), "said2.csv": "subject_value,state\n",
		"said3.csv": "state,subject_value\ngiven,last\nrefused,x,y,z\nrefused,really last\n",
	}
	for workers := 1; workers <= 4; workers++ {
		f := &seenFeed{rows: map[string]int{}, busy: map[int]bool{}}
		r, err := readFeed(t, workers, files, func(t *Texts) (Feed, error) {
			if t.Channel != "said" || t.Len() != 0 {
				return nil, errors.New("the feed was asked for another channel, or too late")
			}
			return f, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(f.rows) != n+2 {
			t.Fatalf("%d workers: %d different rows, want %d", workers, len(f.rows), n+2)
		}
		at := func(object string, row int, state, subject string) string {
			texts := map[string]string{"state": state, "subject_value": subject}
			want := fmt.Sprint(object, " ", row, ":")
			for _, name := range r.Events[0].Names {
				want += " " + texts[name]
			}
			return want
		}
		wants := []string{at("said3.csv", 1, "given", "last"), at("said3.csv", 3, "refused", "really last")}
		for _, i := range []int{0, 8191, 8192, n - 1} {
			wants = append(wants, at("said1.csv", i+1, "given", fmt.Sprint("c", i)))
		}
		for _, want := range wants {
			if f.rows[want] != 1 {
				t.Errorf("%d workers: the row %q came %d times", workers, want, f.rows[want])
			}
		}
		if o := r.Objects[3]; o.Key != "said3.csv" || o.Read != 3 || o.Quarantined != 1 || o.Accepted != 2 {
			t.Errorf("account %+v", o)
		}
	}
}

// A feed that fails ends the run, and the error says where.
func TestFeedMayFail(t *testing.T) {
	broken := errors.New("broken")
	files := extracts{"crm.csv": "id,city\n1,Leeds\n", "said.csv": "subject_value,state\na,given\n"}
	_, err := readFeed(t, 2, files, func(*Texts) (Feed, error) {
		return &seenFeed{rows: map[string]int{}, busy: map[int]bool{}, err: broken}, nil
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), `channel "said" object "said.csv"`) {
		t.Errorf("got %v", err)
	}
	if r, err := readFeed(t, 2, files, nil); err != nil || r.Objects[1].Accepted != 1 {
		t.Errorf("without a feed rows are counted: %v", err)
	}
}
