package normalize

import "testing"

func TestFold(t *testing.T) {
	for _, e := range []example{
		{"José", "jose"}, {"MÜLLER", "muller"}, {"Straße", "strasse"}, {"Øyvind Åse", "oyvind ase"}, {"Łukasz", "lukasz"}, {"Đorđe", "dorde"},
		{"O'Hare", "ohare"}, {"O’Hare", "ohare"}, {"Jean-Luc", "jean luc"}, {"  a   b ", "a b"}, {"Ｆｕｌｌ", "full"}, {"ﬁn", "fin"}, {"İstanbul", "istanbul"},
		{"Nguyễn Thị", "nguyen thi"}, {"Ægir", "aegir"}, {"", ""}, {"...", ""}, {"№ 5", "no 5"}, {"٣٤", "34"},
	} {
		if got := Fold(e.raw); got != e.want {
			t.Errorf("Fold(%q) = %q, want %q", e.raw, got, e.want)
		}
	}
}

func TestFoldRomanises(t *testing.T) {
	for _, e := range []example{
		// Cyrillic: a known name, letters, endings, Ukrainian letters.
		{"Александр", "alexander"}, {"Лавров", "lavrov"}, {"Юрий", "yury"}, {"Зеленський", "zelensky"}, {"Достоевский", "dostoevsky"},
		{"Гулієв", "huliyev"}, {"Лесьева", "lesieva"}, {"Ива́н", "ivan"},
		// Greek: digraphs before letters.
		{"Παπαδόπουλος", "papadopoulos"}, {"Γιώργος", "giorgos"}, {"Ευαγγελία", "evangelia"},
		// Arabic: letter variants, marks and tatweel change nothing.
		{"محمد", "mohamed"}, {"مُحَمَّد", "mohamed"}, {"محـمد", "mohamed"}, {"أحمد", "ahmed"}, {"احمد", "ahmed"}, {"فيصل صديقي", "faisal siddiqui"},
		{"الخطيب", "al khatib"},
		// Other scripts, by their letters.
		{"王杰", "wang jie"}, {"김", "kim"}, {"ბერიძე", "beridze"}, {"Գրիգորյան", "grigoryan"}, {"देवी", "devi"},
	} {
		if got := Fold(e.raw); got != e.want {
			t.Errorf("Fold(%q) = %q, want %q", e.raw, got, e.want)
		}
	}
}

func TestClean(t *testing.T) {
	for _, e := range []example{
		{"a\tb\r\nc", "a b c"}, {"e\u0301", "é"}, {"a\u200bb\ufeff", "ab"}, {"a\x00b", "ab"}, {"O’Brien – “x”", `O'Brien - "x"`}, {"\xffa", "a"}, {"a\u00a0 b", "a b"},
	} {
		if got := clean(e.raw); got != e.want {
			t.Errorf("clean(%q) = %q, want %q", e.raw, got, e.want)
		}
	}
}

func TestASCIIDigits(t *testing.T) {
	if got := asciiDigits("٠١٢ १२ ７"); got != "012 12 7" {
		t.Errorf("asciiDigits gives %q", got)
	}
}

func BenchmarkFold(b *testing.B) {
	for _, c := range []struct{ name, text string }{{"ascii", "Maria de la Cruz"}, {"latin", "María de la Cruz Müller"}, {"cyrillic", "Александр Васильев"}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Fold(c.text)
			}
		})
	}
}
