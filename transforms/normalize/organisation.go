package normalize

import (
	"strings"

	"concord/schemas/attribute"
)

// legalFormLines: abbreviation, then spellings separated by "|".
const legalFormLines = `inc|incorporated
corp|corporation
co|company|compagnie
ltd|limited|private limited|pvt ltd|pty ltd|pte ltd
llc|limited liability company|l l c
llp|limited liability partnership
lp|limited partnership
plc|public limited company|p l c
gmbh|gesellschaft mit beschrankter haftung|g m b h|mbh
ag|aktiengesellschaft
kg|kommanditgesellschaft
ohg|offene handelsgesellschaft
ug|unternehmergesellschaft
ev|eingetragener verein|e v
eg|eingetragene genossenschaft
sa|societe anonyme|sociedad anonima|sociedade anonima|s a
sas|societe par actions simplifiee|s a s
sarl|societe a responsabilite limitee|s a r l
sl|sociedad limitada|s l
slu|s l u
srl|societa a responsabilita limitata|societatea cu raspundere limitata|s r l
spa|societa per azioni|s p a
bv|besloten vennootschap|b v
nv|naamloze vennootschap|n v
ab|aktiebolag
oy|osakeyhtio
oyj|julkinen osakeyhtio
as|aksjeselskap|a s
aps|anpartsselskab
sp zoo|spolka z ograniczona odpowiedzialnoscia|spzoo|sp z o o
doo|d o o
ooo|obshchestvo s ogranichennoy otvetstvennostyu
oao|otkrytoe aktsionernoe obshchestvo|ojsc|open joint stock company
zao|zakrytoe aktsionernoe obshchestvo|cjsc
ao|aktsionernoe obshchestvo|jsc|joint stock company
kk|kabushiki kaisha|k k
ltda|limitada
na|n a`

// certainForms are those that no person's name holds: they make a text in a
// column of person names an organisation.
var certainForms = rarely(wordSet("inc incorporated corp corporation ltd limited llc llp plc gmbh aktiengesellschaft sarl srl bv nv ooo oao zao ojsc pty " +
	"ltda foundation university hospital holdings institute society association stiftung verein"))

// legalForms maps each folded spelling of a legal form to its abbreviation.
var legalForms = readLegalForms()

func readLegalForms() map[string]string {
	m := map[string]string{}
	for l := range strings.Lines(legalFormLines) {
		spellings := strings.Split(strings.TrimSpace(l), "|")
		for _, s := range spellings {
			m[s] = spellings[0]
		}
	}
	return m
}

// longestForm is the most words a spelling of a legal form has.
const longestForm = 5

func hasLegalForm(s string) bool {
	for w := range strings.FieldsSeq(Fold(s)) {
		if certainForms.has(w) {
			return true
		}
	}
	return false
}

// organisationWords are canonical forms of frequent words of company names.
var organisationWords = wordMap(`
international: intl
services: svcs svc
association: assoc assn
department: dept
university: univ
manufacturing: mfg
brothers: bros
technologies: tech technology
national: natl
group: grp
management: mgmt
center: centre
organisation: organization
first: 1st
second: 2nd
third: 3rd
`)

// readOrganisation reads the name of a company or another organisation. Its
// canonical form has no legal form ("Siemens AG" is "siemens"), no leading
// "the", and joined initials ("A.B.C." is "abc").
func readOrganisation(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	canon := foldOrganisation(s)
	if canon == "" {
		return problem(out, attribute.Organisation, BadName)
	}
	if fillerOrganisations[canon] {
		return junk(out, attribute.Organisation)
	}
	return append(out, Value{Attribute: attribute.Organisation, Shown: showOrganisation(s), Canonical: canon})
}

var fillerOrganisations = wordSetOf("self", "self employed", "selfemployed", "private", "privat", "none", "company", "unemployed", "retired", "student", "freelance", "freelancer", "individual",
	"test", "testing", "test test", "test company", "asdf", "asdfasdf", "qwerty", "xxx", "xxxx", "dummy", "n a", "no company", "your company", "company name")

func foldOrganisation(s string) string {
	s = Fold(strings.NewReplacer("&", " and ", "+", " and ").Replace(s))
	for range 4 { // what one form leaves can end in another
		t := cutOrganisation(s)
		if t == s {
			break
		}
		s = t
	}
	return s
}

func cutOrganisation(folded string) string {
	words := joinInitials(strings.Fields(folded))
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	words = cutLegalForms(words)
	for i, w := range words {
		if c, ok := organisationWords[w]; ok {
			words[i] = c
		}
	}
	return strings.Join(words, " ")
}

// cutLegalForms removes legal forms behind and before a name, unless nothing
// else would be left.
func cutLegalForms(words []string) []string {
	for again := true; again; {
		again = false
		for n := min(longestForm, len(words)-1); n > 0; n-- {
			k := len(words) - n
			if legalForms[strings.Join(words[k:], " ")] != "" {
				words, again = trimAnd(words[:k]), true
				break
			}
			if legalForms[strings.Join(words[:n], " ")] != "" && n+1 <= len(words) && certainBefore(words[:n]) {
				words, again = words[n:], true
				break
			}
		}
	}
	return words
}

// certainBefore tells whether a legal form may stand before a name: those of
// Eastern Europe and the spelled-out ones do; "as" or "co" there is a word.
func certainBefore(form []string) bool {
	f := strings.Join(form, " ")
	return len(f) >= 3 && f != "company" && f != "limited" && f != "corp" && f != "inc"
}

// trimAnd drops the "and" of "Smith and Co".
func trimAnd(words []string) []string {
	if n := len(words); n > 1 && words[n-1] == "and" {
		return words[:n-1]
	}
	return words
}

// joinInitials writes single letters in a row as one word.
func joinInitials(words []string) []string {
	out := make([]string, 0, len(words))
	joining := false
	for _, w := range words {
		single := len(w) == 1 && !isDigit(w[0])
		if single && joining {
			out[len(out)-1] += w
			continue
		}
		out = append(out, w)
		joining = single
	}
	return out
}

// showOrganisation restores the case of a name written in small letters only.
// Capitals stay: IBM is not Ibm.
func showOrganisation(s string) string {
	if s == strings.ToLower(s) {
		return restoreCase(s)
	}
	return s
}
