package consent

import (
	"errors"
	"strings"
	"testing"

	"concord/schemas/attribute"

	"pgregory.net/rapid"
)

func TestDefaultRegistry(t *testing.T) {
	r := DefaultRegistry()
	for _, key := range []string{"personalize.recommendations", "analytics.audience", "operations.identity_resolution", "marketing.enrichment"} {
		c, ok := r.Code(key)
		if !ok || r.Purpose(c).Origin != "concord" || r.Purpose(c).About != AboutPerson {
			t.Errorf("%s: want our own purpose about the person", key)
		}
	}
	tcf := map[int]int{}
	for _, p := range r.Purposes() {
		for _, id := range p.TCF {
			tcf[id]++
		}
		if !strings.HasPrefix(p.DPVIRI(), "https://w3id.org/dpv#") {
			t.Errorf("%s: DPV IRI %q", p.Key, p.DPVIRI())
		}
	}
	for id := 1; id <= 11; id++ {
		if tcf[id] == 0 {
			t.Errorf("TCF purpose %d maps to nothing", id)
		}
	}
}

// Every data category that the attributes carry is one of the registry's.
func TestAttributesHaveKnownCategories(t *testing.T) {
	specs := attribute.All()
	for _, kind := range []string{"ssn", "loyalty"} {
		spec, _ := attribute.Lookup(attribute.Identifier(kind))
		specs = append(specs[:len(specs):len(specs)], spec)
	}
	for _, s := range specs {
		if !DefaultRegistry().Category(s.Category) {
			t.Errorf("%s: data category %q is not in the registry", s.Name, s.Category)
		}
	}
}

// Codes number the tree so that covering is a range, as the keys say it.
func TestCoversIsThePrefixOrder(t *testing.T) {
	r := DefaultRegistry()
	for p := range r.Purposes() {
		for q := range r.Purposes() {
			a, b := r.Purposes()[p].Key, r.Purposes()[q].Key
			want := a == b || strings.HasPrefix(b, a+".")
			if r.Covers(PurposeCode(p), PurposeCode(q)) != want {
				t.Fatalf("covers(%s, %s) is not %v", a, b, want)
			}
		}
	}
}

func TestResolve(t *testing.T) {
	r := DefaultRegistry()
	tests := []struct {
		key, purpose string
		channel      Channel
		split        bool
	}{
		{"marketing.communications", "marketing.communications", AnyChannel, false},
		{"marketing.communications.email", "marketing.communications", ByEmail, true},
		{"marketing.communications.whatsapp", "marketing.communications", ByWhatsApp, true},
		{"essential.service.notifications.sms", "essential.service.notifications", BySMS, true},
	}
	for _, tt := range tests {
		c, ch, split, err := r.Resolve(tt.key)
		if err != nil || r.Purpose(c).Key != tt.purpose || ch != tt.channel || split != tt.split {
			t.Errorf("%s: %v %v %v %v", tt.key, c, ch, split, err)
		}
	}
	unknown := map[string]string{
		"marketing.comunications":         "marketing.communications",
		"analytics.email":                 "analytics", // not about a contact point
		"marketing.communications.pigeon": "marketing.communications",
		"personalise":                     "personalize",
		"":                                "sales",
	}
	for key, nearest := range unknown {
		_, _, _, err := r.Resolve(key)
		var e *UnknownPurposeError
		if !errors.As(err, &e) || e.Nearest != nearest {
			t.Errorf("%q: got %v, want the suggestion %q", key, err, nearest)
		}
	}
}

func TestLoadRegistryIsStrict(t *testing.T) {
	entry := func(key, parent string) string {
		return `{"key":"` + key + `","origin":"x","about":"person","dpv":"X","tcf":[],"tcf_special":[],"gpp":[],"title":"` + parent + `"}`
	}
	file := func(purposes string) string {
		return `{"version":"1","sources":[],"purposes":[` + purposes + `],"categories":["user"]}`
	}
	if _, err := LoadRegistry([]byte(file(entry("a", "t") + "," + entry("a.b", "t")))); err != nil {
		t.Fatal(err)
	}
	bad := map[string]string{
		"no purposes":    file(""),
		"no parent":      file(entry("a.b", "t")),
		"out of order":   file(entry("b", "t") + "," + entry("a", "t")),
		"repeated":       file(entry("a", "t") + "," + entry("a", "t")),
		"bad key":        file(entry("A", "t")),
		"no title":       file(entry("a", "")),
		"unknown key":    strings.Replace(file(entry("a", "t")), `"version"`, `"versoin"`, 1),
		"unknown about":  strings.Replace(file(entry("a", "t")), `"person"`, `"pet"`, 1),
		"something more": file(entry("a", "t")) + "{}",
		"not JSON":       "purposes: []",
	}
	for name, data := range bad {
		if _, err := LoadRegistry([]byte(data)); err == nil {
			t.Errorf("%s: was accepted", name)
		}
	}
}

// The distance is a metric, and a suggestion is never farther than another.
func TestNearestIsNearest(t *testing.T) {
	r := DefaultRegistry()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b"), rapid.String().Draw(t, "c")
		ab := editDistance(a, b)
		if ab != editDistance(b, a) || (ab == 0) != (a == b) || ab > editDistance(a, c)+editDistance(c, b) {
			t.Fatal("not a metric")
		}
		best := editDistance(a, r.Nearest(a))
		for _, p := range r.Purposes() {
			if editDistance(a, p.Key) < best {
				t.Fatalf("%q is nearer", p.Key)
			}
		}
	})
}

// FuzzLoadRegistry: whatever is accepted covers as its keys say.
func FuzzLoadRegistry(f *testing.F) {
	f.Add([]byte(`{"version":"1","sources":[],"purposes":[{"key":"a","origin":"x","about":"person","dpv":"X","tcf":[],"tcf_special":[],"gpp":[],"title":"t"}],"categories":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := LoadRegistry(data)
		if err != nil {
			return
		}
		for i, p := range r.Purposes() {
			c, ok := r.Code(p.Key)
			if !ok || int(c) != i || !r.Covers(c, c) || r.Last(c) < c {
				t.Fatalf("purpose %d is not where its key says", i)
			}
		}
	})
}
