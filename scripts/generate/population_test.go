package main

import (
	"slices"
	"strings"
	"testing"
)

// census are the people of a population, without files.
func census(t *testing.T, blocks uint64) []person {
	t.Helper()
	w := testWorld(t)
	var all []person
	for n := range blocks {
		b := new(block)
		w.fill(b, n)
		all = append(all, b.people[:]...)
	}
	return all
}

// The shares of the population are near those asked for.
func TestMarginalFrequencies(t *testing.T) {
	people := census(t, 2500)
	byCountry, first := map[string]int{}, map[string]int{}
	women, americans := 0, 0
	for i := range people {
		p := &people[i]
		byCountry[p.home.country.code]++
		women += b2i(p.female)
		if p.home.country.code == "US" {
			americans++
			first[p.family.first.native]++
		}
	}
	share := func(n, of int) int { return n * 1000 / of }
	for _, c := range plans {
		// Whole households have one country, which triples the variance:
		// 15 per mille are four standard deviations of the largest share.
		if got := share(byCountry[c.code], len(people)); got < c.weight*10-15 || got > c.weight*10+15 {
			t.Errorf("%s: %d per mille of the people, want about %d", c.code, got, c.weight*10)
		}
	}
	if got := share(women, len(people)); got < 470 || got > 530 {
		t.Errorf("%d per mille are women", got)
	}
	// Smith is 1.6 % of the counts in the list of American family names.
	if got := share(first["Smith"], americans); got < 8 || got > 26 {
		t.Errorf("%d per mille of the Americans are called Smith, want about 16", got)
	}
	if len(first) < 1500 {
		t.Errorf("%d American family names among %d people: no long tail", len(first), americans)
	}
}

// The cases that make matching hard are all there.
func TestHardCasesOccur(t *testing.T) {
	people := census(t, 1500)
	var twins, juniors, married, moved, family, tablets, minors int
	for i := range people {
		p := &people[i]
		married += b2i(!p.married.empty() && p.marriedOn < today)
		moved += b2i(p.left > 0 || p.home.stays > 1)
		family += b2i(p.emails[2].style == familyStyle)
		tablets += b2i(p.home.tablet != 0 && p.devices[2] == p.home.tablet)
		minors += b2i(p.age(today) < 16)
		if i == 0 || people[i-1].home != p.home {
			continue
		}
		before := &people[i-1]
		twins += b2i(before.birth == p.birth && before.family.first == p.family.first)
		juniors += b2i(p.suffix == "Jr")
	}
	for name, n := range map[string]int{
		"twins": twins, "juniors": juniors, "changed names": married, "moves": moved,
		"family addresses": family, "shared tablets": tablets, "minors": minors,
	} {
		if n < len(people)/1000 {
			t.Errorf("%s: %d among %d people", name, n, len(people))
		}
	}
}

// Nobody is born in the future or to a child, and nobody marries before birth.
func TestLivesArePossible(t *testing.T) {
	people := census(t, 1500)
	for i := range people {
		p := &people[i]
		if p.birth >= today || p.age(today) > 110 {
			t.Fatalf("entity %d is %d years old", p.index, p.age(today))
		}
		if !p.married.empty() && p.marriedOn < p.birth+18*year {
			t.Fatalf("entity %d married at %d", p.index, p.age(p.marriedOn))
		}
		if p.left > 0 && p.own[0].from < p.birth+18*year {
			t.Fatalf("entity %d left home at %d", p.index, int(p.own[0].from-p.birth)/year)
		}
	}
}

// Most entities have one to three records, a few have dozens.
func TestSizes(t *testing.T) {
	files, n := generated(t, options{entities: 6000, seed: 2})
	sizes := map[string]int{}
	for _, e := range column(t, csvRows(t, files["truth.csv"], ','), "entity") {
		sizes[e]++
	}
	small, largest := 0, 0
	for _, k := range sizes {
		small += b2i(k <= 3)
		largest = max(largest, k)
	}
	if uint64(len(sizes)) != n.entities {
		t.Errorf("%d of %d entities have records", len(sizes), n.entities)
	}
	if small < 4800 || small > 5300 || largest < 20 || largest > 45 {
		t.Errorf("%d entities have up to three records, the largest has %d", small, largest)
	}
	for i, share := range n.channels {
		if want := int64(n.records) * int64(styles[i].share) / 100; share < want*9/10 || share > want*11/10 {
			t.Errorf("channel %s has %d records, want about %d", styles[i].name, share, want)
		}
	}
}

// Every script appears where its channel can hold it.
func TestScripts(t *testing.T) {
	files, _ := generated(t, options{entities: 2000, seed: 2})
	for _, name := range []string{crmPart, webshopPart, loyaltyPart0} {
		for script, letter := range map[string]string{"Greek": "α", "Cyrillic": "а", "Arabic": "ا", "umlauts": "ü", "accents": "é"} {
			if !strings.Contains(files[name], letter) {
				t.Errorf("%s holds no %s", name, script)
			}
		}
	}
	calls := decode1252(t, files[callcentrePart])
	if !strings.Contains(calls, "ü") || strings.ContainsAny(calls, "αа") {
		t.Error("the call centre writes umlauts, and Greek and Cyrillic names in Latin letters")
	}
	rows := csvRows(t, calls, ';')
	if !slices.ContainsFunc(column(t, rows, "notes"), func(s string) bool { return strings.Contains(s, "\n") }) {
		t.Error("no note runs over two lines")
	}
	if slices.ContainsFunc(column(t, rows, "customer"), func(s string) bool { return strings.ContainsRune(s, '?') }) {
		t.Error("a name lost letters to the encoding")
	}
}
