package consent

import (
	"encoding/binary"
	"slices"
	"strings"

	schema "concord/schemas/consent"
)

// Cells are the texts of a row, each at the place of its field in [Fields].
type Cells [numFields]string

const numFields = 27

// fieldPlace is the place of a field in Cells.
var fieldPlace = func() map[Field]int {
	places := map[Field]int{}
	for i, f := range Fields() {
		places[f] = i
	}
	return places
}()

// Place is where Cells hold a field, -1 for what is no field.
func Place(f Field) int {
	if i, ok := fieldPlace[f]; ok {
		return i
	}
	return -1
}

func (c *Cells) row(f Field) string { return c[fieldPlace[f]] }

// The places of the fields that are an event's own. The others repeat: a feed
// has a handful of purposes, notices and methods.
var (
	atRef        = Place(FieldEventID)
	atSubject    = Place(FieldSubjectValue)
	atTime       = Place(FieldEventTime)
	atUntil      = Place(FieldValidUntil)
	atConfirmed  = Place(FieldConfirmed)
	atConfirmAt  = Place(FieldConfirmedAt)
	atEvidence   = Place(FieldEvidence)
	atSupersedes = Place(FieldSupersedes)

	repeating = func() (places []int) {
		own := []int{atRef, atSubject, atTime, atUntil, atConfirmed, atConfirmAt, atEvidence, atSupersedes}
		for i := range numFields {
			if !slices.Contains(own, i) {
				places = append(places, i)
			}
		}
		return places
	}()
)

// maxPatterns bounds the memory of a parser: rows beyond so many patterns are
// each read as if they were the first.
const maxPatterns = 1 << 12

// ParseCells is [Parser.Parse] of the same row. What the repeating fields say
// is read once for each combination of their texts; a row with anything wrong
// in it is read by Parse.
func (p *Parser) ParseCells(c *Cells) Reading {
	p.key = p.key[:0]
	for _, i := range repeating {
		p.key = binary.AppendUvarint(p.key, uint64(len(c[i])))
		p.key = append(p.key, c[i]...)
	}
	pattern, known := p.patterns[string(p.key)]
	if !known {
		reading := p.Parse(c.row)
		if len(reading.Problems) == 0 && reading.Suppression == nil && len(reading.Preferences) == 0 && len(p.patterns) < maxPatterns {
			p.learn(c)
		}
		return reading
	}
	r := reader{p: p}
	e := *pattern
	e.Ref, e.Evidence = strings.TrimSpace(c[atRef]), strings.TrimSpace(c[atEvidence])
	if c[atSupersedes] != "" {
		e.Supersedes = list(c[atSupersedes])
	}
	r.subject(&e, strings.TrimSpace(c[atSubject]))
	r.times(&e, timeTexts{strings.TrimSpace(c[atTime]), strings.TrimSpace(c[atUntil]), strings.TrimSpace(c[atConfirmed]), strings.TrimSpace(c[atConfirmAt])})
	if len(r.problems) > 0 {
		return p.Parse(c.row)
	}
	return Reading{Event: e}
}

// learn keeps what the repeating fields of a row without problems say.
func (p *Parser) learn(c *Cells) {
	if p.patterns == nil {
		p.patterns = map[string]*schema.Event{}
	}
	var kept Cells // c's texts need not live as long
	for i := range kept {
		kept[i] = strings.Clone(c[i])
	}
	e := p.Parse(kept.row).Event
	e.Ref, e.Evidence, e.Supersedes = "", "", nil
	e.Anchor.Hash, e.Time = [32]byte{}, schema.Interval{}
	p.patterns[string(p.key)] = &e
}
