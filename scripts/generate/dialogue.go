package main

// dialogue is one person's statements, in the order in which they are drawn.
type dialogue struct {
	file         *consentFile
	person       *person
	stream       stream
	jurisdiction string
	brand        string
	by           string
	err          error
}

func (d *dialogue) say(e event) {
	e.brand, e.jurisdiction, e.by = d.brand, d.jurisdiction, d.by
	if d.err == nil {
		d.err = d.file.write(&e)
	}
}

// recent draws a moment of the last two years.
func (d *dialogue) recent() moment {
	return moment(asOf.Unix()) - 1 - moment(d.stream.n(720*86400))
}

// later draws a moment between at and the end of the world.
func (d *dialogue) later(at moment) moment {
	return at + 1 + moment(d.stream.n(int(moment(asOf.Unix())-at)))
}

// newsletter is the story of one address and one brand's marketing: asked,
// granted or refused, sometimes limited, withdrawn, granted again, objected to.
func (d *dialogue) newsletter(kind string, value []byte, channel string) {
	s := &d.stream
	e := event{
		kind: kind, value: value, purpose: "marketing.communications", channel: channel,
		state: "given", at: d.recent(), basis: "consent", method: "web_form", noticeVersion: "2024-2",
	}
	if e.at.day() >= date(2025, 7, 1) {
		e.noticeVersion = "2025-1"
	}
	switch {
	case s.chance(1000):
		e.state = "refused"
	case s.chance(2000): // on paper: the day is known, the hour is not
		e.method, e.wholeDay = "paper_form", true
	case d.softOptIn() && s.chance(2500):
		e.method, e.basis = "purchase", "legitimate_interests"
	}
	d.confirm(&e)
	if e.state == "given" && s.chance(1000) {
		e.validUntil = e.at.day() + day(s.between(90, 500))
	}
	d.say(e)
	d.denial(e)
}

// softOptIn tells whether a purchase stands in for consent where the person
// lives.
func (d *dialogue) softOptIn() bool {
	c := d.person.home.country.code
	return c == "GB" || c == "FR" || c == "ES" || c == "GR"
}

// confirm adds the second step of a double opt-in: asked of everybody in
// Germany, where some never take it, and of some elsewhere.
func (d *dialogue) confirm(e *event) {
	german := d.person.home.country.code == "DE"
	if e.state != "given" || e.method != "web_form" || !german && !d.stream.chance(1500) {
		return
	}
	e.method = "double_opt_in"
	if d.stream.chance(8000) {
		e.confirmed = min(e.at+moment(d.stream.between(20, 86400)), moment(asOf.Unix())-1)
	}
}

// denial follows a grant now and then.
func (d *dialogue) denial(granted event) {
	s := &d.stream
	if granted.state != "given" {
		return
	}
	no := event{
		kind: granted.kind, value: granted.value, purpose: granted.purpose, channel: granted.channel,
		state: "withdrawn", at: granted.at, wholeDay: granted.wholeDay, method: "unsubscribe_link",
	}
	switch {
	case s.chance(150): // at the very time of the grant: the denial wins
	case s.chance(200): // on the day of a grant that knows the day only
		no.wholeDay = true
	case s.chance(1300):
		no.at, no.wholeDay = d.later(granted.at), s.chance(1500)
		d.say(no)
		if s.chance(2000) {
			granted.at, granted.state, granted.wholeDay = d.later(no.at), "renewed", false
			granted.validUntil, granted.confirmed = 0, 0
			granted.method = "web_form"
			d.confirmAgain(&granted)
			d.say(granted)
		}
		return
	case s.chance(150): // by the person, against all marketing of the brand
		no.state, no.channel, no.scope, no.method = "objected", "*", "person", "letter"
		no.at, no.wholeDay = d.later(granted.at), true
	default:
		return
	}
	d.say(no)
}

// confirmAgain confirms a renewal where that is asked.
func (d *dialogue) confirmAgain(e *event) {
	if d.person.home.country.code == "DE" {
		e.method, e.confirmed = "double_opt_in", min(e.at+60, moment(asOf.Unix())-1)
	}
}

// account is what the settings of an account say about the person rather than
// an address.
func (d *dialogue) account(value []byte) {
	s := &d.stream
	about := func(purpose, state string) {
		d.say(event{kind: "account", value: value, purpose: purpose, channel: "*", state: state, at: d.recent(),
			basis: "consent", method: "account_settings", noticeVersion: "2024-2"})
	}
	switch {
	case s.chance(5500):
		about("analytics.reporting", "given")
	case s.chance(1500):
		about("analytics.reporting", "refused")
	}
	if s.chance(2000) {
		about("personalize.recommendations", "given")
	}
	if s.chance(60) { // never to be linked with other records
		about("operations.identity_resolution", "refused")
	}
}

// signal is a browser that sends Global Privacy Control: do not sell or share.
func (d *dialogue) signal(device []byte) {
	d.say(event{kind: "device", value: device, purpose: "third_party_sharing", channel: "*", state: "do_not_sell",
		at: d.recent(), method: "gpc", scope: "person"})
}
