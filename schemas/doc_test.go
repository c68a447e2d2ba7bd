package schemas

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

var (
	link = regexp.MustCompile(`\[concord/(schemas/\w+)\.(\w+)\]`)
	path = regexp.MustCompile(`\b(?:jobs|matching|transforms)/[a-z]+\b`)
)

// What the package comment names exists: every type it links to, every folder
// it mentions.
func TestTheLifeOfARecordNamesWhatThereIs(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	links := link.FindAllStringSubmatch(string(text), -1)
	folders := path.FindAllString(string(text), -1)
	if len(links) == 0 || len(folders) == 0 {
		t.Fatal("doc.go names nothing that this test can see")
	}
	for _, m := range links {
		if !declares(t, filepath.Join("..", m[1]), m[2]) {
			t.Errorf("doc.go links to %s.%s, which is not there", m[1], m[2])
		}
	}
	for _, f := range folders {
		if info, err := os.Stat(filepath.Join("..", f)); err != nil || !info.IsDir() {
			t.Errorf("doc.go names %s, which is no folder", f)
		}
	}
}

// declares tells whether a package declares a type of that name.
func declares(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if g, ok := d.(*ast.GenDecl); ok && slices.ContainsFunc(g.Specs, func(x ast.Spec) bool {
				typ, ok := x.(*ast.TypeSpec)
				return ok && typ.Name.Name == name
			}) {
				return true
			}
		}
	}
	return false
}
