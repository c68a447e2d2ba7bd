package normalize

import (
	"strings"
	"unicode"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// readEmail reads an e-mail address, also as "Name <a@b>" or "mailto:a@b".
// Several in one cell, separated by commas, semicolons or spaces, are several
// values. Domains are compared in their own script, so that an address with a
// Punycode domain equals the one without.
func readEmail(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	if !strings.ContainsAny(s, emailBreaks) && strings.Contains(s, "@") && !strings.Contains(s, "@@") {
		return append(out, email(s)) // one address and nothing else
	}
	s = mendAt(s)
	at := len(out)
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(emailBreaks, r) }) {
		if strings.Contains(part, "@") {
			out = append(out, email(part))
		}
	}
	if len(out) == at {
		return problem(out, attribute.Email, BadEmail)
	}
	return dropRepeats(out, at)
}

// mendAt puts an @ where people write it otherwise: with spaces around it, twice,
// or as "(at)" and " at " to hide an address from machines.
func mendAt(s string) string {
	if !strings.Contains(s, "@") {
		return spelledOut.Replace(strings.ToLower(s))
	}
	if strings.Count(s, "@") == 1 {
		return spacedAt.Replace(s)
	}
	return strings.ReplaceAll(s, "@@", "@")
}

var (
	spelledOut = strings.NewReplacer(" (at) ", "@", "(at)", "@", " [at] ", "@", "[at]", "@", " at ", "@",
		" (dot) ", ".", "(dot)", ".", " [dot] ", ".", "[dot]", ".", " dot ", ".")
	spacedAt = strings.NewReplacer(" @ ", "@", " @", "@", "@ ", "@")
)

// emailBreaks part the addresses of a cell.
const emailBreaks = ";, <>|"

// dropRepeats removes values from at on that repeat an earlier one's forms.
func dropRepeats(out []Value, at int) []Value {
	kept := out[:at]
next:
	for _, v := range out[at:] {
		for _, k := range kept[at:] {
			if k.Canonical == v.Canonical && k.Shown == v.Shown && k.Problem == v.Problem {
				continue next
			}
		}
		kept = append(kept, v)
	}
	return kept
}

func email(s string) Value {
	bad := Value{Attribute: attribute.Email, Problem: BadEmail}
	s = strings.Trim(strings.ToLower(s), `"'()[]:.`)
	s = strings.TrimPrefix(s, "mailto:")
	i := strings.LastIndexByte(s, '@')
	if i < 1 {
		return bad
	}
	local, ok := localPart(s[:i])
	if !ok {
		return bad
	}
	domain, ok := emailDomain(s[i+1:])
	if !ok {
		return undeliverable(local, s[i+1:])
	}
	canon := canonicalLocal(local, domain)
	if canon == "" {
		return bad
	}
	if isJunkEmail(local, domain) {
		return Value{Attribute: attribute.Email, Flags: table.Junk}
	}
	v := Value{Attribute: attribute.Email, Shown: local + "@" + domain}
	v.Canonical = v.Shown
	if d := canonicalDomain(domain); canon != local || d != domain {
		v.Canonical = canon + "@" + d
	}
	if isRole(canon) {
		v.Flags |= table.Role
	}
	if isDisposable(domain) {
		v.Flags |= table.Disposable
	}
	return v
}

// undeliverable keeps an address whose domain cannot exist but can be read,
// such as one that lost its dot: its canonical form matches near it, marked
// uncertain, and it is shown to nobody.
func undeliverable(local, domain string) Value {
	v := Value{Attribute: attribute.Email}
	letters := 0
	for _, r := range domain {
		switch {
		case unicode.IsLetter(r):
			letters++
		case !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '-' && r != '.':
			letters = -1 << 20
		}
	}
	local = canonicalLocal(local, domain)
	if letters < 4 || local == "" || len(domain) > 253 {
		v.Problem = BadEmail
		return v
	}
	v.Canonical, v.Flags = local+"@"+strings.Trim(domain, ".-"), table.Uncertain
	return v
}

// localPart checks the part before the @: the dot-atom of RFC 5321 section
// 4.1.2 with letters of any script (RFC 6531). Quoted local parts, which no
// provider gives out, are refused; stray dots, which some do, are accepted.
func localPart(s string) (string, bool) {
	s = strings.Trim(s, "'")
	if s == "" || len(s) > 64 {
		return "", false
	}
	for _, r := range s {
		if r < 0x80 && !isAtomByte(byte(r)) || r >= 0x80 && !isWordRune(r) {
			return "", false
		}
	}
	return s, true
}

// isAtomByte tells whether an ASCII character may stand in a local part.
func isAtomByte(c byte) bool {
	return isASCIILetter(c) || isDigit(c) || strings.IndexByte("!#$%&'*+-/=?^_{|}~.", c) >= 0
}

// isWordRune tells whether r is a letter, a mark or a digit of any script.
func isWordRune(r rune) bool {
	if r < 0x80 {
		return isASCIILetter(byte(r)) || isDigit(byte(r))
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// emailDomain checks the part behind the @: at least two labels of letters,
// digits and inner hyphens, the last one not all digits.
func emailDomain(s string) (string, bool) {
	s = strings.TrimSuffix(s, ".")
	if len(s) > 253 {
		return "", false
	}
	labels, encoded := 0, false
	var last string
	for rest := s; ; labels++ {
		l, tail, more := strings.Cut(rest, ".")
		if !isLabel(l) {
			return "", false
		}
		last, encoded = l, encoded || strings.Contains(l, "--")
		if !more {
			break
		}
		rest = tail
	}
	if encoded { // xn--: Punycode
		decoded := strings.Split(s, ".")
		for i := range decoded {
			decoded[i] = decodeLabel(decoded[i])
		}
		last, s = decoded[len(decoded)-1], strings.Join(decoded, ".")
	}
	if labels < 1 || allDigits(last) || len(last) < 2 {
		return "", false
	}
	return s, true
}

// isLabel checks one label of a domain.
func isLabel(l string) bool {
	if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
		return false
	}
	for _, r := range l {
		if r != '-' && !isWordRune(r) {
			return false
		}
	}
	return true
}

// canonicalLocal drops what a provider ignores: the plus-tag everywhere, the
// dots at Google.
func canonicalLocal(local, domain string) string {
	if i := strings.IndexByte(local, '+'); i > 0 {
		local = local[:i]
	}
	if canonicalDomain(domain) == "gmail.com" {
		local = strings.ReplaceAll(local, ".", "")
	}
	return strings.Trim(local, "'.")
}

func canonicalDomain(domain string) string {
	if domain == "googlemail.com" {
		return "gmail.com"
	}
	return domain
}

// roles are local parts that reach a function rather than a person.
var roles = rarely(wordSet("info sales support contact admin administrator office help helpdesk service services billing accounts accounting finance " +
	"invoice invoices orders order shop webmaster postmaster hostmaster abuse noreply no-reply donotreply do-not-reply marketing press media " +
	"jobs careers hr recruiting hello hi team mail email enquiries inquiries customerservice customercare reception security privacy legal " +
	"newsletter news subscribe unsubscribe root sysadmin it kontakt buchhaltung rechnung vertrieb verwaltung contacto ventas ayuda contatto"))

func isRole(local string) bool { return roles.has(local) }

// isDisposable looks up the domain and the domains above it.
func isDisposable(domain string) bool {
	for {
		if disposable().has(domain) {
			return true
		}
		_, rest, ok := strings.Cut(domain, ".")
		if !ok || !strings.Contains(rest, ".") {
			return false
		}
		domain = rest
	}
}

// fillerLocals are local parts that are a filler at any domain that repeats
// them or is one itself: none@none.com, test@test.com.
var fillerLocals = rarely(wordSet("test none noemail no na nomail no-email no_email asdf asdfasdf abc xxx xyz email mail user username name nobody null fake me someone example " +
	"unknown anonymous dummy noone na noname notprovided donthaveone refused declined nothing a aa aaa"))

var fillerDomains = wordSet("example.com example.org example.net example.de test.com test.de test.org test.net none.com noemail.com no.com fake.com email.test " +
	"domain.com nomail.com invalid.com asdf.com abc.com xxx.com mailinator.test noemail.invalid null.com unknown.com nobody.com nowhere.com nodomain.com")

var reservedTLDs = wordSet("example test invalid localhost local")

// isJunkEmail knows the domains that RFC 2606 reserves for examples, and
// fillers whose two halves are alike or both meaningless.
func isJunkEmail(local, domain string) bool {
	first, rest, _ := strings.Cut(domain, ".")
	tld := domain[strings.LastIndexByte(domain, '.')+1:]
	switch {
	case reservedTLDs[tld], first == "example" && !strings.Contains(rest, "."):
		return true
	case fillerLocals.has(local) && (fillerDomains[domain] || fillerLocals.has(first)):
		return true
	case local == first && len(local) <= 2:
		return true
	case fillerLocals.has(local) && strings.HasPrefix(local, "no") && len(local) > 4:
		return true
	}
	return len(local) >= 3 && local == first && strings.Count(local, local[:1]) == len(local)
}
