package phonetic

// spellingRule rewrites from to to wherever it stands, longest first.
type spellingRule struct{ from, to string }

// spellingRules fold letter groups that stand for one sound in the common
// romanisations and orthographies of European and Arabic names. Ordered by
// length, so that the longest group wins.
var spellingRules = []spellingRule{
	{"tsch", "c"},
	{"sch", "s"}, {"tch", "c"}, {"eye", "ai"}, {"aye", "ai"}, {"eie", "ai"}, {"aie", "ai"},
	{"ph", "f"}, {"ck", "k"}, {"th", "t"}, {"sh", "s"}, {"ch", "k"}, {"kh", "k"}, {"gh", "g"}, {"dh", "d"},
	{"rh", "r"}, {"wh", "f"}, {"qu", "kf"}, {"cz", "c"}, {"sz", "s"}, {"dt", "t"}, {"tz", "s"}, {"ts", "s"},
	{"ie", "i"}, {"ee", "i"}, {"ea", "i"}, {"ou", "u"}, {"oo", "u"}, {"ey", "ai"}, {"ei", "ai"}, {"ay", "ai"},
	{"aj", "ai"}, {"ej", "ai"}, {"ij", "i"}, {"oj", "ui"}, {"uj", "ui"},
	{"ce", "sa"}, {"ci", "si"}, {"cy", "si"}, {"kn", "n"}, {"wr", "r"},
	{"a", "a"}, {"b", "b"}, {"c", "k"}, {"d", "d"}, {"e", "a"}, {"f", "f"}, {"g", "g"}, {"h", "h"}, {"i", "i"},
	{"j", "j"}, {"k", "k"}, {"l", "l"}, {"m", "m"}, {"n", "n"}, {"o", "u"}, {"p", "p"}, {"q", "k"}, {"r", "r"},
	{"s", "s"}, {"t", "t"}, {"u", "u"}, {"v", "f"}, {"w", "f"}, {"x", "ks"}, {"y", "i"}, {"z", "s"},
}

// rulesFrom indexes spellingRules by first letter, in order.
var rulesFrom = func() (by [26][]spellingRule) {
	for _, r := range spellingRules {
		by[r.from[0]-'a'] = append(by[r.from[0]-'a'], r)
	}
	return by
}()

// Spelling is a key that spellings of one name share: "mohammed" and
// "muhamad", "stephen" and "steffen", "meyer" and "maier", "sergej" and
// "sergey". It is our own, made for transliterations, and finer than Soundex:
// letter groups of one sound are folded, a and e, o and u, i and y (and j behind
// a vowel) are each one vowel, doubled letters are single, h is silent after the first sound, a
// final e is silent, spaces and hyphens are dropped. "" when word has no
// letter.
func Spelling(word string) string {
	letters := make([]byte, 0, len(word))
	for i := range len(word) {
		if c := word[i]; c >= 'a' && c <= 'z' {
			letters = append(letters, c)
		}
	}
	if n := len(letters); n > 3 && letters[n-1] == 'e' && !vowel(letters[n-2]) {
		letters = letters[:n-1]
	}
	key := make([]byte, 0, len(letters)+4)
	for i := 0; i < len(letters); {
		rule := match(letters[i:])
		for _, c := range []byte(rule.to) {
			key = appendSound(key, c)
		}
		i += len(rule.from)
	}
	return string(key)
}

// appendSound adds c unless it is silent there: a repeated sound, or h after
// the first.
func appendSound(key []byte, c byte) []byte {
	n := len(key)
	if n > 0 && (key[n-1] == c || c == 'h') {
		return key
	}
	return append(key, c)
}

// match is the first rule that begins the letters, of which there is at least
// one: every letter has a rule of its own.
func match(letters []byte) spellingRule {
	for _, r := range rulesFrom[letters[0]-'a'] {
		if len(r.from) <= len(letters) && string(letters[:len(r.from)]) == r.from {
			return r
		}
	}
	panic("phonetic: a letter without a rule")
}

func vowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'
}
