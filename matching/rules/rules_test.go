package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"concord/matching/block"
	"concord/matching/column"
	"concord/schemas/attribute"
	"concord/schemas/table"

	"pgregory.net/rapid"
)

// people makes a table of rows "given|family|birth|email|phone|ssn|suffix".
func people(rows ...string) *column.Table {
	names := []attribute.Name{
		attribute.GivenName, attribute.FamilyName, attribute.BirthDate, attribute.Email,
		attribute.Phone, attribute.Identifier("ssn"), attribute.NameSuffix,
	}
	t := &column.Table{N: len(rows), Source: make([]uint16, len(rows)), Hash: make([]uint64, len(rows))}
	for i, name := range names {
		c := column.Column{Name: name, Count: []uint32{0}}
		c.Values.Append("")
		codes := map[string]uint32{"": 0}
		for r, row := range rows {
			t.Hash[r] = uint64(r)
			v := strings.Split(row, "|")[i]
			if _, ok := codes[v]; !ok {
				codes[v] = c.Values.Append(v)
				c.Count = append(c.Count, 0)
			}
			c.Codes = append(c.Codes, codes[v])
			c.Count[codes[v]]++
		}
		t.Columns = append(t.Columns, c)
	}
	return t
}

func rule(t *testing.T, table *column.Table, name string) Rule {
	for _, r := range Default(table) {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no rule %q", name)
	return Rule{}
}

func TestRulesAndTheirVetoes(t *testing.T) {
	for _, c := range []struct {
		name, rule string
		a, b       string
		links      int
		vetoed     int64
	}{
		{"equal identifiers link", "same_ssn", "ana|cruz||||77|", "ana|cruz||||77|", 1, 0},
		{"a missing identifier links nothing", "same_ssn", "ana|cruz|||||", "ana|cruz|||||", 0, 0},
		{"an identifier outweighs a changed given name", "same_ssn", "ana|cruz|1980-05-31|||77|", "berta|cruz|1980-05-31|||77|", 1, 0},
		{"another given name and birth date veto an identifier", "same_ssn", "ana|cruz|1980-05-31|||77|", "otto|lang|1951-02-03|||77|", 0, 1},
		{"a birth date with one error does not veto", "same_ssn", "ana|cruz|1980-05-31|||77|", "otto|lang|1981-05-31|||77|", 1, 0},
		{"nicknames agree", "email_given_name", "robert|hall||h@x.example|||", "bob|hall||h@x.example|||", 1, 0},
		{"a couple sharing an e-mail address stays apart", "email_given_name", "john|hall||h@x.example|||", "mary|hall||h@x.example|||", 0, 0},
		{"father and son sharing an e-mail address stay apart", "email_given_name", "john|hall|1951-02-03|h@x.example|||", "john|hall|1980-05-31|h@x.example|||", 0, 1},
		{"junior and senior stay apart", "email_given_name", "john|hall||h@x.example|||jr", "john|hall||h@x.example|||sr", 0, 1},
		{"twins sharing e-mail address and birth date stay apart", "email_birth_date", "mark|hall|1980-05-31|h@x.example|||", "peter|hall|1980-05-31|h@x.example|||", 0, 1},
		{"a bare initial is no contradiction", "email_birth_date", "j|hall|1980-05-31|h@x.example|||", "john|hall|1980-05-31|h@x.example|||", 1, 0},
		{"a missing given name is no contradiction", "email_phone", "|||h@x.example|+15550001||", "john|||h@x.example|+15550001||", 1, 0},
		{"telephone and name", "phone_name", "bob|hall|||+15550001||", "robert|hall|||+15550001||", 1, 0},
		{"name and birth date", "name_birth_date", "ana|cruz|1980-05-31||||", "ana|cruz|1980-05-31||||", 1, 0},
	} {
		table := people(c.a, c.b)
		got, err := Apply(table, rule(t, table, c.rule), Guards{})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Links) != c.links || got.Vetoed != c.vetoed {
			t.Errorf("%s: %d links and %d vetoed, want %d and %d", c.name, len(got.Links), got.Vetoed, c.links, c.vetoed)
		}
	}
}

func TestValueOfTooManyRecordsIsDisqualified(t *testing.T) {
	rows := make([]string, 4)
	for i := range rows {
		rows[i] = "ana|cruz||||77|"
	}
	table := people(rows...)
	for limit, want := range map[int]int{4: 6, 3: 0} {
		g := Guards{Limit: map[attribute.Name]int{attribute.Identifier("ssn"): limit}}
		got, err := Apply(table, rule(t, table, "same_ssn"), g)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Links) != want || (got.SharedValues == 1) != (want == 0) {
			t.Errorf("limit %d: %d links, %d values disqualified", limit, len(got.Links), got.SharedValues)
		}
	}
}

func TestDoubtfulAddressDoesNotCountAlone(t *testing.T) {
	table := people("ana|cruz|1980-05-31|info@x.example|||", "ana|cruz|1980-05-31|info@x.example|||")
	doubtful := []bool{false, true}
	g := Guards{Doubtful: map[attribute.Name][]bool{attribute.Email: doubtful}}
	for name, want := range map[string]int{"alone": 0, "beside one key": 0, "beside two keys": 1} {
		keys := []attribute.Name{attribute.Email, attribute.GivenName, attribute.FamilyName}
		r := All("own", keys[:map[string]int{"alone": 1, "beside one key": 2, "beside two keys": 3}[name]])
		got, err := Apply(table, r, g)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Links) != want || got.DoubtfulValues != 1-want {
			t.Errorf("%s: %d links, %d doubtful values, want %d links", name, len(got.Links), got.DoubtfulValues, want)
		}
	}
}

func TestDoubtfulIsWhatEveryVariantIs(t *testing.T) {
	c := table.Column{Canon: []uint32{0, 1, 2, 2}, Flags: []table.Flag{0, table.Role, table.Disposable, 0}}
	for range 3 {
		c.Canonical.Append("")
	}
	if got := Doubtful(&c); !slices.Equal(got, []bool{false, true, false}) {
		t.Errorf("got %v", got)
	}
}

func TestConfigure(t *testing.T) {
	table := people("ana|cruz|1980-05-31||||")
	rules, err := Configure(table, []string{"email_phone"}, []Rule{All("own", []attribute.Name{attribute.Email})})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"same_ssn", "email_given_name", "email_birth_date", "phone_name", "name_birth_date", "own"}
	if got := names(rules); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, r := range rules {
		if !strings.HasSuffix(r.Description, ".") {
			t.Errorf("rule %q needs a sentence, has %q", r.Name, r.Description)
		}
	}
	if _, err := Configure(table, []string{"email_fone"}, nil); err == nil || !strings.Contains(err.Error(), "email_fone") {
		t.Errorf("an unknown name: got %v", err)
	}
	if _, err := Configure(table, nil, []Rule{All("own", []attribute.Name{attribute.Device})}); err == nil || !strings.Contains(err.Error(), "device_id") {
		t.Errorf("a missing attribute: got %v", err)
	}
}

func TestMergeKeepsTheFirstRuleAndTheGreatestWeight(t *testing.T) {
	x := Result{Rule: Rule{Name: "x", Weight: 7}, Links: []Pair{{0, 1}, {2, 3}}}
	y := Result{Rule: Rule{Name: "y", Weight: 10, Own: true}, Links: []Pair{{0, 1}, {0, 2}}}
	got := slices.Collect(Merge([]Result{x, y}, Judgements{Cannot: []Pair{{2, 3}}}))
	want := []Link{{Pair{0, 1}, 0, 10, true}, {Pair{0, 2}, 1, 10, true}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if n := Common(x, y); n != 1 {
		t.Errorf("%d pairs in common, want 1", n)
	}
}

func TestJudgeRefusesContradictions(t *testing.T) {
	for want, c := range map[string]struct{ must, cannot []Pair }{
		"read must-link judgements: record 1 is judged against itself":                  {[]Pair{{1, 1}}, nil},
		"read cannot-link judgements: record 9 does not exist: there are 3":             {nil, []Pair{{9, 1}}},
		"records 0 and 2 are judged both the same and not the same: keep one judgement": {[]Pair{{2, 0}}, []Pair{{0, 2}}},
	} {
		if _, err := Judge(c.must, c.cannot, 3); err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	j, err := Judge([]Pair{{2, 1}, {1, 2}, {1, 0}}, nil, 3)
	if err != nil || !slices.Equal(j.Must, []Pair{{0, 1}, {1, 2}}) {
		t.Errorf("got %v, %v", j.Must, err)
	}
}

// TestLinksAgreeOnEveryKey checks every rule against its own words on crowded
// random records: the links are the pairs that agree on all keys and are not
// vetoed.
func TestLinksAgreeOnEveryKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			pick := func(values ...string) string { return rapid.SampledFrom(values).Draw(t, "value") }
			return strings.Join([]string{
				pick("", "ana", "bob", "robert", "r"), pick("", "cruz", "hall"), pick("", "1980-05-31", "1951-02-03", "1980-02-03"),
				pick("", "a@x.example", "b@x.example"), pick("", "+15550001", "+15550002"), pick("", "77", "78"), pick("", "jr", "sr"),
			}, "|")
		}), 0, 25).Draw(t, "rows")
		table := people(rows...)
		for _, r := range Default(table) {
			got, err := Apply(table, r, Guards{})
			if err != nil {
				t.Fatal(err)
			}
			want, vetoed := naive(table, r)
			if !slices.Equal(got.Links, want) || got.Vetoed != vetoed {
				t.Fatalf("rule %q: %v and %d vetoed, want %v and %d", r.Name, got.Links, got.Vetoed, want, vetoed)
			}
		}
	})
}

func naive(t *column.Table, r Rule) (links []Pair, vetoed int64) {
	conflicts := newConflicts(t)
	for a := range uint32(t.N) {
		for b := a + 1; b < uint32(t.N); b++ {
			agree := !slices.ContainsFunc(r.Keys, func(k block.Key) bool {
				return !slices.ContainsFunc(keys(t, k, a), func(key string) bool { return slices.Contains(keys(t, k, b), key) })
			})
			switch {
			case !agree:
			case conflicts.veto(r, a, b):
				vetoed++
			default:
				links = append(links, Pair{a, b})
			}
		}
	}
	return links, vetoed
}

func keys(t *column.Table, k block.Key, r uint32) []string {
	c := t.Column(k.Names[0])
	if v := c.Values.At(c.Single(r)); v != "" {
		return column.Keys(k.Kind, v, nil)
	}
	return nil
}

func Example() {
	table := people("robert|hall||h@x.example|||", "bob|hall||h@x.example|||")
	for _, r := range Default(table) {
		if result, err := Apply(table, r, Guards{}); err == nil && len(result.Links) > 0 {
			fmt.Println(r.Name, result.Links)
		}
	}
	// Output: email_given_name [{0 1}]
}
