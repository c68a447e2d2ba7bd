package extract

import "strings"

// Paths name values inside nested rows: "name.first" is a member of an
// object, "emails[]" the elements of an array, "addresses[].city" a member of
// each element. A dot, bracket or backslash that belongs to a name is written
// with a backslash before it. Columns of the paths "addresses[].city" and
// "addresses[].zip" have the same slots: slot k is element k, null where the
// member is missing. Below two arrays, slots follow the inner elements.

// pathNode is one step of the paths of a file or of a request.
type pathNode struct {
	name     string
	children []*pathNode
	elem     *pathNode // what the elements of an array are
	leaf     int       // output column of a value found here, or -1
	next     int       // the child after the one found last: keys mostly keep their order

	// Of an array's elem: the columns with one slot per element, and all list
	// columns at or below it.
	direct, below []int

	found  bool  // reading: something was found here
	void   bool  // reading: a null or an empty array was found here
	scalar bool  // discovery: a single value was found here
	object int64 // reading: the object in which this member was found last
}

func newPathNode(name string) *pathNode { return &pathNode{name: name, leaf: -1} }

// child finds the member called name, nil when nobody asked for it.
func (n *pathNode) child(name []byte) *pathNode {
	for range n.children {
		if n.next >= len(n.children) {
			n.next = 0
		}
		c := n.children[n.next]
		n.next++
		if c.name == string(name) {
			return c
		}
	}
	return nil
}

func (n *pathNode) grow(name string) *pathNode {
	if c := n.child([]byte(name)); c != nil {
		return c
	}
	c := newPathNode(name)
	n.children = append(n.children, c)
	return c
}

func (n *pathNode) growElem() *pathNode {
	if n.elem == nil {
		n.elem = newPathNode("")
	}
	return n.elem
}

// add makes way for path and lets column be what is found at its end. It
// returns false when the path is not well formed.
func (n *pathNode) add(path string, column int) bool {
	var array *pathNode // the innermost array's elem
	for rest := path; ; {
		name, after, ok := cutName(rest)
		if !ok {
			return false
		}
		n = n.grow(name)
		for strings.HasPrefix(after, "[]") {
			n, after = n.growElem(), after[2:]
			n.below = append(n.below, column)
			array = n
		}
		if after == "" {
			break
		}
		if after[0] != '.' {
			return false
		}
		rest = after[1:]
	}
	if array != nil {
		array.direct = append(array.direct, column)
	}
	n.leaf = column
	return true
}

// cutName takes the name at the start of a path.
func cutName(path string) (name, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		switch c := path[i]; c {
		case '\\':
			if i++; i == len(path) {
				return "", "", false
			}
			b.WriteByte(path[i])
		case '.', '[':
			return b.String(), path[i:], true
		case ']':
			return "", "", false
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), "", true
}

var nameEscaper = strings.NewReplacer(`\`, `\\`, `.`, `\.`, `[`, `\[`, `]`, `\]`)

// paths lists the values found below n, in the order they were found.
func (n *pathNode) paths() []string {
	var out []string
	n.walk("", &out)
	return out
}

func (n *pathNode) walk(prefix string, out *[]string) {
	hollow := n.elem == nil && len(n.children) == 0
	// A value that is sometimes single and sometimes an array is one list; one
	// that was never more than null is a single value.
	if prefix != "" && n.elem == nil && (n.scalar || n.void && hollow) {
		*out = append(*out, prefix)
	}
	if n.elem != nil {
		n.elem.walk(prefix+"[]", out) // an object in its place is a list of one
		return
	}
	for _, c := range n.children {
		name := nameEscaper.Replace(c.name)
		if prefix != "" {
			name = prefix + "." + name
		}
		c.walk(name, out)
	}
}

// missing finds a requested column that no row had, -1 when there is none.
// Below a null or an empty array nothing can be known.
func (n *pathNode) missing() int {
	if n.leaf >= 0 && !n.found && !n.void {
		return n.leaf
	}
	if n.void {
		return -1
	}
	if n.elem != nil {
		if c := n.elem.missing(); c >= 0 {
			return c
		}
	}
	for _, child := range n.children {
		if c := child.missing(); c >= 0 {
			return c
		}
	}
	return -1
}

// leafBelow is the first requested column at or below n.
func (n *pathNode) leafBelow() int {
	if n.leaf >= 0 {
		return n.leaf
	}
	if n.elem != nil {
		return n.elem.leafBelow()
	}
	for _, c := range n.children {
		if l := c.leafBelow(); l >= 0 {
			return l
		}
	}
	return -1
}

// isList tells whether a path's column holds lists.
func isList(path string) bool {
	for i := 0; i < len(path); i++ {
		switch path[i] {
		case '\\':
			i++
		case '[':
			return true
		}
	}
	return false
}
