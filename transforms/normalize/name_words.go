package normalize

// prefixes maps a folded title to its canonical form. Only words that are no
// given name: "don" and "sir" as first names are rarer than as titles, "dean"
// and "major" are not, so those two are read as titles in a column of titles
// alone.
var prefixes = wordMap(`
mr: mister herr hr monsieur senor sr signor sig meneer dhr pan bay gospodin
mrs: missis frau fr madame mme senora sra signora mevrouw mevr
ms: mz
miss: mademoiselle mlle senorita srta fraulein
mx:
dr: doctor doktor docteur dott dottore dottoressa dra doctora
prof: professor professeur profesor professore profa
rev: reverend revd
hon: honorable honourable
sir:
dame:
lady:
lord:
col: colonel
capt: captain cpt cap
lt: lieutenant
sgt: sergeant
gen: general
cpl: corporal
maj:
ing: ingenieur
dipl: diplom
mag: magister
fra:
sheikh: shaikh sheik shaykh
haji: hajji hadji
hrh:
president: prasident
atty: attorney
`)

// titleColumnOnly are words that are titles in a column of titles and names
// elsewhere.
var titleColumnOnly = wordMap(`
major:
dean:
m:
don: dona
father:
sister: sr
brother: bro
judge:
`)

// prefixShown is the presentable form of the titles that are not simply
// written with a capital.
var prefixShown = map[string]string{
	"mr": "Mr", "mrs": "Mrs", "ms": "Ms", "miss": "Miss", "mx": "Mx", "dr": "Dr", "prof": "Prof", "rev": "Rev", "hrh": "HRH",
}

// suffixes maps a folded word behind a name to its canonical form.
var suffixes = wordMap(`
jr: junior jnr jun
sr: senior snr sen
ii: 2nd
iii: 3rd
iv: 4th
v: 5th
phd:
md:
esq: esquire
cpa:
dds:
dvm:
jd:
mba:
msc:
bsc:
rn:
qc:
kc:
obe:
mbe:
cbe:
pe:
`)

var suffixShown = map[string]string{
	"jr": "Jr", "sr": "Sr", "ii": "II", "iii": "III", "iv": "IV", "v": "V", "phd": "PhD", "md": "MD", "esq": "Esq", "cpa": "CPA",
	"dds": "DDS", "dvm": "DVM", "jd": "JD", "mba": "MBA", "msc": "MSc", "bsc": "BSc", "rn": "RN", "qc": "QC", "kc": "KC",
	"obe": "OBE", "mbe": "MBE", "cbe": "CBE", "pe": "PE",
}

// particles stand before the family name they belong to.
var particles = wordSet("de del della delle dello dei degli di da dal dalla das dos do du des la le las los lo van von vom vander vonder " +
	"der den het ten ter te zu zur zum af av bin ibn bint ben al el abu st saint san santa santo ap ab ul ud")

// connectives join the two halves of one family name: Ortega y Gasset.
var connectives = wordSet("y e i und")

// fillerNames are typed where a form insists on a name.
var fillerNames = rarely(wordSet("test tester testing test1 test2 testuser asdf asdfg asdfgh asdfasdf qwerty qwertz azerty xxx xxxx abc abcd abcde aaa bbb " +
	"firstname lastname fname lname surname username noname nobody anonymous anonym anon dummy sample example fake foobar deleted " +
	"donotuse vorname nachname prenom"))

var fillerPhrases = rarely(wordSetOf("test test", "test user", "first name", "last name", "no name", "no first name", "no last name",
	"do not use", "full name", "your name", "foo bar", "test account", "name surname", "dummy user", "anonymous user", "abc def",
	"max mustermann", "erika mustermann", "guest user", "none none", "unknown unknown", "n a", "na na"))

// fillerGiven are written for a given name that nobody knows or that is not given
// yet, in censuses and hospitals: what somebody is instead of who. Names of
// people somewhere are not among them ("Son" in Vietnam), but may be part of a
// phrase of such words ("Baby Boy").
var (
	fillerGiven = rarely(wordSet("girl child infant newborn babyboy babygirl twin daughter husband wife spouse mother father parent " +
		"brother sister grandson granddaughter grandmother grandfather stepson stepdaughter male female adult person " +
		"occupant resident tenant householder roommate housemate lodger"))
	fillerGivenWords = wordSet("baby boy girl child infant newborn twin triplet son daughter male female of one two three first second third")
)

// fillerWholeNames are fillers where they are the whole name; Guest and User
// are family names of people too.
var fillerWholeNames = wordSet("guest customer user admin administrator root client member owner")

func wordSetOf(phrases ...string) map[string]bool {
	m := map[string]bool{}
	for _, p := range phrases {
		m[p] = true
	}
	return m
}
