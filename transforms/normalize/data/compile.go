//go:build ignore

// Compile writes the tables beside it, and those of schemas/names, from the
// lists they are facts of. Run it in this directory with the folder of lists as
// its only argument:
//
//	go run compile.go ../../../../shared/data/names
//
// Every table begins with a comment that names its sources.
package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"log"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"
)

// listedClass is the frequency class of a name that only a country's list of
// popular names gives: such a list has ranks, not counts.
const listedClass = 12

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run compile.go NAMES-FOLDER")
	}
	dir := os.Args[1]
	given := counts(filepath.Join(dir, "clkhash_freq/female-first-names.csv"), filepath.Join(dir, "clkhash_freq/male-first-names.csv"))
	family := counts(filepath.Join(dir, "clkhash_freq/last-names.csv"))
	roman := map[string]string{}
	popular(filepath.Join(dir, "popular_by_country/common-forenames-by-country.csv"), given, roman)
	popular(filepath.Join(dir, "popular_by_country/common-surnames-by-country.csv"), family, roman)
	arabic(filepath.Join(dir, "ar2en/ar2en-train.txt"), given, family, roman)

	const sources = "# Sources: US counts of first and last names as published with clkhash (Apache-2.0),\n" +
		"# popular names by country (CC0). A line is the floor of log2 of the count, then names.\n"
	classes("../../../schemas/names/given.txt", "# Frequent given names.\n"+sources, given)
	classes("../../../schemas/names/family.txt", "# Frequent family names.\n"+sources, family)
	pairs("romanised.txt", "# Names in their own script and in Latin letters.\n"+
		"# Sources: popular names by country (CC0); Arabic names mined from Wikipedia, ar2en (Apache-2.0),\n"+
		"# as far as their Latin form is a frequent name.\n", roman)
	disposable(filepath.Join(dir, "disposable_email/disposable_email_blocklist.conf"))
	countries()
	languages()
}

func lines(path string) []string {
	f, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		out = append(out, s.Text())
	}
	return out
}

func counts(paths ...string) map[string]int {
	n := map[string]int{}
	for _, p := range paths {
		for _, l := range lines(p)[1:] {
			name, count, _ := strings.Cut(l, ",")
			c, err := strconv.Atoi(strings.TrimSpace(count))
			if err != nil {
				log.Fatal(err)
			}
			if f := plain(name); f != "" {
				n[f] += c
			}
		}
	}
	return n
}

func popular(path string, n map[string]int, roman map[string]string) {
	f, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	native, latin := slices.Index(rows[0], "Localized Name"), slices.Index(rows[0], "Romanized Name")
	for _, row := range rows[1:] {
		l := plain(row[latin])
		if l == "" {
			l = plain(row[native])
		}
		if l == "" || strings.Contains(l, " ") {
			continue
		}
		n[l] = max(n[l], 1<<listedClass)
		if w := word(row[native]); w != "" && roman[w] == "" {
			roman[w] = l
		}
	}
}

func arabic(path string, given, family map[string]int, roman map[string]string) {
	for _, l := range lines(path) {
		a, b, _ := strings.Cut(l, "\t")
		b = plain(b)
		if given[b] == 0 && family[b] == 0 {
			continue
		}
		if w := word(a); w != "" && roman[w] == "" {
			roman[w] = b
		}
	}
}

// plain is a Latin name in lower-case ASCII, or "" for another script.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(strings.TrimSpace(s))) {
		switch {
		case r >= 'a' && r <= 'z' || r == ' ':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == '-':
		case r == 'ł':
			b.WriteByte('l')
		case r == 'đ':
			b.WriteByte('d')
		case r == 'ø':
			b.WriteByte('o')
		case r == 'ı':
			b.WriteByte('i')
		default:
			return ""
		}
	}
	return b.String()
}

// word is a single word without any Latin letter or mark of Cyrillic stress, else "".
func word(s string) string {
	s = strings.ReplaceAll(norm.NFC.String(strings.ToLower(strings.TrimSpace(s))), "\u0301", "")
	for _, r := range s {
		if unicode.Is(unicode.Latin, r) || !(unicode.IsLetter(r) || unicode.IsMark(r)) {
			return ""
		}
	}
	return s
}

func create(name, header string) *bufio.Writer {
	f, err := os.Create(name)
	if err != nil {
		log.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprint(w, header)
	return w
}

func classes(file, header string, n map[string]int) {
	by := map[int][]string{}
	for name, c := range n {
		k := bits.Len(uint(c)) - 1
		by[k] = append(by[k], name)
	}
	w := create(file, header)
	for k := 40; k >= 0; k-- {
		sort.Strings(by[k])
		if len(by[k]) > 0 {
			fmt.Fprintln(w, k, strings.Join(by[k], " "))
		}
	}
	w.Flush()
}

func pairs(file, header string, m map[string]string) {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	w := create(file, header)
	for _, k := range keys {
		fmt.Fprintln(w, k, m[k])
	}
	w.Flush()
}

func disposable(path string) {
	all := lines(path)
	sort.Strings(all)
	w := create("disposable.txt", "# Domains of throw-away e-mail addresses.\n# Source: the disposable-email-domains list (CC0).\n")
	for _, d := range slices.Compact(all) {
		if d = strings.TrimSpace(d); d != "" && !strings.HasPrefix(d, "#") {
			fmt.Fprintln(w, d)
		}
	}
	w.Flush()
}

var namesIn = []language.Tag{
	language.English, language.German, language.French, language.Spanish, language.Italian,
	language.Dutch, language.Portuguese, language.Polish, language.Swedish, language.Turkish,
}

func countries() {
	w := create("countries.txt", "# ISO 3166-1: alpha-2, alpha-3, names in several languages.\n# Source: the Unicode CLDR (Unicode licence) as x/text carries it.\n")
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			r, err := language.ParseRegion(string(a) + string(b))
			if err != nil || !r.IsCountry() || r.String() != string(a)+string(b) || r.ISO3() == "ZZZ" || r.IsPrivateUse() || r.Canonicalize() != r {
				continue
			}
			var names []string
			for _, l := range namesIn {
				if n := strings.ToLower(norm.NFC.String(display.Regions(l).Name(r))); n != "" && !slices.Contains(names, n) {
					names = append(names, n)
				}
			}
			if len(names) > 0 {
				fmt.Fprintf(w, "%s %s %s\n", r, r.ISO3(), strings.Join(names, "|"))
			}
		}
	}
	w.Flush()
}

func languages() {
	w := create("languages.txt", "# ISO 639: two-letter code, three-letter code, names in several languages and its own.\n# Source: the Unicode CLDR (Unicode licence) as x/text carries it.\n")
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			base, err := language.ParseBase(string(a) + string(b))
			if err != nil || base.String() != string(a)+string(b) {
				continue
			}
			tag, err := language.Compose(base)
			if err != nil {
				continue
			}
			var names []string
			add := func(n string) {
				if n = strings.ToLower(norm.NFC.String(n)); n != "" && !slices.Contains(names, n) {
					names = append(names, n)
				}
			}
			for _, l := range namesIn {
				add(display.Languages(l).Name(base))
			}
			add(display.Self.Name(tag))
			if len(names) > 0 {
				fmt.Fprintf(w, "%s %s %s\n", base, base.ISO3(), strings.Join(names, "|"))
			}
		}
	}
	w.Flush()
}
