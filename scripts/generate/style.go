package main

// The two brands of the example. The CRM and the loyalty scheme are north's,
// the shop is south's, and the call centre answers for both.
const (
	north = "north"
	south = "south"
)

// style is how one channel distorts what is true. Probabilities are of 10,000.
// The rates are chosen to be plausible, not measured: what matters is that
// channels differ, and that the errors of one record come together.
type style struct {
	name   string
	share  int // of the records
	native int // chance of native script where that is not Latin
	marks  int // chance of accents and umlauts where names are in Latin script

	missing [numFields]int
	errors  int    // chance of an error in a value of an ordinary record
	kinds   [6]int // weights of the kinds of noise

	nickname, initial, exchanged, oneSurname, capitals, small, junk int
}

// field is a value that may be missing.
type field int

const (
	fGiven field = iota
	fFamily
	fMiddle
	fEmail
	fPhone
	fAddress
	fRegion
	fBirth
	fSex
	fDevice
	numFields
)

// none is the share missing of a field that the channel does not have.
const none = certain

const (
	crm = iota
	webshop
	loyalty
	callcentre
	numChannels
)

var styles = [numChannels]style{
	crm: {
		name: "crm", share: 38, native: 6500, marks: 8500, errors: 250, kinds: [6]int{30, 15, 25, 20, 2, 8},
		missing:  [numFields]int{fGiven: 60, fFamily: 20, fEmail: 1800, fPhone: 2600, fAddress: 900, fRegion: 1500, fBirth: 4200, fMiddle: none, fSex: none, fDevice: none},
		nickname: 500, initial: 250, exchanged: 80, oneSurname: 2000, capitals: 300, small: 50, junk: 60,
	},
	webshop: {
		name: "webshop", share: 32, native: 4500, marks: 7000, errors: 350, kinds: [6]int{40, 20, 20, 20, 0, 0},
		missing:  [numFields]int{fGiven: 80, fFamily: 80, fEmail: 60, fAddress: 900, fRegion: 2500, fDevice: 1500, fMiddle: none, fPhone: none, fBirth: none, fSex: none},
		nickname: 1600, initial: 300, exchanged: 100, oneSurname: 4000, capitals: 150, small: 800, junk: 80,
	},
	loyalty: {
		name: "loyalty", share: 15, native: 5000, marks: 5500, errors: 500, kinds: [6]int{10, 5, 10, 10, 65, 0},
		missing:  [numFields]int{fMiddle: 5500, fPhone: 1500, fAddress: 700, fRegion: 4000, fBirth: 900, fSex: 1500, fEmail: none, fDevice: none},
		nickname: 400, initial: 200, exchanged: 120, oneSurname: 1500, capitals: 2000, junk: 50,
	},
	callcentre: {
		name: "callcentre", share: 15, native: 0, marks: 8000, errors: 800, kinds: [6]int{20, 8, 15, 12, 0, 45},
		missing:  [numFields]int{fMiddle: 9000, fPhone: 300, fEmail: 6000, fAddress: 4500, fBirth: 3800, fSex: none, fDevice: none},
		nickname: 1100, initial: 500, exchanged: 250, oneSurname: 3000, capitals: 100, junk: 100,
	},
}

// severities say how many times the usual rate a record's errors come: most
// records are clean, a few are bad throughout.
var severities = []struct{ weight, tenths int }{{70, 4}, {25, 15}, {5, 60}}

func drawSeverity(s *stream) int {
	x := s.n(100)
	for _, v := range severities {
		if x < v.weight {
			return v.tenths
		}
		x -= v.weight
	}
	return 10
}

// sizes are how many records an entity has: mostly one to three, sometimes
// dozens.
var sizes = []struct{ weight, lo, hi int }{
	{4400, 1, 1}, {2500, 2, 2}, {1400, 3, 3}, {1250, 4, 6}, {390, 7, 15}, {60, 20, 45},
}

// maxRecords bounds an entity's records; keys are numbered by it.
const maxRecords = 64

func drawSize(s *stream) int {
	x := s.n(certain)
	for _, z := range sizes {
		if x < z.weight {
			return s.between(z.lo, z.hi)
		}
		x -= z.weight
	}
	return 1
}

// junk is what stands in a field for "nothing" or "go away".
var (
	junkNames     = []string{"UNKNOWN", "N/A", "Test", "xxx", "-", "Customer"}
	junkEmails    = []string{"none@none.com", "noemail@noemail.com", "test@test.com", "n/a", "info@works.alt"}
	junkPhones    = []string{"0000000000", "9999999999", "1234567890", "n/a", "-"}
	junkStreets   = []string{"N/A", "unknown", "xxx", "Do not use"}
	junkPostcodes = []string{"00000", "99999", "N/A"}
	junkBirths    = []day{date(1900, 1, 1), date(1970, 1, 1), date(2000, 1, 1)}
)

func oneOf[T any](s *stream, of []T) T { return of[s.n(len(of))] }
