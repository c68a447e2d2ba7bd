package main

import (
	"errors"
	"path/filepath"
)

// options say what to generate.
type options struct {
	entities uint64 // 0 for no limit
	records  uint64 // stop after the entity that reaches so many; 0 for no limit
	seed     uint64
	dir      string
}

// totals are what was written.
type totals struct {
	entities, records, events uint64
	channels                  [numChannels]int64
}

// generator writes a population entity by entity. It holds one block of
// entities and the buffers of its files, and nothing that grows.
type generator struct {
	world    *world
	recorder recorder
	block    block

	crm        *crmFile
	webshop    *webshopFile
	loyalty    *loyaltyFile
	callcentre *callcentreFile
	consents   *consentFile
	truth      *truthFile
}

func newGenerator(o options) (*generator, error) {
	w, err := newWorld(o.seed)
	if err != nil {
		return nil, err
	}
	root := filepath.Join(o.dir, "extracts")
	return &generator{
		world: w, crm: newCRM(root), webshop: newWebshop(root), loyalty: newLoyalty(root),
		callcentre: newCallcentre(root), consents: newConsents(root), truth: newTruth(o.dir),
	}, nil
}

// generate writes the population that o describes.
func generate(o options) (totals, error) {
	g, err := newGenerator(o)
	if err != nil {
		return totals{}, err
	}
	t, err := g.population(o)
	return t, errors.Join(err, g.close())
}

func (g *generator) population(o options) (totals, error) {
	var t totals
	for i := uint64(0); (o.entities == 0 || i < o.entities) && (o.records == 0 || t.records < o.records); i++ {
		if i%blockSize == 0 {
			g.world.fill(&g.block, i/blockSize)
		}
		n, err := g.entity(&g.block.people[i%blockSize], &t)
		if err != nil {
			return t, err
		}
		t.entities++
		t.records += uint64(n)
	}
	t.events = uint64(g.consents.rows)
	return t, nil
}

// entity writes the records, the consent events and the truth of one person.
func (g *generator) entity(p *person, t *totals) (int, error) {
	s := newStream(g.world.seed, tagRecords, p.index)
	n := drawSize(&s)
	if p.age(today) < 16 {
		n = min(n, 2)
	}
	var seen sightings
	for k := range n {
		channel := drawChannel(&s)
		r := g.recorder.make(g.world.seed, p, channel, k)
		if err := g.add(channel, r, &s); err != nil {
			return 0, err
		}
		if err := g.truth.add(channel, r); err != nil {
			return 0, err
		}
		seen.see(channel, r, p)
		t.channels[channel]++
	}
	return n, g.consents.addPerson(g.world.seed, p, &seen)
}

func drawChannel(s *stream) int {
	x := s.n(100)
	for i := range styles {
		if x < styles[i].share {
			return i
		}
		x -= styles[i].share
	}
	return crm
}

func (g *generator) add(channel int, r *record, s *stream) error {
	switch channel {
	case crm:
		if s.chance(40) { // the export holds an older state of the row as well
			old := *r
			old.at -= moment(s.between(1, 400*86400))
			old.phones[0] = nil
			if err := g.crm.add(&old); err != nil {
				return err
			}
		}
		return g.crm.add(r)
	case webshop:
		return g.webshop.add(r)
	case loyalty:
		return g.loyalty.add(r)
	}
	return g.callcentre.add(r)
}

func (g *generator) close() error {
	return errors.Join(g.crm.close(), g.webshop.close(), g.loyalty.close(), g.callcentre.close(), g.consents.close(), g.truth.close())
}
