package extract

import (
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// parquetLeaf is one column of a Parquet file that holds values.
type parquetLeaf struct {
	index  int // the leaf's place in the file
	path   string
	render renderer

	// Definition levels, as the Dremel paper has them: a value is there at max;
	// an element of the innermost list exists (a null one perhaps) from element
	// on; the outermost list is not null from list on.
	max, element, list int16
	repeated           bool
}

// parquetLeaves lists the columns of a schema by path, in file order. List and
// map wrappers, which writers name differently, do not show in paths.
func parquetLeaves(s *schema.Schema) []parquetLeaf {
	w := schemaWalk{schema: s}
	root := s.Root()
	for i := range root.NumFields() {
		w.node(root.Field(i), "", parquetLeaf{})
	}
	return w.leaves
}

type schemaWalk struct {
	schema *schema.Schema
	leaves []parquetLeaf
}

// node visits a field called by its own name below prefix. at holds the levels
// of the parent.
func (w *schemaWalk) node(n schema.Node, prefix string, at parquetLeaf) {
	name := nameEscaper.Replace(n.Name())
	if prefix != "" {
		name = prefix + "." + name
	}
	w.content(n, name, at)
}

// content visits a field whose path is known.
func (w *schemaWalk) content(n schema.Node, path string, at parquetLeaf) {
	switch n.RepetitionType() {
	case parquet.Repetitions.Optional:
		at.max++
	case parquet.Repetitions.Repeated:
		// Without a list wrapper, a list cannot be null: zero elements is empty.
		path += "[]"
		at = at.repeat(at.max)
	}
	group, ok := n.(*schema.GroupNode)
	if !ok {
		w.leaf(n, path, at)
		return
	}
	if inner, ok := wrapped(group); ok {
		w.list(group, inner, path, at)
		return
	}
	for i := range group.NumFields() {
		w.node(group.Field(i), path, at)
	}
}

// repeat is at inside a list that is not null from definition level list on.
func (at parquetLeaf) repeat(list int16) parquetLeaf {
	if !at.repeated {
		at.list, at.repeated = list, true
	}
	at.max++
	at.element = at.max
	return at
}

// wrapped finds the repeated field inside a LIST or MAP wrapper.
func wrapped(g *schema.GroupNode) (schema.Node, bool) {
	switch g.ConvertedType() {
	case schema.ConvertedTypes.List, schema.ConvertedTypes.Map, schema.ConvertedTypes.MapKeyValue:
		if g.NumFields() == 1 && g.Field(0).RepetitionType() == parquet.Repetitions.Repeated {
			return g.Field(0), true
		}
	}
	return nil, false
}

// list visits a wrapper. In the usual three levels the repeated group holds
// one field, the element; in older files the repeated field is the element
// (the rules are those of the format's LogicalTypes.md).
func (w *schemaWalk) list(wrapper *schema.GroupNode, inner schema.Node, path string, at parquetLeaf) {
	path += "[]"
	at = at.repeat(at.max)
	group, ok := inner.(*schema.GroupNode)
	switch {
	case !ok:
		w.leaf(inner, path, at)
	case wrapper.ConvertedType() == schema.ConvertedTypes.List && group.NumFields() == 1 &&
		group.Name() != "array" && group.Name() != wrapper.Name()+"_tuple":
		w.content(group.Field(0), path, at)
	default:
		for i := range group.NumFields() {
			w.node(group.Field(i), path, at)
		}
	}
}

func (w *schemaWalk) leaf(n schema.Node, path string, at parquetLeaf) {
	at.path = path
	at.index = len(w.leaves) // leaves are numbered depth first
	at.render = newRenderer(w.schema.Column(at.index))
	w.leaves = append(w.leaves, at)
}
