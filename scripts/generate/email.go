package main

// email is an e-mail address, kept as what it is made of.
type email struct {
	given  *term // nil for no address
	last   *surname
	style  int
	number uint64 // no two people's addresses have the same
	domain string
}

// domains end in .alt, which RFC 9476 keeps out of the domain name system:
// nobody ever reads mail sent to an address of this generator. (The domains
// that RFC 2606 reserves for examples would not do: Concord takes them for the
// placeholders that they are.)
var domains = []string{
	"mailbox.alt", "post.alt", "inbox.alt", "fastpost.alt", "webmail.alt", "online.alt",
	"mymail.alt", "letterbox.alt", "home.alt", "cable.alt", "fibre.alt", "freemail.alt",
	"student.alt", "acme.alt", "contoso.alt", "works.alt",
}

func drawEmail(given *term, family *surname, number uint64, s *stream) email {
	d := s.n(len(domains)) * s.n(len(domains)) / len(domains)
	return email{given: given, last: family, style: s.n(6), number: scatter(number), domain: domains[d]}
}

// append writes the address, in lower case and Latin letters. With a tag, mail
// providers that know plus-tags deliver it all the same.
func (e *email) append(dst []byte, c *country, female bool, tag string) []byte {
	given := e.given.in(false, 0)
	switch e.style {
	case 0, 1:
		dst = e.family(letters(dst, given), c, female, '.')
	case 2:
		dst = e.family(letters(dst, given[:1]), c, female, 0)
	case 3:
		dst = letters(dst, given)
	case 4:
		dst = e.family(letters(dst, given), c, female, '_')
	case 5:
		dst = letters(append(e.family(dst, c, female, 0), '.'), given[:1])
	default: // a family's
		dst = e.family(append(dst, "family"...), c, false, '.')
	}
	dst = padded(dst, int(e.number), 1)
	if tag != "" {
		dst = append(append(dst, '+'), tag...)
	}
	return append(append(dst, '@'), e.domain...)
}

// family writes the family name after a joint, 0 for none.
func (e *email) family(dst []byte, c *country, female bool, joint byte) []byte {
	if joint != 0 {
		dst = append(dst, joint)
	}
	var buf [64]byte
	return letters(dst, appendSurname(buf[:0], e.last.first, c, female, false, 0))
}

// familyStyle is the style of an address that a household shares.
const familyStyle = 6

// letters appends the ASCII letters of text in lower case.
func letters[T string | []byte](dst []byte, text T) []byte {
	for i := range len(text) {
		if b := text[i] | 0x20; b >= 'a' && b <= 'z' {
			dst = append(dst, b)
		}
	}
	return dst
}
