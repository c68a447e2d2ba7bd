package snapshot

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	parquet "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// verifySchema compares the file's schema, element by element in file order,
// with what the table's schema says it must be.
func verifySchema(f *parquet.File, want *arrow.Schema) error {
	var expected []string
	for _, field := range want.Fields() {
		lines, err := elements(field)
		if err != nil {
			return err
		}
		expected = append(expected, lines...)
	}
	found := f.Metadata().Schema
	if len(found) == 0 || !found[0].NumChildren.Valid || int(found[0].NumChildren.V) != want.NumFields() {
		return fmt.Errorf("its schema does not have the %d columns of the table", want.NumFields())
	}
	found = found[1:]
	for i, e := range expected {
		if i >= len(found) {
			return fmt.Errorf("schema: lacks %s", e)
		}
		if got := element(&found[i]); got != e {
			return fmt.Errorf("schema: has %s, want %s", got, e)
		}
	}
	if len(found) > len(expected) {
		return fmt.Errorf("schema: has %s, which the table lacks", element(&found[len(expected)]))
	}
	return nil
}

// elements describes the schema elements that an Arrow field becomes, in the
// form of [element].
func elements(f arrow.Field) ([]string, error) {
	k, err := kindOf(f)
	if err != nil {
		return nil, err
	}
	repetition := "REQUIRED"
	if f.Nullable {
		repetition = "OPTIONAL"
	}
	name := fmt.Sprintf("column %q", f.Name)
	list := func(leaf string) []string {
		return []string{
			fmt.Sprintf("%s %s group of 1 LIST", name, repetition),
			`column "list" REPEATED group of 1`,
			`column "element" REQUIRED ` + leaf,
		}
	}
	one := func(leaf string) []string { return []string{name + " " + repetition + " " + leaf} }
	switch k {
	case kindText:
		return one("BYTE_ARRAY STRING"), nil
	case kindBytes:
		return one("BYTE_ARRAY"), nil
	case kindBool:
		return one("BOOLEAN"), nil
	case kindInt32:
		return one("INT32"), nil
	case kindInt64:
		return one("INT64"), nil
	case kindFloat:
		return one("DOUBLE"), nil
	case kindMoment:
		return one("INT64 TIMESTAMP(isAdjustedToUTC=true,unit=MICROS)"), nil
	case kindTexts:
		return list("BYTE_ARRAY STRING"), nil
	default:
		return list("DOUBLE"), nil
	}
}

// element describes a schema element: name, repetition, physical and logical
// type. An integer annotation that only repeats the physical type is left out.
func element(e *format.SchemaElement) string {
	var b strings.Builder
	fmt.Fprintf(&b, "column %q %s", e.Name, e.RepetitionType.V)
	if e.NumChildren.Valid {
		fmt.Fprintf(&b, " group of %d", e.NumChildren.V)
	}
	if e.Type.Valid {
		fmt.Fprintf(&b, " %s", e.Type.V)
	}
	if logical := e.LogicalType.Value; logical != nil {
		if s := fmt.Sprint(logical); !strings.HasPrefix(s, "INT(") {
			fmt.Fprintf(&b, " %s", s)
		}
	}
	return b.String()
}
