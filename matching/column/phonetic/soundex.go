// Package phonetic reduces a word to a code that words of like sound share.
// Input is the canonical form of a name: lower-case a-z; anything else is
// skipped.
package phonetic

// soundexGroups is the American Soundex group of each letter from a to z: 0
// for vowels and y, which separate equal groups; 7 for h and w, which do not.
const soundexGroups = "01230127022455012623017202"

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
		d := soundexGroups[c-'a'] - '0'
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
