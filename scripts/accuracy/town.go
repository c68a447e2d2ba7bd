package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A town is a made-up population that several systems hold extracts of, with
// what customer files are full of and public sets lack: households, twins,
// fathers and sons of one name, offices with one mailbox and one telephone,
// people who moved or married, nicknames, fillers in place of values. Who is
// who is known. It is drawn from a seed and nothing else.
type town struct {
	rand    *rand.Rand
	people  []person
	offices []office
}

// person is the truth about one inhabitant.
type person struct {
	household, office int // office: -1 for none
	given, middle     string
	family, maiden    string // maiden: "" for who kept their name
	suffix, sex       string
	birth             [3]int // year, month, day
	homes             []home // before and after a move
	email, email2     string // the second of a household
	phone, ssn        string
	special           string // scenario of the person's own, "" for none
}

type home struct{ street, city, region, postcode, phone string }

type office struct{ mailbox, phone, company string }

// Shares of the population, of the order seen in customer files.
const (
	pMoved, pMarried, pNickname       = 0.15, 0.3, 0.15
	pTwins, pNamesake, pOffice        = 0.15, 0.15, 0.12
	pTypo, pMissing, pFiller          = 0.03, 0.10, 0.02
	pSharedPhone, pSharedEmail, pSlip = 0.4, 0.08, 0.01
)

var (
	women = strings.Fields(`elizabeth:liz,beth,betty katherine:kate,katie,kathy margaret:maggie,peggy patricia:pat,patty,trish
		jennifer:jen,jenny susan:sue,susie deborah:deb,debbie barbara:barb rebecca:becky christine:chris,tina victoria:vicky
		alexandra:alex,sandra jessica:jess samantha:sam pamela:pam nancy maria mary linda karen lisa sarah emily laura amy angela
		olivia sophia isabella grace chloe hannah julia claire diana irene ruth teresa:terry helen alice monica paula yolanda fatima
		priya mei aisha ingrid carmen lucia rosa anna joan jean janet jane judith:judy`)
	men = strings.Fields(`william:bill,will,billy robert:bob,rob,bobby richard:rick,dick james:jim,jimmy john:jack,johnny
		michael:mike,mick thomas:tom,tommy charles:charlie,chuck joseph:joe,joey anthony:tony edward:ed,eddie,ted
		benjamin:ben daniel:dan,danny matthew:matt andrew:andy,drew stephen:steve samuel:sam nicholas:nick alexander:alex
		gregory:greg kenneth:ken patrick:pat timothy:tim jonathan:jon david:dave christopher:chris mark paul george brian kevin
		jason eric adam henry carlos luis juan ahmed omar raj wei hiroshi ivan lars pedro miguel oscar felix hugo simon peter
		martin walter frank:frankie raymond:ray louis:lou dennis roger harold:harry`)
	families = strings.Fields(`smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez
		wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson
		walker young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell
		carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers
		gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood
		james bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez powell jenkins
		perry russell sullivan bell coleman butler henderson barnes fisher vasquez simmons graham murray ford castro marshall owens
		harrison fernandez mcdonald woods washington kennedy wells vargas henry chen freeman webb tucker guzman burns crawford olson
		simpson porter hunter gordon mendez silva shaw snyder mason dixon munoz hunt hicks holmes palmer wagner black robertson boyd
		rose stone salazar fox warren mills meyer rice schmidt garza daniels ferguson nichols stephens soto weaver ryan gardner payne
		grant dunn kelley spencer hawkins arnold pierce hansen peters santos hart bradley knight elliott cunningham duncan armstrong
		hudson carroll lane riley andrews alvarado ray delgado berry perkins hoffman johnston matthews pena richards contreras willis
		carpenter lawrence sandoval guerrero george chapman rios estrada ortega watkins greene nunez wheeler valdez harper burke`)
	streets = strings.Fields(`oak maple cedar pine elm washington lake hill walnut spring north ridge church willow mill sunset
		railroad jackson cherry highland franklin river lincoln meadow madison jefferson chestnut park center prospect`)
	kinds  = []string{"Street", "Avenue", "Road", "Lane", "Drive"}
	cities = []home{
		{city: "Springfield", region: "IL", postcode: "627"}, {city: "Peoria", region: "IL", postcode: "616"},
		{city: "Columbus", region: "OH", postcode: "432"}, {city: "Dayton", region: "OH", postcode: "454"},
		{city: "Madison", region: "WI", postcode: "537"}, {city: "Gary", region: "IN", postcode: "464"},
		{city: "Lansing", region: "MI", postcode: "489"}, {city: "Tampa", region: "FL", postcode: "336"},
		{city: "Austin", region: "TX", postcode: "787"}, {city: "Reno", region: "NV", postcode: "895"},
	}
	domains = []string{"gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com", "icloud.com"}
)

func (t *town) is(p float64) bool { return t.rand.Float64() < p }

func pick[T any](t *town, from []T) T { return from[t.rand.IntN(len(from))] }

// newTown draws households until there are so many people.
func newTown(seed uint64, people int) *town {
	t := &town{rand: rand.New(rand.NewPCG(seed, 1))}
	for i := range people/60 + 1 {
		company := fmt.Sprintf("%s%s", pick(t, streets), pick(t, []string{"tech", "foods", "motors", "clinic", "bank"}))
		t.offices = append(t.offices, office{
			mailbox: pick(t, []string{"info", "office", "sales", "contact", "frontdesk"}) + "@" + company + fmt.Sprint(i) + ".com",
			phone:   t.number(), company: company,
		})
	}
	for h := 0; len(t.people) < people; h++ {
		t.household(h)
	}
	return t
}

func (t *town) number() string {
	return fmt.Sprintf("%d%d%07d", 2+t.rand.IntN(8), 10+t.rand.IntN(80), 2000000+t.rand.IntN(7999999))
}

func (t *town) home() home {
	h := pick(t, cities)
	h.street = fmt.Sprintf("%d %s %s", 1+t.rand.IntN(2999), pick(t, streets), pick(t, kinds))
	h.postcode += fmt.Sprintf("%02d", t.rand.IntN(30))
	h.phone = t.number()
	return h
}

// household draws one to five people at one address.
func (t *town) household(number int) {
	first := t.home()
	homes := []home{first}
	if t.is(pMoved) {
		homes = append(homes, t.home())
	}
	family := pick(t, families)
	shared := t.is(pSharedEmail)
	mail := fmt.Sprintf("the%ss%d@%s", family, t.rand.IntN(99), pick(t, domains))
	size := 1 + t.rand.IntN(5)*t.rand.IntN(2)
	var twin *person
	for i := range size {
		p := t.person(number, family, homes, 1940+t.rand.IntN(45))
		if i > 1 {
			p.birth[0] = 1985 + t.rand.IntN(30)
		}
		switch {
		case i == 1 && t.is(pMarried):
			p.maiden = pick(t, families)
		case i == 2 && t.is(pNamesake) && p.sex == "m" && t.lastSex("m", number):
			father := &t.people[len(t.people)-1]
			p.given, p.suffix, father.suffix = father.given, "Jr", "Sr"
			p.special, father.special = "father and son", "father and son"
		case twin != nil && t.is(pTwins):
			p.birth, p.special = twin.birth, "twins"
			t.people[len(t.people)-1].special = "twins"
			twin = nil
		}
		if i >= 2 {
			twin = &p
		}
		if shared {
			p.email2 = mail
		}
		t.people = append(t.people, p)
	}
}

func (t *town) lastSex(sex string, household int) bool {
	last := &t.people[len(t.people)-1]
	return last.sex == sex && last.household == household
}

func (t *town) person(household int, family string, homes []home, year int) person {
	sex, names := "f", women
	if t.is(0.5) {
		sex, names = "m", men
	}
	p := person{
		household: household, office: -1, family: family, sex: sex, homes: homes, phone: t.number(),
		given: formal(pick(t, names)), middle: formal(pick(t, names)),
		birth: [3]int{year, 1 + t.rand.IntN(12), 1 + t.rand.IntN(28)},
		ssn:   fmt.Sprintf("%03d-%02d-%04d", 100+t.rand.IntN(550), 1+t.rand.IntN(98), 1+t.rand.IntN(9998)),
	}
	if t.is(pOffice) {
		p.office = t.rand.IntN(len(t.offices))
	}
	p.email = p.given + "." + family
	switch t.rand.IntN(4) {
	case 0:
		p.email = p.given[:1] + family
	case 1:
		p.email = p.given + fmt.Sprint(p.birth[0]%100)
	}
	p.email += fmt.Sprintf("%d@%s", t.rand.IntN(99), pick(t, domains))
	return p
}

// formal is the name before its nicknames.
func formal(entry string) string {
	name, _, _ := strings.Cut(entry, ":")
	return name
}

// nickname is a short form of a given name, the name itself where there is
// none.
func (t *town) nickname(given string) string {
	for _, list := range [][]string{women, men} {
		for _, entry := range list {
			if name, nicks, ok := strings.Cut(entry, ":"); ok && name == given {
				return pick(t, strings.Split(nicks, ","))
			}
		}
	}
	return given
}
