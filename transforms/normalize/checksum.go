package normalize

import (
	"strings"
)

// The checks of identifiers, on upper-case letters and digits.

// luhn is the mod 10 checksum of ISO/IEC 7812-1 annex B.
func luhn(c string) bool {
	if !allDigits(c) {
		return false
	}
	sum := 0
	for i := range len(c) {
		d := int(c[len(c)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// mod97 is the remainder of ISO/IEC 7064 MOD 97-10, A being 10 and Z 35; -1
// for other characters.
func mod97(c string) int {
	r := 0
	for i := range len(c) {
		switch {
		case isDigit(c[i]):
			r = (r*10 + int(c[i]-'0')) % 97
		case c[i] >= 'A' && c[i] <= 'Z':
			r = (r*100 + int(c[i]-'A') + 10) % 97
		default:
			return -1
		}
	}
	return r
}

// weighted is the sum of digits times weights.
func weighted(c string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(c[i]-'0')
	}
	return sum
}

// isSSN follows the rules of the US Social Security Administration since
// 2011: no area 000, 666 or 900 to 999, no group 00, no serial 0000.
func isSSN(c string) bool {
	return len(c) == 9 && allDigits(c) && c[:3] != "000" && c[:3] != "666" && c[0] != '9' && c[3:5] != "00" && c[5:] != "0000"
}

// isEIN: a US employer number has nine digits and a prefix of a campus; the
// prefixes never issued are few, and listed.
func isEIN(c string) bool {
	if len(c) != 9 || !allDigits(c) {
		return false
	}
	switch c[:2] {
	case "00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89", "96", "97":
		return false
	}
	return true
}

// isIBAN is ISO 13616: country, check digits, account, MOD 97-10.
func isIBAN(c string) bool {
	if len(c) < 15 || len(c) > 34 || !countries().two[c[:2]] || !allDigits(c[2:4]) {
		return false
	}
	return mod97(c[4:]+c[:4]) == 1
}

// isLEI is ISO 17442: twenty characters, MOD 97-10.
func isLEI(c string) bool { return len(c) == 20 && mod97(c) == 1 }

func isCard(c string) bool { return len(c) >= 12 && len(c) <= 19 && luhn(c) }

// isNHS is the modulus 11 check of NHS numbers in England and Wales.
func isNHS(c string) bool {
	if len(c) != 10 || !allDigits(c) {
		return false
	}
	check := 11 - weighted(c, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
	return check != 10 && check%11 == int(c[9]-'0')
}

// isSpanishID checks DNI and NIF (eight digits and a letter) and NIE (X, Y or
// Z, seven digits and a letter): the letter is the number modulo 23.
func isSpanishID(c string) bool {
	if len(c) != 9 {
		return false
	}
	n := c[:8]
	if i := strings.IndexByte("XYZ", c[0]); i >= 0 {
		n = string(rune('0'+i)) + c[1:8]
	}
	return allDigits(n) && "TRWAGMYFPDXBNJZSQVHLCKE"[atoi(n)%23] == c[8]
}

// isVAT checks the shape of a European VAT number and, for Germany, its
// check digit (ISO/IEC 7064 MOD 11,10).
func isVAT(c string) bool {
	if len(c) < 6 || len(c) > 14 || c[0] < 'A' || c[0] > 'Z' || c[1] < 'A' || c[1] > 'Z' {
		return false
	}
	if c[:2] == "DE" {
		return len(c) == 11 && mod11and10(c[2:])
	}
	return hasDigit(c) && (countries().two[c[:2]] || c[:2] == "EL" || c[:2] == "XI")
}

// mod11and10 is ISO/IEC 7064 MOD 11,10, the last digit being the check digit.
func mod11and10(c string) bool {
	if !allDigits(c) {
		return false
	}
	p := 10
	for i := range len(c) - 1 {
		s := (p + int(c[i]-'0')) % 10
		if s == 0 {
			s = 10
		}
		p = 2 * s % 11
	}
	return (p+int(c[len(c)-1]-'0'))%10 == 1
}

// isGermanTaxID: eleven digits, no leading zero, MOD 11,10.
func isGermanTaxID(c string) bool { return len(c) == 11 && c[0] != '0' && mod11and10(c) }

// isBSN is the "elfproef" of the Dutch citizen service number.
func isBSN(c string) bool {
	if len(c) == 8 {
		c = "0" + c
	}
	return len(c) == 9 && allDigits(c) && weighted(c, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0
}

// isCPF checks both digits of the Brazilian taxpayer number.
func isCPF(c string) bool {
	if len(c) != 11 || !allDigits(c) {
		return false
	}
	first := weighted(c, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
	second := weighted(c, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
	return first == int(c[9]-'0') && second == int(c[10]-'0')
}

// isPESEL is the weighted check of the Polish national number.
func isPESEL(c string) bool {
	return len(c) == 11 && allDigits(c) && (10-weighted(c, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10 == int(c[10]-'0')
}

// codiceOdd are the values of the characters in odd places of an Italian tax
// code (decree of 12 March 1974): 0 to 9, which A to J share, then K to Z.
var codiceOdd = [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}

func isCodiceFiscale(c string) bool {
	if len(c) != 16 {
		return false
	}
	sum := 0
	for i := range 15 {
		var n int
		switch {
		case isDigit(c[i]):
			n = int(c[i] - '0')
		case c[i] >= 'A' && c[i] <= 'Z':
			n = int(c[i] - 'A')
		default:
			return false
		}
		if i%2 == 0 {
			n = codiceOdd[n]
		}
		sum += n
	}
	return c[15] == byte('A'+sum%26)
}
