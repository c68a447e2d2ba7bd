// Package scripts_test holds the test of the rooms: which package may import
// which, and what only jobs may do. It reads the source itself rather than ask
// the go command, whose answer the test cache would keep.
package scripts_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "concord"

// mayImport are the rooms that a room's packages may import beside their own.
// The root package is "". Nobody imports scripts.
var mayImport = map[string][]string{
	"schemas":    {},
	"transforms": {"schemas"},
	"matching":   {"schemas"},
	"jobs":       {"schemas", "transforms", "matching"},
	"scripts":    {"schemas", "transforms", "matching", "jobs"},
	"":           {"jobs"},
}

// onlyIn are third-party modules that only some packages may import. Scripts
// may import any.
var onlyIn = []struct {
	prefixes []string // of import paths
	folders  []string // of the packages that may
	tests    bool     // only in their tests
	why      string
}{
	{[]string{"github.com/aws/", "github.com/minio/", "cloud.google.com/", "github.com/Azure/"}, []string{"jobs/store"}, false,
		"only jobs/store knows a cloud"},
	{[]string{"github.com/apache/arrow-go/v18/parquet", "github.com/parquet-go/"}, []string{"transforms/extract", "transforms/snapshot", "jobs/state"}, false,
		"only transforms/extract, transforms/snapshot and jobs/state know Parquet"},
	{[]string{"github.com/xitongsys/"}, []string{"transforms/snapshot"}, true,
		"xitongsys/parquet-go is unsafe on foreign input: only tests of transforms/snapshot may use it"},
}

// pure are the rooms whose code reads no clock, starts no goroutine, draws no
// unseeded number and touches no file or network.
var pure = []string{"schemas", "transforms", "matching"}

// impure are packages that pure rooms do not import.
var impure = []string{"os", "os/exec", "os/signal", "net", "net/http", "crypto/rand", "math/rand", "syscall", "io/ioutil"}

// clock are the functions of package time that read or await the clock.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// seeded are the names of math/rand/v2 that need a source: all others draw
// from the global one.
var seeded = []string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"}

// source is one file.
type source struct {
	path string // slash-separated, from the repository's root
	file *ast.File
	fset *token.FileSet
}

func (s *source) folder() string { return path.Dir(s.path) }
func (s *source) isTest() bool   { return strings.HasSuffix(s.path, "_test.go") }

// room is the top-level folder of a path, "" for the root package.
func room(folder string) string {
	if folder == "." || folder == "" {
		return ""
	}
	first, _, _ := strings.Cut(folder, "/")
	return first
}

// under tells whether a folder is one of the given or below it.
func under(folder string, parents ...string) bool {
	return slices.ContainsFunc(parents, func(p string) bool { return folder == p || strings.HasPrefix(folder, p+"/") })
}

// crossing is an import from one room into another.
type crossing struct{ from, to string }

// findings are what is wrong with the files, and the crossings seen.
type findings struct {
	problems  []string
	crossings map[crossing]int
}

func (f *findings) add(s *source, at token.Pos, format string, args ...any) {
	p := s.fset.Position(at)
	f.problems = append(f.problems, fmt.Sprintf("%s:%d: %s", s.path, p.Line, fmt.Sprintf(format, args...)))
}

func inspect(files []*source) *findings {
	f := &findings{crossings: map[crossing]int{}}
	for _, s := range files {
		for _, spec := range s.file.Imports {
			if imported, err := strconv.Unquote(spec.Path.Value); err == nil {
				f.imported(s, spec.Pos(), imported)
			}
		}
		if under(s.folder(), pure...) && !s.isTest() {
			f.impurities(s)
		}
	}
	return f
}

// imported checks one import.
func (f *findings) imported(s *source, at token.Pos, imported string) {
	from := room(s.folder())
	for _, rule := range onlyIn {
		matches := slices.ContainsFunc(rule.prefixes, func(p string) bool { return strings.HasPrefix(imported, p) })
		if matches && from != "scripts" && (!under(s.folder(), rule.folders...) || rule.tests && !s.isTest()) {
			f.add(s, at, "imports %s: %s", imported, rule.why)
		}
	}
	if under(s.folder(), "matching/compare") && !s.isTest() && !compareMay(s.folder(), imported) {
		f.add(s, at, "imports %s: matching/compare uses the standard library, matching/column and schemas alone", imported)
	}
	inside, ours := strings.CutPrefix(imported, module+"/")
	if !ours {
		return
	}
	to := room(inside)
	if to == from {
		return
	}
	f.crossings[crossing{from, to}]++
	if !slices.Contains(mayImport[from], to) {
		f.add(s, at, "imports %s: %s may not import %s", imported, roomName(from), to)
	}
	if from == "" && inside != "jobs/cli" {
		f.add(s, at, "imports %s: the binary calls jobs/cli and nothing else", imported)
	}
}

func roomName(r string) string {
	if r == "" {
		return "the root package"
	}
	return r
}

// compareMay tells whether matching/compare may import a package. Its shared
// checker of laws is for tests, and may draw its cases with rapid.
func compareMay(folder, imported string) bool {
	if under(folder, "matching/compare/comparetest") && imported == "pgregory.net/rapid" {
		return true
	}
	if inside, ours := strings.CutPrefix(imported, module+"/"); ours {
		return under(inside, "matching/column", "matching/compare", "schemas")
	}
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".") // the standard library
}

// impurities checks what a file of a pure room does.
func (f *findings) impurities(s *source) {
	names := map[string]string{} // local name ─► package, for time and math/rand/v2
	for _, spec := range s.file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if slices.Contains(impure, imported) {
			f.add(s, spec.Pos(), "imports %s: outside jobs and scripts there is no file, network, process or unseeded number", imported)
		}
		local := map[string]string{"time": "time", "math/rand/v2": "rand"}[imported]
		if spec.Name != nil {
			local = spec.Name.Name
		}
		if local != "" {
			names[local] = imported
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			f.add(s, n.Pos(), "starts a goroutine: outside jobs and scripts code is sequential")
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			switch {
			case !ok:
			case names[x.Name] == "time" && slices.Contains(clock, n.Sel.Name):
				f.add(s, n.Pos(), "calls time.%s: outside jobs and scripts there is no clock", n.Sel.Name)
			case names[x.Name] == "math/rand/v2" && !slices.Contains(seeded, n.Sel.Name):
				f.add(s, n.Pos(), "calls rand.%s: outside jobs and scripts numbers are drawn from a seed", n.Sel.Name)
			}
		}
		return true
	})
}

// repository reads every file of the module that belongs to the product or its
// tests: no other module, no test data, no file that the build ignores.
func repository(t *testing.T) []*source {
	t.Helper()
	root := ".."
	var files []*source
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if p != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || isModule(p)) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(p) != ".go" {
			return nil
		}
		name, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil || strings.HasPrefix(string(text), "//go:build ignore\n") {
			return err
		}
		s, err := parsed(filepath.ToSlash(name), string(text))
		files = append(files, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func isModule(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil
}

// parsed reads a file: of a pure room all of it, of others the imports.
func parsed(name, text string) (*source, error) {
	mode := parser.SkipObjectResolution
	if !under(path.Dir(name), pure...) {
		mode |= parser.ImportsOnly
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, mode)
	return &source{name, file, fset}, err
}

func TestLayers(t *testing.T) {
	f := inspect(repository(t))
	for _, p := range f.problems {
		t.Error(p)
	}
	// Without these crossings the test would be looking at the wrong place.
	for from, rooms := range mayImport {
		for _, to := range rooms {
			if from != "scripts" && f.crossings[crossing{from, to}] == 0 {
				t.Errorf("no import from %s into %s was seen", roomName(from), to)
			}
		}
	}
}

// Every rule notices a file that breaks it, and only such a file.
func TestLayersNotices(t *testing.T) {
	for name, c := range map[string]struct{ path, body, want string }{
		"a schema that matches":     {"schemas/a/a.go", `import "concord/matching/block"`, "may not import matching"},
		"rooms that meet":           {"transforms/a/a.go", `import "concord/matching/block"`, "may not import matching"},
		"rooms that meet in a test": {"matching/a/a_test.go", `import "concord/transforms/golden"`, "may not import transforms"},
		"a kernel that runs":        {"matching/a/a.go", `import "concord/jobs/engine"`, "may not import jobs"},
		"a job that uses a script":  {"jobs/a/a.go", `import "concord/scripts/generate"`, "may not import scripts"},
		"a binary that knows more":  {"main.go", `import "concord/jobs/engine"`, "jobs/cli and nothing else"},
		"a cloud elsewhere":         {"jobs/engine/a.go", `import "github.com/aws/aws-sdk-go-v2/config"`, "only jobs/store"},
		"a cloud at home":           {"jobs/store/s3/a.go", `import "github.com/aws/aws-sdk-go-v2/config"`, ""},
		"Parquet elsewhere":         {"jobs/pipeline/a.go", `import "github.com/apache/arrow-go/v18/parquet/file"`, "know Parquet"},
		"Parquet at home":           {"transforms/extract/a.go", `import "github.com/apache/arrow-go/v18/parquet/file"`, ""},
		"Arrow anywhere":            {"jobs/pipeline/a.go", `import "github.com/apache/arrow-go/v18/arrow"`, ""},
		"an unsafe reader":          {"transforms/snapshot/a.go", `import "github.com/xitongsys/parquet-go/reader"`, "unsafe"},
		"an unsafe reader's test":   {"transforms/snapshot/a_test.go", `import "github.com/xitongsys/parquet-go/reader"`, ""},
		"a comparator's helper":     {"matching/compare/a.go", `import "golang.org/x/text/unicode/norm"`, "standard library"},
		"a comparator that blocks":  {"matching/compare/strsim/a.go", `import "concord/matching/block"`, "standard library"},
		"a comparator's column":     {"matching/compare/a.go", `import ("math/bits"; "concord/matching/column")`, ""},
		"a clock":                   {"transforms/a/a.go", `import "time"; var x = time.Now()`, "no clock"},
		"a clock by another name":   {"transforms/a/a.go", `import clock "time"; var x = clock.Now`, "no clock"},
		"a clock in a test":         {"transforms/a/a_test.go", `import "time"; var x = time.Now()`, ""},
		"a clock where it may be":   {"jobs/a/a.go", `import "time"; var x = time.Now()`, ""},
		"a duration":                {"transforms/a/a.go", `import "time"; var x = time.Hour`, ""},
		"a goroutine":               {"matching/a/a.go", `func f() { go f() }`, "goroutine"},
		"the global random source":  {"matching/a/a.go", `import "math/rand/v2"; var x = rand.IntN(3)`, "from a seed"},
		"a seeded source":           {"matching/a/a.go", `import "math/rand/v2"; var x = rand.New(rand.NewPCG(1, 2))`, ""},
		"the old random source":     {"matching/a/a.go", `import "math/rand"; var x = rand.New(nil)`, "unseeded"},
		"a file":                    {"schemas/a/a.go", `import "os"; var x = os.Args`, "no file"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := parsed(c.path, "package a\n"+c.body+"\n")
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(inspect([]*source{s}).problems, "\n")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("problems %q, want %q", got, c.want)
			}
		})
	}
}
