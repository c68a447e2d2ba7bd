// Package phonetic reduces a word to a code that words of like sound share.
// Input is the canonical form of a name: lower-case a-z; anything else is
// skipped.
package phonetic

// soundexDigit is the American Soundex group of each letter: 0 for vowels and
// y, which separate equal digits; 7 for h and w, which do not.
var soundexDigit = [26]byte{
	'a' - 'a': 0, 'b' - 'a': 1, 'c' - 'a': 2, 'd' - 'a': 3, 'e' - 'a': 0, 'f' - 'a': 1, 'g' - 'a': 2,
	'h' - 'a': 7, 'i' - 'a': 0, 'j' - 'a': 2, 'k' - 'a': 2, 'l' - 'a': 4, 'm' - 'a': 5, 'n' - 'a': 5,
	'o' - 'a': 0, 'p' - 'a': 1, 'q' - 'a': 2, 'r' - 'a': 6, 's' - 'a': 2, 't' - 'a': 3, 'u' - 'a': 0,
	'v' - 'a': 1, 'w' - 'a': 7, 'x' - 'a': 2, 'y' - 'a': 0, 'z' - 'a': 2,
}

// Soundex is the American Soundex code of word, as the United States National
// Archives state it: the first letter and three digits, "" when word has no
// letter. Letters of one group are coded once when they touch or only h or w
// stand between them. A value of several words is coded as one.
func Soundex(word string) string {
	var code [4]byte
	n, last := 0, byte(0)
	for i := 0; i < len(word) && n < len(code); i++ {
		c := word[i]
		if c < 'a' || c > 'z' {
			continue
		}
		d := soundexDigit[c-'a']
		switch {
		case n == 0:
			code[0] = c
			n = 1
			last = d
		case d == 7:
		case d == 0:
			last = 0
		case d != last:
			code[n] = '0' + d
			n++
			last = d
		}
	}
	if n == 0 {
		return ""
	}
	for ; n < len(code); n++ {
		code[n] = '0'
	}
	return string(code[:])
}
