package main

import "path/filepath"

// controller is who decides on the data of both brands.
const controller = "Northwind"

// sightings are what the channels know of a person: consent attaches to
// nothing else.
type sightings struct {
	keys   [numChannels]uint64
	known  [numChannels]bool
	brands [numChannels]string  // of the record that keys names
	mails  [len(brandNames)]int // bit k: emails[k] appears in a record of the brand
	mobile [len(brandNames)]bool
	device uint64 // one of the person's own
}

var brandNames = [...]string{north, south}

func (g *sightings) see(channel int, r *record, p *person) {
	if !g.known[channel] {
		g.known[channel], g.keys[channel], g.brands[channel] = true, r.key, r.brand
	}
	b := b2i(r.brand == south)
	for k, shown := range r.mails {
		if shown {
			g.mails[b] |= 1 << k
		}
	}
	g.mobile[b] = g.mobile[b] || r.usesMobile
	for _, d := range r.devices {
		if d != 0 && d == p.devices[0] {
			g.device = d
		}
	}
}

// event is one row of the consent feed.
type event struct {
	kind          string
	value         []byte
	brand         string
	purpose       string
	channel       string
	state         string
	at            moment
	wholeDay      bool // the source knows the day only
	validUntil    day  // 0 for open
	basis         string
	jurisdiction  string
	noticeVersion string
	method        string
	scope         string
	confirmed     moment // 0 for never
	by            string
}

const consentHeader = "event_id,subject_kind,subject_value,controller,brand,purpose,channel,state,event_time,valid_until," +
	"legal_basis,jurisdiction,notice_id,notice_version,method,scope,confirmed_at,expressed_by\n"

// consentFile writes the consent feed: what a preference centre, paper forms
// and browsers reported, in no order of time.
type consentFile struct {
	sink
	line    line
	scratch []byte
	value   []byte
	id      uint64 // of the next event
	talk    dialogue
}

func newConsents(root string) *consentFile {
	return &consentFile{
		sink: sink{folder: filepath.Join(root, "consent"), ext: ".csv", limit: partLimit, header: []byte(consentHeader)},
		line: line{delim: ','},
	}
}

// maxEvents bounds a person's events; event ids are numbered by it.
const maxEvents = 64

// addPerson writes everything a person said about consent.
func (f *consentFile) addPerson(seed uint64, p *person, seen *sightings) error {
	f.id = firstKey + p.index*maxEvents
	d := &f.talk
	*d = dialogue{file: f, person: p, stream: newStream(seed, tagConsent, p.index), jurisdiction: p.address(today).city.jurisdiction}
	s := &d.stream
	if p.age(today) < 16 && s.chance(5000) {
		d.by = "guardian"
	}
	for b, brand := range brandNames {
		d.brand = brand
		for k := range p.emails {
			if seen.mails[b]>>k&1 == 1 && s.chance(7500) {
				f.value = p.emails[k].append(f.value[:0], p.home.country, p.female, "")
				d.newsletter("email", f.value, "email")
			}
		}
		if seen.mobile[b] && s.chance(3500) {
			f.value = p.mobile.e164(f.value[:0])
			d.newsletter("phone", f.value, "sms")
		}
	}
	for _, channel := range []int{crm, webshop, loyalty} { // a call makes no account
		if seen.known[channel] {
			d.brand = seen.brands[channel]
			f.value = append(append(f.value[:0], styles[channel].name...), '/')
			f.value = appendKey(f.value, channel, seen.keys[channel])
			d.account(f.value)
		}
	}
	if seen.device != 0 && p.home.country.code == "US" && s.chance(800) {
		f.value = appendDevice(f.value[:0], seen.device)
		d.brand = south
		d.signal(f.value)
	}
	return d.err
}

// write appends an event to the feed.
func (f *consentFile) write(e *event) error {
	l, b := &f.line, f.scratch
	l.begin()
	b = padded(append(b[:0], 'E'), int(scatter(f.id)), 6)
	f.id++
	l.add(b)
	l.text(e.kind)
	l.add(e.value)
	l.text(controller)
	l.text(e.brand)
	l.text(e.purpose)
	l.text(e.channel)
	l.text(e.state)
	b = when(b[:0], e.at, e.wholeDay)
	l.add(b)
	b = b[:0]
	if e.validUntil != 0 {
		b = e.validUntil.iso(b)
	}
	l.add(b)
	l.text(e.basis)
	l.text(e.jurisdiction)
	notice := ""
	if e.noticeVersion != "" {
		notice = "privacy-" + e.brand
	}
	l.text(notice)
	l.text(e.noticeVersion)
	l.text(e.method)
	l.text(e.scope)
	b = b[:0]
	if e.confirmed != 0 {
		b = e.confirmed.rfc3339(b)
	}
	l.add(b)
	l.text(e.by)
	f.scratch = b
	return f.sink.write(l.end())
}

func when(dst []byte, at moment, wholeDay bool) []byte {
	if wholeDay {
		return at.day().iso(dst)
	}
	return at.rfc3339(dst)
}
