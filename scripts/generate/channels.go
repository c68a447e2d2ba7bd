package main

import (
	"path/filepath"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// appendKey writes a record's key as its channel does.
func appendKey(dst []byte, channel int, key uint64) []byte {
	switch channel {
	case crm:
		return padded(append(dst, "C-"...), int(key), 6)
	case webshop:
		return padded(append(dst, 'W'), int(key), 7)
	case loyalty:
		return padded(append(dst, "70"...), int(key), 8)
	}
	return padded(append(dst, "T-"...), int(key), 6)
}

// crmFile writes the CRM's extract: comma, UTF-8, one column per fact.
type crmFile struct {
	sink
	line    line
	scratch []byte
}

func newCRM(root string) *crmFile {
	return &crmFile{
		sink: sink{folder: filepath.Join(root, "crm"), ext: ".csv", limit: partLimit,
			header: []byte("contact_id,first_name,last_name,email,phone,street,city,state,postcode,country,birth_date,updated_at\n")},
		line: line{delim: ','},
	}
}

func (f *crmFile) add(r *record) error {
	l, b := &f.line, f.scratch
	l.begin()
	b = appendKey(b[:0], crm, r.key)
	l.add(b)
	l.add(r.given)
	b = append(b[:0], r.family...)
	if r.suffix != "" && len(b) > 0 {
		b = append(append(b, ' '), r.suffix...)
	}
	l.add(b)
	l.add(r.email)
	l.add(r.phones[0])
	b = append(append(b[:0], r.street...), r.unit...)
	l.add(b)
	l.add(r.city)
	l.add(r.region)
	l.add(r.postcode)
	l.add(r.country)
	b = b[:0]
	if r.birth != noBirth {
		b = r.birth.iso(b)
	}
	l.add(b)
	b = r.at.rfc3339(b[:0])
	l.add(b)
	f.scratch = b
	return f.write(l.end())
}

// callcentreFile writes the call centre's extract: semicolons, Windows-1252,
// everything quoted, dates as in Germany, notes that run over several lines.
type callcentreFile struct {
	sink
	line    line
	scratch []byte
	encoded []byte
}

func newCallcentre(root string) *callcentreFile {
	return &callcentreFile{
		sink: sink{folder: filepath.Join(root, "callcentre"), ext: ".csv", limit: partLimit,
			header: []byte("ticket;customer;phone;email;birth_date;street;postcode;city;country;brand;notes;called_at\n")},
		line: line{delim: ';', all: true},
	}
}

// notes are what agents type. They say nothing that identifies anybody.
var notes = []string{
	"", "", "asked about an open order", "wants a call back\nafter 18:00", "complained about delivery;\nvoucher sent",
	"changed her mind about the \"gold\" plan", "line was bad, please verify the spelling", "address updated\n\nas told by the customer", "wrong number?",
}

func (f *callcentreFile) add(r *record) error {
	l, b := &f.line, f.scratch
	l.begin()
	l.add(appendKey(b[:0], callcentre, r.key))
	b = append(b[:0], r.family...)
	if len(r.given) > 0 {
		b = append(append(b, ", "...), r.given...)
	}
	if r.title != "" {
		b = append(append(b, ' '), r.title...)
	}
	l.add(b)
	l.add(r.phones[0])
	l.add(r.email)
	b = b[:0]
	if r.birth != noBirth {
		b = r.birth.dotted(b)
	}
	l.add(b)
	b = append(append(b[:0], r.street...), r.unit...)
	l.add(b)
	l.add(r.postcode)
	l.add(r.city)
	l.add(r.country)
	l.text(r.brand)
	l.add(append(b[:0], notes[int(r.key%uint64(len(notes)))]...))
	b = r.at.clock(append(r.at.day().dotted(b[:0]), ' '), false)
	l.add(b)
	f.scratch = b
	f.encoded = windows1252(f.encoded[:0], l.end())
	return f.write(f.encoded)
}

// windows1252 appends UTF-8 text in that encoding; what it lacks becomes "?".
func windows1252(dst, text []byte) []byte {
	for len(text) > 0 {
		c, n := utf8.DecodeRune(text)
		text = text[n:]
		b, ok := charmap.Windows1252.EncodeRune(c)
		if !ok {
			b = '?'
		}
		dst = append(dst, b)
	}
	return dst
}

// webshopFile writes the shop's extract: one JSON object per line, gzip.
type webshopFile struct {
	sink
	buf []byte
}

func newWebshop(root string) *webshopFile {
	return &webshopFile{sink: sink{folder: filepath.Join(root, "webshop"), ext: ".jsonl.gz", limit: 2 * partLimit}}
}

func (f *webshopFile) add(r *record) error {
	b := append(f.buf[:0], `{"customer":{"id":"`...)
	b = appendKey(b, webshop, r.key)
	b = append(b, `","name":{"first":`...)
	b = jsonString(b, r.given)
	b = append(b, `,"last":`...)
	b = jsonString(b, r.family)
	b = append(b, `},"emails":[`...)
	if len(r.email) > 0 {
		b = jsonString(b, r.email)
		if len(r.email2) > 0 {
			b = jsonString(append(b, ','), r.email2)
		}
	}
	b = append(b, `]},"shipping":`...)
	b = f.shipping(b, r)
	b = append(b, `,"device_ids":[`...)
	for i, d := range r.devices {
		if d != 0 {
			if i > 0 && r.devices[0] != 0 {
				b = append(b, ',')
			}
			b = append(appendDevice(append(b, '"'), d), '"')
		}
	}
	b = append(b, `],"created_at":"`...)
	b = append(r.at.rfc3339(b), "\"}\n"...)
	f.buf = b
	return f.write(b)
}

// shipping writes the address, or null.
func (f *webshopFile) shipping(b []byte, r *record) []byte {
	if len(r.street) == 0 && len(r.city) == 0 {
		return append(b, "null"...)
	}
	b = append(b, `{"street":"`...)
	b = jsonText(jsonText(b, r.street), r.unit)
	b = append(b, `","city":`...)
	b = jsonString(b, r.city)
	b = append(b, `,"state":`...)
	b = jsonString(b, r.region)
	b = append(b, `,"postcode":`...)
	b = jsonString(b, r.postcode)
	b = append(b, `,"country":`...)
	return append(jsonString(b, r.country), '}')
}

// jsonString appends a JSON string, null for an empty value.
func jsonString(dst, value []byte) []byte {
	if len(value) == 0 {
		return append(dst, "null"...)
	}
	return append(jsonText(append(dst, '"'), value), '"')
}

// jsonText appends the inside of a JSON string.
func jsonText(dst, value []byte) []byte {
	for _, c := range value {
		if c == '"' || c == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, c)
	}
	return dst
}

// appendDevice writes a device id in the form of a version 4 UUID (RFC 9562).
func appendDevice(dst []byte, id uint64) []byte {
	hi, lo := mix(id), mix(id+1)
	hi = hi&^0xf000 | 0x4000
	lo = lo&^(0xc000<<48) | 0x8000<<48
	for i := 15; i >= 0; i-- {
		dst = append(dst, "0123456789abcdef"[hi>>(4*i)&15])
		if i == 8 || i == 4 {
			dst = append(dst, '-')
		}
	}
	dst = append(dst, '-')
	for i := 15; i >= 0; i-- {
		dst = append(dst, "0123456789abcdef"[lo>>(4*i)&15])
		if i == 12 {
			dst = append(dst, '-')
		}
	}
	return dst
}
