package survey

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"concord/jobs/ingest"
	"concord/schemas/attribute"
)

// timeCandidate is a column that may be the event time, with what all rows
// say. It reads times as the run will.
type timeCandidate struct {
	column  string
	rank    int // by name: higher is likelier
	filled  int64
	bad     int64            // rows that read as no time in any order
	open    map[string]int64 // rows by text that needs an order of day and month
	reading ingest.EventTimes
}

// maxOpen bounds the texts kept until the order of day and month is known:
// a tenth of them proves it, if anything does.
const maxOpen = 10_000

func (t *timeCandidate) see(c cells, rows int) {
	for row := range rows {
		for text := range c.of(row) {
			if text == "" {
				continue
			}
			t.filled++
			if _, ok := t.reading.Read(text); ok {
				continue
			}
			if _, known := t.open[text]; known || len(t.open) < maxOpen {
				t.open[text]++
			}
		}
	}
}

// settle learns the order of day and month from all texts that need one. It
// reports false when nothing proves it, or both are proved.
func (t *timeCandidate) settle() bool {
	if !t.reading.Learn(maps.Keys(t.open)) {
		return false
	}
	for text, rows := range t.open {
		if _, ok := t.reading.Read(text); !ok {
			t.bad += rows
		}
	}
	return true
}

// timeCandidates are the columns that may be the event time, the likeliest
// first: by name, if nothing speaks against dates in them.
func timeCandidates(columns []column, fields []Field) []timeCandidate {
	var all []timeCandidate
	for i := range columns {
		c := &columns[i]
		rank := timeRank(c.name)
		if rank == 0 || c.list || 2*c.filled < c.rows || fields[i].Type != attribute.TypeDate && fields[i].Type != "" {
			continue
		}
		all = append(all, timeCandidate{column: c.name, rank: rank, open: map[string]int64{}, reading: ingest.EventTimes{Zone: time.UTC}})
	}
	slices.SortStableFunc(all, func(a, b timeCandidate) int { return cmp.Compare(b.rank, a.rank) })
	return all[:min(len(all), maxCandidates)]
}

// timeWords rank the words of event-time columns: when the record was last
// changed says most about which value is the newest, when it was made least.
var timeWords = []struct {
	rank  int
	words map[string]bool
}{
	{5, wordSet("updated modified changed update modification lastupdate lastmodified updatedat modifiedat geandert geaendert aktualisiert actualizado modifie")},
	{4, wordSet("seen login active activity visit contacted lastseen lastlogin")},
	{3, wordSet("event timestamp ts datetime time effective recorded extracted snapshot asof")},
	{2, wordSet("created registered signup joined submitted opened entered added inserted registration creation createdat erstellt angelegt alta creado cree")},
	{1, wordSet("date datum fecha data")},
}

// notEventTime are words of dates that say something else: of birth, of the
// end of something, of a purchase.
var notEventTime = wordSet("birth dob born death expiry expires expired valid until end ends due paid start begin next previous first consent optin opt deleted closed resolved issued geburt nacimiento")

// timeRank is how much a column's name speaks for being the event time.
func timeRank(name string) int {
	words := wordsOf(name)
	if slices.ContainsFunc(words, func(w string) bool { return notEventTime[w] }) {
		return 0
	}
	if len(words) == 0 {
		return 0
	}
	last := words[len(words)-1]
	words = append(words, strings.Join(words, ""))
	for _, t := range timeWords {
		if slices.ContainsFunc(words, func(w string) bool { return t.words[w] }) {
			return t.rank
		}
	}
	if last == "at" || last == "am" {
		return 1 // called_at, versandt am
	}
	return 0
}

// settleTime chooses the likeliest column whose values the run can read.
func (c *Channel) settleTime(all []timeCandidate) {
	for i := range all {
		t := &all[i]
		switch {
		case t.filled == 0:
		case !t.settle():
			c.Notes = append(c.Notes, fmt.Sprintf("event_time: {column: %s, date_order: dmy}  # its dates read day first or month first and nothing proves which: choose dmy or mdy", t.column))
		case 100*t.bad > t.filled:
			c.Notes = append(c.Notes, fmt.Sprintf("event_time: %s  # %d of %d values are no time that can be read: their rows would go to quarantine", t.column, t.bad, t.filled))
		default:
			why := fmt.Sprintf("named like a time of change; %d of %d rows have one", t.filled, c.Rows)
			if t.rank < 4 {
				why = fmt.Sprintf("the best there is for telling newer from older; %d of %d rows have one", t.filled, c.Rows)
			}
			if t.bad > 0 {
				why += fmt.Sprintf(", %d cannot be read", t.bad)
			}
			c.EventTime = Choice{t.column, Guess{min(0.95, 0.5+0.09*float64(t.rank)), why}}
			c.DateOrder = t.reading.Order
			return
		}
	}
}
