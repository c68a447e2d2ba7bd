package extract

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// cleanName is a header cell as a column name.
func cleanName(cell string) string { return strings.TrimSpace(cell) }

// nameWords are words that column names of customer extracts are made of, in
// the languages such extracts mostly come in.
var nameWords = func() map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(`
		id key code ref uid uuid guid name first last full given family middle surname forename title prefix suffix
		email mail phone mobile tel telephone fax address addr street house unit city town suburb state region
		province county country zip postcode postal date time day month year birth dob born age sex gender
		created updated modified deleted signup login seen at on type status source channel brand segment tier
		plan company organisation organization employer account customer client user member contact person
		number no num nr count total amount price currency value score rank language locale device ip note notes
		comment description category group cluster data record is has flag active opt consent ssn passport license
		vorname nachname familienname strasse straße plz ort land geburtsdatum geschlecht telefon kunde kundennummer
		anrede firma nom prenom prénom rue ville pays adresse naissance sexe client nombre apellido apellidos calle
		ciudad pais país fecha correo telefono teléfono nome cognome indirizzo citta città data nascita voornaam
		achternaam straat plaats geboortedatum`) {
		set[w] = true
	}
	return set
}()

// sniffHeader decides whether the first row names the columns: it speaks for
// names when a cell is made of such words or differs in kind from the cells
// below it, and against when it is itself a number, date or address, occurs
// again below, or repeats another. Most extracts have a header, so no evidence
// at all leans that way, weakly.
func sniffHeader(rows [][]string, given []string) Guess {
	if len(rows) == 0 {
		return Guess{"header", "true", 0.5, "no rows"}
	}
	if len(given) > 0 && sameNames(rows[0], given) {
		return Guess{"header", "true", 1, "the first row holds the given names"}
	}
	first, below := rows[0], rows[1:]
	score, names, values := 0.5, 0, 0
	for i, cell := range first {
		v := headerVote(cell, first[:i], column(below, i))
		switch {
		case v > 0:
			names++
		case v < 0:
			values++
		}
		score += v
	}
	sure := 1 - math.Exp(-math.Abs(score)) // one clear cell ≈ 0.8, four ≈ 1
	sure = math.Round((0.5+sure/2)*100) / 100
	reason := fmt.Sprintf("%d of %d cells in the first row read like names, %d like values", names, len(first), values)
	if score < 0 {
		return Guess{"header", "false", sure, reason}
	}
	return Guess{"header", "true", sure, reason}
}

func headerVote(cell string, left, below []string) float64 {
	cell = cleanName(cell)
	if cell == "" {
		return -0.1
	}
	for _, l := range left {
		if cleanName(l) == cell {
			return -1
		}
	}
	kind, usual := cellKind(cell), usualKind(below)
	switch {
	case kind != kindWord && kind != kindText:
		return -2
	case isNameLike(cell):
		return 1.5
	case usual != kindNone && usual != kindWord && usual != kindText:
		return 1.5
	}
	for _, b := range below {
		if b == cell {
			return -1
		}
	}
	if usual == kind && letterCase(cell) == usualCase(below) {
		return -0.4
	}
	return 0.2
}

// isNameLike tells whether at least half of the cell's words are such as
// column names are made of, or it is written_like_one. Values that hold such a
// word ("12 Main Street") begin with a digit or hold more of other words.
func isNameLike(cell string) bool {
	if len(cell) > 64 || unicode.IsDigit(rune(cell[0])) {
		return false
	}
	known, words := 0, 0
	for _, w := range strings.FieldsFunc(splitCamel(cell), func(r rune) bool { return !unicode.IsLetter(r) }) {
		words++
		if nameWords[strings.ToLower(w)] {
			known++
		}
	}
	return known > 0 && known*2 >= words || strings.Contains(cell, "_") && !strings.ContainsAny(cell, " @")
}

// splitCamel puts a space before each capital that follows a small letter.
func splitCamel(s string) string {
	var b strings.Builder
	small := false
	for _, r := range s {
		if small && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		b.WriteRune(r)
	}
	return b.String()
}

type kind uint8

const (
	kindNone kind = iota
	kindWord      // letters, perhaps with _ - . and spaces
	kindText      // anything else
	kindNumber
	kindDate // digits with - / : .
	kindEmail
)

func cellKind(s string) kind {
	if s == "" {
		return kindNone
	}
	var letters, digits, marks, others int
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		case strings.ContainsRune("-/:. _+()", r):
			marks++
		default:
			others++
		}
	}
	switch {
	case strings.Count(s, "@") == 1 && !strings.Contains(s, " ") && letters > 0:
		return kindEmail
	case digits > 0 && letters <= 1 && others == 0 && marks > 1:
		return kindDate
	case digits > 0 && letters == 0 && others <= 2:
		return kindNumber
	case digits*2 > letters && digits > 2:
		return kindNumber // codes such as CRM_000017
	case digits == 0 && others == 0:
		return kindWord
	}
	return kindText
}

// usualKind is the kind of at least four fifths of the cells that are not
// empty, kindText when there is no such kind.
func usualKind(cells []string) kind {
	var counts [kindEmail + 1]int
	total := 0
	for _, c := range cells {
		if k := cellKind(cleanName(c)); k != kindNone {
			counts[k]++
			total++
		}
	}
	if total == 0 {
		return kindNone
	}
	for k, n := range counts {
		if n*5 >= total*4 {
			return kind(k)
		}
	}
	return kindText
}

// letterCase sorts cells into lower, Title, UPPER and the rest.
func letterCase(s string) byte {
	switch {
	case s == strings.ToUpper(s):
		return 'U'
	case s == strings.ToLower(s):
		return 'l'
	case unicode.IsUpper([]rune(s)[0]):
		return 'T'
	}
	return '?'
}

func usualCase(cells []string) byte {
	counts := make(map[byte]int)
	total := 0
	for _, c := range cells {
		if c != "" {
			counts[letterCase(c)]++
			total++
		}
	}
	for _, k := range []byte("lTU") {
		if counts[k]*5 >= total*4 {
			return k
		}
	}
	return '?'
}

func column(rows [][]string, i int) []string {
	var out []string
	for _, r := range rows {
		if i < len(r) {
			out = append(out, r[i])
		}
	}
	return out
}

func sameNames(cells, names []string) bool {
	if len(cells) != len(names) {
		return false
	}
	for i := range cells {
		if !strings.EqualFold(cleanName(cells[i]), cleanName(names[i])) {
			return false
		}
	}
	return true
}
