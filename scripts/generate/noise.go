package main

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// noiseKind is how a value gets an error.
type noiseKind int

const (
	keySlip   noiseKind = iota // the key beside the right one
	insertion                  // a letter too many
	deletion                   // a letter too few
	swap                       // two letters exchanged
	misread                    // optical character recognition
	misheard                   // by telephone
)

// keyboards are the rows of keys whose neighbours are mistaken for each other.
var keyboards = []string{
	"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
	"йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю",
	"ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ",
	"ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرلاىةوزظ",
}

// neighbours are the keys beside a key.
var neighbours = func() map[rune][]rune {
	m := map[rune][]rune{}
	for _, row := range keyboards {
		keys := []rune(row)
		for i, k := range keys {
			if i > 0 {
				m[k] = append(m[k], keys[i-1])
			}
			if i < len(keys)-1 {
				m[k] = append(m[k], keys[i+1])
			}
		}
	}
	return m
}()

// misreadings and mishearings are what is taken for what.
var (
	misreadings = [][2]string{
		{"rn", "m"}, {"m", "rn"}, {"l", "1"}, {"O", "0"}, {"0", "O"}, {"5", "S"}, {"S", "5"}, {"cl", "d"}, {"d", "cl"},
		{"e", "c"}, {"h", "b"}, {"I", "l"}, {"8", "B"}, {"B", "8"}, {"nn", "m"}, {"vv", "w"}, {"w", "vv"}, {"1", "l"}, {"g", "q"},
	}
	mishearings = [][2]string{
		{"ph", "f"}, {"f", "ph"}, {"ck", "k"}, {"c", "k"}, {"k", "c"}, {"th", "t"}, {"ie", "y"}, {"y", "ie"}, {"ei", "ai"},
		{"ai", "ay"}, {"z", "s"}, {"s", "z"}, {"ou", "u"}, {"dt", "t"}, {"tt", "t"}, {"ll", "l"}, {"l", "ll"}, {"nn", "n"},
		{"n", "nn"}, {"sch", "sh"}, {"v", "f"}, {"w", "v"}, {"b", "p"}, {"d", "t"}, {"m", "n"}, {"x", "ks"}, {"oo", "u"}, {"e", "a"},
	}
)

// noise puts errors into values. Its scratch space makes it one generator's.
type noise struct {
	runes []rune
	bytes []byte
}

// apply returns value with one error. The result may share value's memory.
func (z *noise) apply(value []byte, kind noiseKind, s *stream) []byte {
	switch kind {
	case misread:
		if out, ok := z.replace(value, misreadings, s); ok {
			return out
		}
	case misheard:
		if out, ok := z.replace(value, mishearings, s); ok {
			return out
		}
	}
	return z.slip(value, kind, s)
}

// replace exchanges the first occurrence of one of the pairs, trying them from
// a random one onwards.
func (z *noise) replace(value []byte, pairs [][2]string, s *stream) ([]byte, bool) {
	start := s.n(len(pairs))
	for i := range pairs {
		p := pairs[(start+i)%len(pairs)]
		at := bytes.Index(value, []byte(p[0]))
		if at < 0 {
			continue
		}
		z.bytes = append(z.bytes[:0], value[at+len(p[0]):]...)
		return append(append(value[:at], p[1]...), z.bytes...), true
	}
	return value, false
}

// slip is an error of the hand at a random place. A value of less than two
// letters stays as it is.
func (z *noise) slip(value []byte, kind noiseKind, s *stream) []byte {
	r := z.runes[:0]
	for b := value; len(b) > 0; {
		c, n := utf8.DecodeRune(b)
		r, b = append(r, c), b[n:]
	}
	z.runes = r
	if len(r) < 2 {
		return value
	}
	i := s.n(len(r))
	switch kind {
	case insertion:
		r = append(r, 0)
		copy(r[i+1:], r[i:])
	case deletion:
		r = append(r[:i], r[i+1:]...)
	case swap:
		i = min(i, len(r)-2)
		r[i], r[i+1] = r[i+1], r[i]
	default:
		r[i] = beside(r[i], s)
	}
	value = value[:0]
	for _, c := range r {
		value = utf8.AppendRune(value, c)
	}
	return value
}

// beside is the rune of a key beside c's, in c's case; c itself where the
// keyboards do not have it.
func beside(c rune, s *stream) rune {
	keys := neighbours[unicode.ToLower(c)]
	if len(keys) == 0 {
		return c
	}
	k := keys[s.n(len(keys))]
	if unicode.IsUpper(c) {
		return unicode.ToUpper(k)
	}
	return k
}

// upper turns value into capitals.
func (z *noise) upper(value []byte) []byte {
	z.bytes = append(z.bytes[:0], value...)
	value = value[:0]
	for b := z.bytes; len(b) > 0; {
		c, n := utf8.DecodeRune(b)
		value, b = utf8.AppendRune(value, unicode.ToUpper(c)), b[n:]
	}
	return value
}
