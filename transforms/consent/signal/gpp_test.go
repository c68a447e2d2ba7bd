package signal

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// Published GPP strings: spec, "Global Privacy Platform String", header and
// string examples; gpp-es, IAB Tech Lab's iabgpp-es, HeaderV1 tests.
func TestPublishedGPPStrings(t *testing.T) {
	const tc = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"
	tests := []struct{ name, text, want string }{
		{"spec header 1", "DBABM~" + tc, "[{2 " + tc + "}]"},
		{"spec header 2", "DBACNY~" + tc + "~1YNN", "[{2 " + tc + "} {6 1YNN}]"},
		{"spec header 3", "DBABjw~" + tc + "~1YNN", "[{5 " + tc + "} {6 1YNN}]"},
		{"spec string 1", "DBABMA~" + tc, "[{2 " + tc + "}]"},
		{"spec string 2", "DBACNYA~" + tc + "~1YNN", "[{2 " + tc + "} {6 1YNN}]"},
		{"gpp-es no section", "DBAA", "[]"},
	}
	for _, tt := range tests {
		got, err := DecodeGPP(tt.text)
		if err != nil || fmt.Sprint(got) != tt.want {
			t.Errorf("%s: %v %v, want %s", tt.name, got, err, tt.want)
		}
	}
	// The specification's own range example, [3,5,6,7,8].
	b := &writer{}
	b.WriteString("000011" + "000001" + "000000000010" + "0" + "0011" + "1" + "011" + "0011")
	got, err := DecodeGPP(b.base64() + "~a~b~c~d~e")
	if err != nil || fmt.Sprint(got) != "[{3 a} {5 b} {6 c} {7 d} {8 e}]" {
		t.Errorf("range example: %v %v", got, err)
	}
}

// Published US sections: IAB Tech Lab's iabgpp-es, the tests Us*.test.ts.
// Values are those the tests set, in the order of the section's fields.
func TestPublishedUSSections(t *testing.T) {
	tests := []struct {
		id     int
		text   string
		values string // all digits in order
		gpc    bool
	}{
		{7, "BAAAAAAAAABA.QA", "000000000" + "0000000000000000" + "000" + "0" + "100", false},
		{7, "BVVVkkkkkpFY.YA", "111111111" + "2102102102102102" + "210" + "1" + "112", true},
		{7, "BVVVkkkkkpFY", "111111111" + "2102102102102102" + "210" + "1" + "112", false},
		// The first version; the test there names other opt-outs, in assertions
		// that cannot fail. These are the bits.
		{7, "BVQqAAAACg", "111100222" + "000000000000" + "00" + "2" + "200", false},
		{8, "BAAAAABA.QA", "00000" + "000000000" + "00" + "0" + "100", false},
		{8, "BVWSSSVY.YA", "11111" + "210210210" + "21" + "1" + "112", true},
		{9, "BVWSSVY", "11111" + "21021021" + "1" + "112", false},
		{10, "BVWSSVg.Y", "11111" + "2102102" + "1" + "112", true},
		{10, "BVWSSVg.YA", "11111" + "2102102" + "1" + "112", true},
		{11, "BVVkklW", "111111" + "21021021" + "1" + "112", false},
		{11, "BVVkklWA", "111111" + "21021021" + "1" + "112", false},
		{12, "BVWSSZFg.YA", "11111" + "21021021" + "210" + "112", true},
		{13, "BVWSSZlY", "11111" + "21021021" + "212" + "1" + "112", false},
		{14, "BVWSSZFY.YA", "11111" + "21021021" + "210" + "1" + "112", true},
		{15, "BVWSSRpFYA.YA", "11111" + "21021021012" + "210" + "1" + "112", true},
		{16, "BVWSSVW.Y", "11111" + "21021021" + "1" + "1" + "112", true},
		{17, "BVWSSSSVY.Y", "11111" + "210210210" + "21021" + "1" + "112", true},
		{18, "BVVkklW.Y", "111111" + "21021021" + "1" + "112", true},
		{19, "BVWSSVW.Y", "11111" + "21021021" + "1" + "1" + "112", true},
		{20, "BVWSSZFY.Y", "11111" + "21021021" + "210" + "1" + "112", true},
		{21, "BVWSSRklWA.YA", "11111" + "2102102101" + "21021" + "1" + "112", true},
		{22, "BVWSSVWA.YA", "11111" + "21021021" + "1" + "1" + "112", true},
	}
	seen := map[int]bool{}
	for _, tt := range tests {
		seen[tt.id] = true
		s, err := DecodeUS(Section{tt.id, tt.text})
		if err != nil {
			t.Errorf("section %d %s: %v", tt.id, tt.text, err)
			continue
		}
		values := ""
		for _, f := range s.Fields {
			for _, v := range f.Values {
				values += fmt.Sprint(v)
			}
		}
		if values != tt.values || s.GPC != tt.gpc || s.Version != 1 {
			t.Errorf("section %d %s: version %d, %s, gpc %v, want %s, gpc %v", tt.id, tt.text, s.Version, values, s.GPC, tt.values, tt.gpc)
		}
	}
	for _, l := range usLayouts {
		if !seen[l.id] {
			t.Errorf("section %d has no published vector here", l.id)
		}
	}
}

// anyUS draws a valid section of a layout.
func anyUS(t *rapid.T) (Section, *USSection) {
	l := rapid.SampledFrom(usLayouts).Draw(t, "layout")
	s := &USSection{ID: l.id, Name: l.name, Place: l.place}
	s.Version = rapid.IntRange(l.from, l.to).Draw(t, "version")
	for _, f := range l.list {
		s.Fields = append(s.Fields, USField{f.name, rapid.SliceOfN(rapid.IntRange(0, 2), f.count, f.count).Draw(t, f.name)})
	}
	segment := l.gpc && rapid.Bool().Draw(t, "segment")
	s.GPC = segment && rapid.Bool().Draw(t, "gpc")
	return Section{l.id, encodeUS(s, segment)}, s
}

func TestUSSectionsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		section, want := anyUS(t)
		got, err := DecodeUS(section)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%v: %+v %v, want %+v", section, got, err, want)
		}
	})
}

func TestGPPStringsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []Section
		id := 0
		for range rapid.IntRange(0, 12).Draw(t, "sections") {
			id += rapid.IntRange(1, 30).Draw(t, "step")
			want = append(want, Section{id, rapid.StringMatching("[A-Za-z0-9_.-]{0,9}").Draw(t, "text")})
		}
		got, err := DecodeGPP(encodeGPP(want))
		if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%v %v, want %v", got, err, want)
		}
	})
}

func TestDamagedGPPStringsAreRefused(t *testing.T) {
	tests := []struct {
		name, text string
		code       Code
	}{
		{"a TC string", "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA", BadVersion},
		{"header version 2", "DCABM~x", BadVersion},
		{"header alone cut", "DBA", Truncated},
		{"header with no section list", "DB", Truncated},
		{"section missing", "DBACNY~1YNN", BadSections},
		{"section too many", "DBABM~1YNN~1YNN", BadSections},
		{"sections without a header entry", "DBAA~1YNN", BadSections},
		{"header with stray bits", "DBABP~1YNN", TrailingData},
		{"header too long", "DBABMAAA~x", TrailingData},
		{"ordinary base64", "DBA/~1YNN", BadBase64},
		{"TCF of version 1", encodeGPP([]Section{{1, "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA"}}), UnknownSection},
		{"Canada", "DBABjw~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YNN", UnknownSection},
		{"a section of the future", encodeGPP([]Section{{23, "BVWSSVW.Y"}}), UnknownSection},
		{"empty US Privacy", encodeGPP([]Section{{6, ""}}), Truncated},
		{"empty TC string", encodeGPP([]Section{{2, ""}}), Truncated},
		{"empty state", encodeGPP([]Section{{8, ""}}), Truncated},
		{"state cut", encodeGPP([]Section{{8, "BVWSSSV"}}), Truncated},
		{"state too long", encodeGPP([]Section{{8, "BVWSSSVYAA"}}), TrailingData},
		{"state with stray bits", encodeGPP([]Section{{9, "BVWSSVZ"}}), TrailingData},
		{"state of version 2", encodeGPP([]Section{{8, "CVWSSSVY"}}), BadVersion},
		{"national of version 3", encodeGPP([]Section{{7, "DVVVkkkkkpFY"}}), BadVersion},
		{"national of version 12", encodeGPP([]Section{{7, "MVVVkkkkkpFY"}}), BadVersion},
		{"national of version 0", encodeGPP([]Section{{7, "AVVVkkkkkpFY"}}), BadVersion},
		{"national 2 as short as 1", encodeGPP([]Section{{7, "CVQqAAAACg"}}), Truncated},
		{"value 3", encodeGPP([]Section{{12, "BbYbG22w"}}), BadValue}, // iabgpp-es decodes this one
		{"GPC where there is none", encodeGPP([]Section{{9, "BVWSSVY.YA"}}), BadSegment},
		{"GPC twice", encodeGPP([]Section{{8, "BVWSSSVY.YA.YA"}}), BadSegment},
		{"segment of type 2", encodeGPP([]Section{{8, "BVWSSSVY.gA"}}), BadSegment},
		{"GPC segment empty", encodeGPP([]Section{{8, "BVWSSSVY."}}), Truncated},
		{"GPC segment too long", encodeGPP([]Section{{8, "BVWSSSVY.YAA"}}), TrailingData},
		{"one bad section after a good one", encodeGPP([]Section{{6, "1YYN"}, {8, "BVWSSSV"}}), Truncated},
	}
	for _, tt := range tests {
		said, err := Read(GPP, tt.text)
		e, ok := err.(*Error)
		if !ok || e.Code != tt.code || said != nil {
			t.Errorf("%s: states %v, error %v, want %s", tt.name, said, err, tt.code)
		}
	}
}
