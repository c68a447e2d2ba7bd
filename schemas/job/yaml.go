package job

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"concord/schemas/attribute"
)

// Parse reads a job file, fills the defaults and validates the result. name
// is how errors call the file.
func Parse(name string, text []byte) (*Job, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, fmt.Errorf("job file %s: %w", name, plainYAMLError(err))
	}
	var j Job
	if err := yaml.UnmarshalWithOptions(text, &j, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("job file %s: %w", name, plainYAMLError(err))
	}
	j.applyDefaults()
	if err := j.Validate(); err != nil {
		return nil, locate(name, file, err)
	}
	return &j, nil
}

// later names keys that the design knows and this version does not act on,
// so that the error can say so instead of calling them typing errors.
var later = map[string]string{
	"schedule":  "scheduling is not built yet: call `concord run JOB --as-of TS` from cron",
	"mode":      "full and delta channels come with the vault, which is not built yet: every run reads all extracts",
	"tombstone": "deletes come with the vault, which is not built yet",
}

// plainYAMLError turns the library's errors into one line: place, what is
// wrong, the nearest known key.
func plainYAMLError(err error) error {
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		key := strings.Trim(unknown.Token.Value, `"`)
		at := fmt.Sprintf("line %d", unknown.Token.Position.Line)
		if why, ok := later[key]; ok {
			return fmt.Errorf("%s: key %q: %s", at, key, why)
		}
		if near := nearest(key, knownKeys()); near != "" {
			return fmt.Errorf("%s: unknown key %q: did you mean %q?", at, key, near)
		}
		return fmt.Errorf("%s: unknown key %q", at, key)
	}
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		return fmt.Errorf("line %d: %s", located.GetToken().Position.Line, located.GetMessage())
	}
	return err
}

// Problem is a validation error at a path of the file.
type Problem struct {
	Path string // as "channels.crm.key"
	Text string
}

func (p *Problem) Error() string { return p.Path + ": " + p.Text }

// locate adds the line of each problem's path.
func locate(name string, file *ast.File, err error) error {
	var all []error
	for _, e := range unjoin(err) {
		var p *Problem
		if errors.As(e, &p) {
			e = fmt.Errorf("job file %s: line %d: %w", name, lineOf(file, p.Path), e)
		}
		all = append(all, e)
	}
	return errors.Join(all...)
}

func unjoin(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return j.Unwrap()
	}
	return []error{err}
}

// lineOf finds the line of the longest prefix of path that the file has.
func lineOf(file *ast.File, path string) int {
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return 1
	}
	line := 1
	node := file.Docs[0].Body
	for _, part := range strings.Split(path, ".") {
		m, ok := node.(ast.MapNode)
		if !ok {
			break
		}
		found := false
		for it := m.MapRange(); it.Next(); {
			if strings.Trim(it.Key().String(), `"'`) == part {
				line = it.Key().GetToken().Position.Line
				node, found = it.Value(), true
				break
			}
		}
		if !found {
			break
		}
	}
	return line
}

// Strings is one string or a list of them.
type Strings []string

// UnmarshalYAML takes both forms.
func (s *Strings) UnmarshalYAML(decode func(any) error) error {
	var one string
	if decode(&one) == nil {
		*s = Strings{one}
		return nil
	}
	var many []string
	if err := decode(&many); err != nil {
		return err
	}
	*s = many
	return nil
}

// UnmarshalYAML takes a type's name or a mapping.
func (f *Field) UnmarshalYAML(decode func(any) error) error {
	var as string
	if decode(&as) == nil {
		f.As = attribute.Type(as)
		return nil
	}
	type plain Field
	return decode((*plain)(f))
}

// UnmarshalYAML takes a column's name or a mapping.
func (t *Time) UnmarshalYAML(decode func(any) error) error {
	if decode(&t.Column) == nil {
		return nil
	}
	type plain Time
	return decode((*plain)(t))
}

// UnmarshalYAML takes a brand or a mapping with its column.
func (b *Brand) UnmarshalYAML(decode func(any) error) error {
	if decode(&b.Value) == nil {
		return nil
	}
	var m struct {
		Column string `yaml:"column"`
	}
	if err := decode(&m); err != nil {
		return err
	}
	b.Column = m.Column
	return nil
}

// textOf is a scalar as it is written, "" for anything else.
func textOf(node ast.Node) string {
	var text string
	_ = yaml.NodeToValue(node, &text) // what is no scalar is no text
	return text
}

// misread says where a value is and what it should be.
func misread(node ast.Node, want string) error {
	return fmt.Errorf("line %d: %s: %s", node.GetToken().Position.Line, strings.TrimPrefix(node.GetPath(), "$."), want)
}

// Count is a number of things, written as 500000 or 5e8.
type Count int64

// UnmarshalYAML takes an integer or a float without a fraction.
func (c *Count) UnmarshalYAML(node ast.Node) error {
	var v float64
	if err := yaml.NodeToValue(node, &v); err != nil || v < 0 || v != math.Trunc(v) || v > 1e15 {
		return misread(node, "a count is a whole number such as 500000 or 5e8")
	}
	*c = Count(v)
	return nil
}

// Bytes is an amount of memory, written as 8GiB, 512MiB or a number of bytes.
type Bytes int64

// UnmarshalYAML takes a number of bytes or a number with a unit.
func (b *Bytes) UnmarshalYAML(node ast.Node) error {
	s := textOf(node)
	number, unit := s, int64(1)
	for _, u := range []struct {
		suffix string
		size   int64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}} {
		if n, ok := strings.CutSuffix(s, u.suffix); ok {
			number, unit = strings.TrimSpace(n), u.size
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || v < 0 || v*float64(unit) > 1<<60 {
		return misread(node, "an amount of memory is a number with KiB, MiB, GiB or TiB, such as 8GiB")
	}
	*b = Bytes(v * float64(unit))
	return nil
}
