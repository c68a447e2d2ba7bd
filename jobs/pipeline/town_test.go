package pipeline

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// town is invented people as rows of two channels and a consent feed: enough
// to train on, with misspellings, moves, families and several records each.
type town struct {
	crm, web, consents []string // rows of csv, without header
}

const (
	crmHeader     = "id,first,last,born,email,phone,street,city,country,updated"
	webHeader     = "id,name,email,city,country,seen"
	consentHeader = "subject_kind,subject_value,purpose,channel,state,event_time"
)

var (
	townGiven  = strings.Fields("Agnes Albert Alma Arthur Beatrix Bernard Bruno Camilla Cecil Clara Claude Cora Delia Denis Edgar Edith Edmund Elias Emil Esther Eva Fergus Flora Frank Freya Greta Hamish Hector Hilda Howard Hugo Ida Irene Isaac Jasper Joan Julian Keith Leonard Lilian Lorna Lydia Mabel Magnus Marcia Martha Mona Muriel Neil Nina Olive Oscar Percy Ralph Rhoda Rosa Rupert Ruth Saul Selma Stella Thelma Ursula Vera Viola Wanda Zelda")
	townFamily = strings.Fields("Abbott Ainsley Barrow Bexley Birch Blythe Bolton Brandon Briggs Calder Carver Clifford Colby Compton Corbett Crane Crosby Dalton Denham Dorset Drake Easton Elwood Farley Fenton Finch Garland Gifford Granger Hadley Harlow Hastings Holden Huxley Ingram Jarvis Keating Kirby Lambert Langley Latham Lockwood Maitland Marlow Merton Norwood Oakley Padgett Parrish Prescott Ramsey Redfern Ridley Sawyer Selby Sheldon Sterling Sutton Talbot Thorne Vance Walton Weston Whitby Winslow Yardley")
	townCities = strings.Fields("Exeter Norwich Lincoln Oxford Preston Truro")
)

// newTown invents n people.
func newTown(n int) town {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	var t town
	for i := range n {
		first, last, city := pick(townGiven), pick(townFamily), pick(townCities)
		born := fmt.Sprintf("%d-%02d-%02d", 1940+r.IntN(65), 1+r.IntN(12), 1+r.IntN(28))
		email := strings.ToLower(fmt.Sprintf("%s.%s%d@post.alt", first, last, r.IntN(3)))
		phone := fmt.Sprintf("020 7946 %04d", r.IntN(10000))
		street := fmt.Sprintf("%d %s Road", 1+r.IntN(90), pick(townFamily))
		crm := func(first, email, day string) {
			t.crm = append(t.crm, fmt.Sprintf("C%04d,%s,%s,%s,%s,%s,%s,%s,GB,2025-%s", len(t.crm), first, last, born, email, phone, street, city, day))
		}
		crm(first, email, "01-15")
		if i%3 == 0 {
			crm(first[:len(first)-1], "", "03-01") // misspelt
		}
		if i%5 == 0 { // a newer version under the same key
			t.crm = append(t.crm, strings.Replace(t.crm[len(t.crm)-1], "2025-", "2026-", 1))
		}
		if i%2 == 0 {
			t.web = append(t.web, fmt.Sprintf("W%04d,%s %s,%s,%s,GB,2025-06-%02d", i, first, last, email, city, 1+r.IntN(28)))
		}
		state := []string{"given", "withdrawn", "given", "objected"}[r.IntN(4)]
		if i%2 == 1 || i%4 == 0 {
			t.consents = append(t.consents, fmt.Sprintf("email,%s,marketing.communications,email,%s,2025-%02d-01T00:00:00Z", email, state, 1+r.IntN(12)))
		}
	}
	return t
}

// Channels of the town's job.
const (
	townHead = "job: town\nstore: data\noutput: out\ncontroller: Town Hall\nregion: GB\nchannels:\n"
	townCRM  = "key: id\n    event_time: updated\n    fields: {first: given_name, last: family_name, born: birth_date, email: email, phone: phone, street: street_address, city: city, country: country}\n"
	townWeb  = "  web:\n    read: web.csv\n    key: id\n    event_time: seen\n    fields: {name: full_name, email: email, city: city, country: country}\n  feed: {kind: consent, read: consents.csv}\n"
	townTail = "snapshots:\n  essential: {purpose: essential.service, basis: contract}\n  marketing: {purpose: marketing.communications, channel: email}\n"
	townJob  = townHead + "  crm:\n    read: \"crm*.csv\"\n    " + townCRM + townWeb + townTail
)

// files are the town's extracts, by name.
func (t town) files() map[string][]string {
	return map[string][]string{
		"crm.csv":      append([]string{crmHeader}, t.crm...),
		"web.csv":      append([]string{webHeader}, t.web...),
		"consents.csv": append([]string{consentHeader}, t.consents...),
	}
}

// settle writes a job and its extracts to a folder of their own, with the
// stories' key, and gives the job's configuration.
func settle(t testing.TB, job string, files map[string][]string, workers int) *Config {
	t.Helper()
	home := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(home, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("job.yaml", job)
	write("out/"+keyFile, storyKey)
	for name, rows := range files {
		write("data/"+name, strings.Join(rows, "\n")+"\n")
	}
	return configOf(t, filepath.Join(home, "job.yaml"), workers)
}

// shuffled is the rows in another order, the header first.
func shuffled(rows []string, seed uint64) []string {
	out := slices.Clone(rows)
	r := rand.New(rand.NewPCG(seed, seed))
	r.Shuffle(len(out)-1, func(i, k int) { out[i+1], out[k+1] = out[k+1], out[i+1] })
	return out
}
