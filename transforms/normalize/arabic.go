package normalize

import (
	"strings"
	"unicode"
)

// arabicBase writes a word with one letter for each group of variants: no
// marks, no tatweel, one alef, one yeh, one kaf.
func arabicBase(w string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'ـ', 'ء':
			return -1
		case 'أ', 'إ', 'آ', 'ٱ':
			return 'ا'
		case 'ى', 'ئ', 'ی', 'ې':
			return 'ي'
		case 'ؤ':
			return 'و'
		case 'ک', 'ڪ':
			return 'ك'
		case 'ہ', 'ھ', 'ۀ', 'ە':
			return 'ه'
		case 'ۃ':
			return 'ة'
		}
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return r
	}, w)
}

// arabicUsual are frequent words of names in base letters, with the Latin
// spelling most often met.
var arabicUsual = map[string]string{
	"محمد": "mohamed", "احمد": "ahmed", "خالد": "khalid", "يوسف": "yousef", "عمر": "omar", "حسن": "hassan", "ابراهيم": "ibrahim",
	"مصطفي": "mustafa", "محمود": "mahmoud", "عبدالله": "abdullah", "عبدالرحمن": "abdulrahman", "عبد": "abdul", "الله": "allah",
	"بن": "bin", "ابن": "ibn", "بنت": "bint", "ابو": "abu", "ام": "um", "ال": "al", "زينب": "zainab", "مريم": "maryam", "عايشه": "aisha",
	"عائشة": "aisha", "عايشة": "aisha", "خديجة": "khadija", "نور": "nour", "صديقي": "siddiqui", "خان": "khan", "طارق": "tariq", "سعيد": "saeed",
	"سلمان": "salman", "سعود": "saud", "فهد": "fahd", "عبدالعزيز": "abdulaziz", "حمد": "hamad", "راشد": "rashid", "صالح": "saleh",
	"سليمان": "suleiman", "عثمان": "othman", "حسين": "hussein", "عباس": "abbas", "كريم": "karim", "جمال": "jamal", "هشام": "hisham", "وليد": "walid",
	"ماجد": "majid", "زيد": "zaid", "سارة": "sara", "ليلي": "layla", "سلمي": "salma", "هند": "hind", "اسماء": "asma", "اسما": "asma", "امنة": "amina",
	"عبدالكريم": "abdulkarim", "عبدالقادر": "abdulqader", "عبداللطيف": "abdullatif", "بكر": "bakr", "قاسم": "qasim", "جعفر": "jafar", "مهدي": "mahdi",
	"رضا": "reza", "حسيني": "hosseini", "موسوي": "mousavi", "جاسم": "jassim", "ناصر": "nasser", "باراك": "barack", "اوباما": "obama",
}

// arabicConsonants are read with a short "a" between two of them: the script
// writes no short vowels, and "a" is the most frequent.
var arabicConsonants = map[rune]string{
	'ب': "b", 'ت': "t", 'ث': "th", 'ج': "j", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "dh", 'ر': "r", 'ز': "z", 'س': "s",
	'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'غ': "gh", 'ف': "f", 'ق': "q", 'ك': "k", 'ل': "l", 'م': "m",
	'ن': "n", 'ه': "h", 'پ': "p", 'چ': "ch", 'ژ': "zh", 'گ': "g", 'ڤ': "v", 'ٹ': "t", 'ڈ': "d", 'ڑ': "r", 'ں': "n",
}

func arabicWord(w string) string {
	w = arabicBase(w)
	if l, ok := arabicUsual[w]; ok {
		return l
	}
	if l, ok := romanised()[w]; ok {
		return l
	}
	if rest, ok := strings.CutPrefix(w, "ال"); ok && len([]rune(rest)) >= 3 {
		return "al " + arabicWord(rest)
	}
	return arabicLetters(w)
}

func arabicLetters(w string) string {
	var b strings.Builder
	consonant := false // the previous letter was one
	last := len([]rune(w)) - 1
	for i, r := range []rune(w) {
		if c, ok := arabicConsonants[r]; ok {
			if consonant {
				b.WriteByte('a')
			}
			b.WriteString(c)
			consonant = true
			continue
		}
		b.WriteString(arabicVowel(r, i == 0, i == last, consonant))
		consonant = false
	}
	return b.String()
}

func arabicVowel(r rune, first, last, afterConsonant bool) string {
	switch r {
	case 'ا', 'ع', 'ة':
		if !first && !afterConsonant {
			return "" // a long vowel beside another is one syllable
		}
		return "a"
	case 'و':
		if first || !afterConsonant {
			return "w"
		}
		return "u"
	case 'ي':
		if first || !afterConsonant && !last {
			return "y"
		}
		return "i"
	}
	return unknown(r)
}
