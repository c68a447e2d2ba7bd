package extract

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSniffCSV(t *testing.T) {
	for _, c := range []struct {
		name, text string
		delimiter  byte
		header     Header
	}{
		{"names of fields", "id,first_name,city\n1,Ana,Lyon\n2,Bo,Oslo\n", ',', HasHeader},
		{"no header, numbers", "1,Ana,Lyon\n2,Bo,Oslo\n3,Cy,Rome\n", ',', NoHeader},
		{"no header, e-mail", "ana@x.fr;Ana;Lyon\nbo@x.no;Bo;Oslo\n", ';', NoHeader},
		{"no header, words", "Abner,Ab\nAbigail,Abby\nAdam,Ad\nAlbert,Al\n", ',', NoHeader},
		{"header in words", "Country,Rank,Gender\nAM,1,F\nAL,2,M\n", ',', HasHeader},
		{"header in German", "Vorname;Nachname;Ort\nAnna;Muster;Bonn\nBernd;Probe;Köln\n", ';', HasHeader},
		{"decimal commas", "kunde;betrag;plz\nA1;1,5;50667\nA2;2,25;10115\nA3;3,0;20095\n", ';', HasHeader},
		{"tab with commas inside", "name\taddress\nAna\t1 Rue A, Lyon\nBo\t2 Vei B, Oslo\n", '\t', HasHeader},
		{"quoted delimiters", "name,address\n\"Cruz, Ana\",\"1 Rue A; Lyon\"\n\"Bo, B\",\"2 Vei; Oslo\"\n", ',', HasHeader},
		{"one column", "email\na@x.fr\nb@x.fr\n", ',', HasHeader},
		{"unknown words, other kinds below", "Foo,Bar\nx1,17\nx2,18\n", ',', HasHeader},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, ev, err := Sniff([]byte(c.text), int64(len(c.text)))
			if err != nil {
				t.Fatal(err)
			}
			if d.Format != CSV || d.Delimiter != c.delimiter || d.Header != c.header {
				t.Errorf("sniffed %s, delimiter %q, header %d; evidence %+v", d.Format, d.Delimiter, d.Header, ev.Guesses)
			}
			for _, g := range ev.Guesses {
				if g.Confidence <= 0 || g.Confidence > 1 || g.Reason == "" {
					t.Errorf("guess without ground: %+v", g)
				}
			}
		})
	}
}

func TestSniffGiven(t *testing.T) {
	got := readAll(textSource("1;a\n2;b\n"), Dialect{Columns: []string{"id", "n"}}, Limits{})
	wantLines(t, "rows", got.rows, "1: 1|a", "2: 2|b")
	got = readAll(textSource("ID;N\n1;a\n"), Dialect{Columns: []string{"id", "n"}}, Limits{}, "n")
	wantLines(t, "rows", got.rows, "1: a")
}

func TestSniffFormats(t *testing.T) {
	for text, want := range map[string]Format{
		`{"id":1}`:              JSONL,
		"\n [\n{\"id\":1}]":     JSONL,
		"[]":                    JSONL,
		"{a},{b}\n1,2\n":        CSV,
		"PAR1....PAR1":          Parquet,
		"id\n[1]\n":             CSV,
		"{}":                    JSONL,
		"\xef\xbb\xbf{\"a\":1}": JSONL,
	} {
		if d, _, err := Sniff([]byte(text), int64(len(text))); err != nil || d.Format != want {
			t.Errorf("%q: %s, %v, want %s", text, d.Format, err, want)
		}
	}
	d, ev, err := Sniff(nil, 0)
	if err != nil || !ev.Empty || d.Format != "" {
		t.Errorf("nothing: %+v, %+v, %v", d, ev, err)
	}
}

// The dialect of a file does not depend on where its head happens to be cut.
func TestSniffCutAnywhere(t *testing.T) {
	text := "id;vorname;strasse\n" + strings.Repeat("17;Zoë;\"Am Ring; 5\"\n18;\"J. \"\"Jo\"\"\";Weg 1\n", 20)
	for _, kind := range []Compression{Plain, Gzip, Zstd} {
		stored := []byte(text)
		switch kind {
		case Gzip:
			stored = gzipped(t, text)
		case Zstd:
			stored = zstded(t, text)
		}
		for cut := min(100, len(stored)*3/4); cut < len(stored); cut++ {
			d, _, err := Sniff(stored[:cut], int64(len(stored)))
			if err != nil {
				t.Fatal(kind, cut, err)
			}
			if kind == Plain && (d.Delimiter != ';' || d.Quote != '"' || d.Header != HasHeader || d.Encoding != utf8Name) {
				t.Fatalf("cut at %d: %+v", cut, d)
			}
		}
	}
}

// Every extract of the data sets beside the repository is read whole: no bad
// row, and a header where there is one.
func TestSniffRealFiles(t *testing.T) {
	dir := sharedData(t)
	headless := map[string]bool{"female_diminutives.csv": true, "male_diminutives.csv": true}
	annotated := map[string]bool{"ocr_errors.csv": true, "phonetic_variations.csv": true} // comments above the data
	files := 0
	for _, pattern := range []string{"*/*.csv", "*/*/*.csv", "*/*.csv.gz", "*/*/*.jsonl", "*/*/*/*.csv"} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			name := filepath.Base(path)
			stored, err := os.ReadFile(path)
			if err != nil || len(stored) > 1<<20 || annotated[name] {
				continue
			}
			files++
			got := readAll(Source{Body: bytes.NewReader(stored)}, Dialect{}, Limits{})
			if got.err != nil {
				t.Errorf("%s: %v", name, got.err)
				continue
			}
			d := got.reader.Dialect()
			if d.Format == CSV && (d.Header == NoHeader) != headless[name] {
				t.Errorf("%s: header %d, evidence %+v", name, d.Header, got.reader.Evidence().Guesses)
			}
			if len(got.rows) == 0 || len(got.bad) > 0 && !headless[name] {
				t.Errorf("%s: %d rows, %d bad: %v", name, len(got.rows), len(got.bad), got.bad[:min(3, len(got.bad))])
			}
		}
	}
	t.Logf("%d files", files)
}
