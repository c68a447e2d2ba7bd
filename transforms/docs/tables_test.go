// Package docs checks that the pages in this folder say what the code does.
package docs

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

var update = flag.Bool("update", false, "rewrite the tables of tables.md")

const page = "tables.md"

// described are the published tables with all the columns that they can have.
func described() []*arrow.Schema {
	var columns []table.ProfileColumn
	for _, spec := range attribute.All() {
		columns = append(columns, table.ProfileColumn{Attribute: spec.Name, List: spec.Survivorship == "all_values"})
	}
	columns = append(columns, table.ProfileColumn{Attribute: attribute.Identifier("<kind>")}, table.ProfileColumn{Attribute: attribute.Custom("<name>")})
	uses := []string{"<snapshot>"}
	return []*arrow.Schema{
		table.Profiles(columns, uses), table.ContactPoints(false, uses, true), table.ProfileConsents(), table.PermissionDelta(),
		table.Provenance(), table.Links(), table.Decisions(), table.Memberships(), table.ConsentEvents(), table.ConsentLimits(), table.JoinMap(), table.Quarantine(),
	}
}

// Every table that schemas/table names is among those described here.
func TestEveryTableIsDescribed(t *testing.T) {
	var have []string
	for _, s := range described() {
		have = append(have, table.Meta(s, table.MetaTable))
	}
	named := tableNames(t)
	if len(named) == 0 {
		t.Fatal("schemas/table names no table: has it moved?")
	}
	for _, name := range named {
		if !slices.Contains(have, name) {
			t.Errorf("table %s is not in %s", name, page)
		}
	}
}

// tableNames are the values of the constants Table… of schemas/table.
func tableNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../schemas/table/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
				names = append(names, constants(t, g)...)
			}
		}
	}
	return names
}

// constants are the values of the constants Table… of a declaration.
func constants(t *testing.T, g *ast.GenDecl) []string {
	t.Helper()
	var names []string
	for _, s := range g.Specs {
		spec := s.(*ast.ValueSpec)
		if !strings.HasPrefix(spec.Names[0].Name, "Table") || len(spec.Values) != 1 {
			continue
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			t.Fatalf("constant %s of schemas/table is no plain string", spec.Names[0].Name)
		}
		name, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

// The page has every column of every table with its type, in order; the
// meanings are written by hand, and none is missing.
func TestTablesAreAsInTheCode(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for _, s := range described() {
		if want, err = rewrite(want, s); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(text) {
		t.Errorf("%s is not as the code has it: run go test ./transforms/docs -update", page)
	}
	if i := strings.Index(want, "|  |\n"); i >= 0 {
		t.Errorf("%s: a column has no meaning: %s", page, lineAt(want, i))
	}
}

func lineAt(s string, i int) string {
	start := strings.LastIndexByte(s[:i], '\n') + 1
	line, _, _ := strings.Cut(s[start:], "\n")
	return line
}

// rewrite puts the schema's columns between the markers of its table, keeping
// the meanings that stand there.
func rewrite(text string, s *arrow.Schema) (string, error) {
	name := table.Meta(s, table.MetaTable)
	open, end := "<!-- table "+name+" -->\n", "<!-- end "+name+" -->"
	before, rest, ok := strings.Cut(text, open)
	old, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return "", fmt.Errorf("%s: no markers %q and %q", page, strings.TrimSpace(open), end)
	}
	meanings := map[string]string{}
	for line := range strings.Lines(old) {
		if cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|"); len(cells) == 5 {
			meanings[strings.Trim(strings.TrimSpace(cells[0]), "`")] = strings.TrimSpace(cells[4])
		}
	}
	var b strings.Builder
	b.WriteString(before + open + "| column | type | category | sensitivity | meaning |\n|---|---|---|---|---|\n")
	for _, f := range s.Fields() {
		category, _ := f.Metadata.GetValue(table.MetaCategory)
		sensitivity, _ := f.Metadata.GetValue(table.MetaSensitivity)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", f.Name, typeText(f), category, sensitivity, meaning(meanings, name, f.Name))
	}
	return b.String() + end + after, nil
}

// meaning is what the page says of a column; of an attribute nobody described
// here, what schemas/attribute says.
func meaning(meanings map[string]string, tableName, column string) string {
	if m := meanings[column]; m != "" || tableName != table.TableProfiles {
		return m
	}
	for _, spec := range attribute.All() {
		if spec.Name.Column() == column {
			return spec.Description
		}
	}
	return ""
}

// typeText is a type as SQL calls it.
func typeText(f arrow.Field) string {
	name := map[arrow.Type]string{
		arrow.STRING: "STRING", arrow.BOOL: "BOOLEAN", arrow.INT32: "INT32", arrow.INT64: "INT64",
		arrow.FLOAT64: "DOUBLE", arrow.BINARY: "BINARY", arrow.TIMESTAMP: "TIMESTAMP",
	}
	typ := f.Type
	text := name[typ.ID()]
	if l, ok := typ.(*arrow.ListType); ok {
		text = "LIST of " + name[l.Elem().ID()]
	}
	if text == "" {
		text = typ.String()
	}
	if f.Nullable {
		text += ", or null"
	}
	return text
}
