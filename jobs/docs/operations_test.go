package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// constants are the literal values of the constants of a package whose names
// begin with prefix.
func constants(t *testing.T, glob, prefix string, kind token.Token) []string {
	t.Helper()
	files, err := filepath.Glob(glob)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, prefix) {
				return true
			}
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok && literal.Kind == kind {
				values = append(values, strings.Trim(literal.Value, `"`))
			}
			return true
		})
	}
	if len(values) == 0 {
		t.Fatalf("%s has no constant %s…: has it moved?", glob, prefix)
	}
	return values
}

// gateNames are the names in the list of gates, in its order.
func gateNames(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../pipeline/gates.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^\t\t\{"([a-z_]+)", "`).FindAllSubmatch(text, -1) {
		names = append(names, string(m[1]))
	}
	if len(names) == 0 {
		t.Fatal("pipeline/gates.go lists no gate in the form that this test knows")
	}
	return names
}

func TestOperationsNamesEverything(t *testing.T) {
	text, err := os.ReadFile("operations.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	want := func(what, form string) {
		if !strings.Contains(page, form) {
			t.Errorf("operations.md: %s is not there as %s", what, form)
		}
	}
	for _, code := range constants(t, "../cli/root.go", "Exit", token.INT) {
		want("exit code "+code, "\n| "+code+" | ")
	}
	for _, code := range constants(t, "../../transforms/extract/codes.go", "Row", token.STRING) {
		want("row code", "`"+code+"`")
	}
	for _, code := range constants(t, "../../transforms/extract/codes.go", "File", token.STRING) {
		want("file code", "`"+code+"`")
	}
	for _, code := range constants(t, "../ingest/*.go", "Row", token.STRING) {
		want("row code", "`"+code+"`")
	}
	for _, name := range gateNames(t) {
		want("gate", "| `"+name+"` |")
	}
}
