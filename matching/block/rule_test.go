package block

import (
	"testing"

	"concord/matching/column"
	"concord/schemas/attribute"

	"pgregory.net/rapid"
)

func TestRuleReadsBackWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r Rule
		for range rapid.IntRange(1, 4).Draw(t, "keys") {
			k := Key{Kind: rapid.SampledFrom(column.Kinds()).Draw(t, "kind")}
			for range rapid.IntRange(1, 3).Draw(t, "names") {
				k.Names = append(k.Names, rapid.SampledFrom(attribute.All()).Draw(t, "attribute").Name)
			}
			k.Pair = len(k.Names) > 1 && rapid.Bool().Draw(t, "pair")
			r.Keys = append(r.Keys, k)
		}
		back, err := ParseRule(r.String())
		if err != nil {
			t.Fatal(err)
		}
		if back.String() != r.String() || len(back.Keys) != len(r.Keys) {
			t.Fatalf("%q reads back as %q", r, back)
		}
		for i, k := range back.Keys {
			if k.Pair != r.Keys[i].Pair || k.Kind != r.Keys[i].Kind || len(k.Names) != len(r.Keys[i].Names) {
				t.Fatalf("key %q reads back as %+v", r.Keys[i], k)
			}
		}
	})
}

func TestParseRuleNamesWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"emial":           `parse blocking rule "emial": key "emial": unknown attribute "emial"`,
		"email.sound":     `parse blocking rule "email.sound": key "email.sound": unknown kind "sound"`,
		"email + ":        `parse blocking rule "email + ": key "": unknown attribute ""`,
		"custom_x":        `parse blocking rule "custom_x": key "custom_x": unknown attribute "custom_x"`,
		"email.whole.low": `parse blocking rule "email.whole.low": key "email.whole.low": unknown kind "whole.low"`,
	} {
		if _, err := ParseRule(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func FuzzParseRule(f *testing.F) {
	f.Add("family_name.soundex + birth_date.year")
	f.Add("given_name|family_name.soundex + city")
	f.Add("given_name&family_name.spelling")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRule(text)
		if err != nil {
			return
		}
		back, err := ParseRule(r.String())
		if err != nil || back.String() != r.String() {
			t.Fatalf("%q reads as %q, which reads as %q, %v", text, r, back, err)
		}
	})
}
