package extract

import "bytes"

// jsonRows reads JSON objects, one a row.
type jsonRows struct {
	f      framer
	w      *window
	root   *pathNode
	paths  []string // by output column, for bad rows and missing columns
	depth  int      // most nesting
	sparse bool
	known  []string // paths of the file's beginning, for suggestions

	scanner
	out      *builder
	row      int64
	accepted bool // some row was
	objects  int64
	culprit  int   // the column that the fault in code concerns, or -1
	mark     []int // by column: slots before the row
	begin    []int // by column: slots before the array element
	present  []bool
	scratch  []byte

	learn bool // discovery: grow the paths instead of reading values
	grow  int  // discovery: how many more paths may be grown
}

func newJSONRows(w *window, f framer, root *pathNode, paths []string, lim Limits) *jsonRows {
	n := len(paths)
	return &jsonRows{
		f: f, w: w, root: root, paths: paths, depth: lim.Nesting,
		mark: make([]int, n), begin: make([]int, n), present: make([]bool, n),
	}
}

// fill adds rows to b until it is full or the text ends.
func (r *jsonRows) fill(b *builder) error {
	r.out = b
	for !b.full() {
		row, out, err := r.f.next()
		if err != nil {
			return err
		}
		if out == textEnd {
			return r.checkMissing()
		}
		r.row++
		if out == rowOver {
			b.reject(r.row, RowTooLong, "", row)
			continue
		}
		r.take(b, row)
	}
	return nil
}

// take reads one row into b.
func (r *jsonRows) take(b *builder, row []byte) {
	code := r.w.fault(row)
	if code == "" {
		r.open()
		if code = r.read(row, r.root); code == "" {
			r.close()
			r.accepted = true
			b.accept(r.row, len(row))
			return
		}
		r.undo()
	}
	column := ""
	if (code == RowWrongShape || code == RowDuplicateKey) && r.culprit >= 0 {
		column = r.paths[r.culprit]
	}
	b.reject(r.row, code, column, row)
}

func (r *jsonRows) open() {
	for i := range r.out.cols {
		r.mark[i] = r.out.cols[i].slots()
		r.present[i] = false
	}
}

// close gives every column its row: null where nothing was found.
func (r *jsonRows) close() {
	for i := range r.out.cols {
		switch c := &r.out.cols[i]; {
		case c.list:
			c.closeList(r.present[i])
		case c.slots() == r.mark[i]:
			c.appendNull()
		}
	}
}

func (r *jsonRows) undo() {
	for i := range r.out.cols {
		r.out.cols[i].truncate(r.mark[i])
	}
}

// read reads one text that must be an object and returns the code of what is
// wrong with it, "" for nothing. Without a root it only checks.
func (r *jsonRows) read(text []byte, root *pathNode) string {
	r.scanner = scanner{b: text}
	r.culprit = -1
	object := r.peek() == '{'
	if !object {
		root = nil
	}
	r.value(root, 1)
	if r.peek(); r.code == "" && r.i < len(r.b) {
		r.code = RowBadJSON
	}
	if r.code == "" && !object {
		r.code = RowNotObject
	}
	return r.code
}

// value reads any value; n is where it lies among the requested paths, nil
// when nobody asked for it.
func (r *jsonRows) value(n *pathNode, depth int) {
	c := r.peek()
	if n != nil {
		n.found = true
		// A single value where a list is expected is a list of one.
		if n.elem != nil && c != '[' && c != 'n' && !r.learn && n.leaf < 0 && len(n.children) == 0 {
			r.enter(n.elem)
			r.element(n.elem, depth)
			return
		}
	}
	switch {
	case (c == '{' || c == '[') && depth > r.depth:
		r.fail(RowTooDeep)
	case c == '{':
		r.object(n, depth)
	case c == '[':
		r.array(n, depth)
	case c == '"':
		content, escaped := r.str()
		r.put(n, content, escaped)
	case c == 'n':
		r.word()
		if n != nil {
			n.void = true
		}
	case c == 't' || c == 'f':
		r.put(n, r.word(), false)
	default:
		r.putNumber(n, r.number())
	}
}

func (r *jsonRows) object(n *pathNode, depth int) {
	if n != nil && n.leaf >= 0 && len(n.children) == 0 {
		r.wrongShape(n)
	}
	r.i++
	r.objects++
	this := r.objects
	if r.skip('}') {
		return
	}
	for r.code == "" {
		if r.peek() != '"' {
			r.fail(RowBadJSON)
			return
		}
		key, escaped := r.str()
		var member *pathNode
		if n != nil && r.code == "" {
			if escaped {
				key = r.unescape(nil, key)
			}
			member = r.member(n, key, this)
		}
		r.expect(':')
		r.value(member, depth+1)
		if r.skip('}') {
			return
		}
		r.expect(',')
	}
}

// member finds what is asked for under key in the given object.
func (r *jsonRows) member(n *pathNode, key []byte, object int64) *pathNode {
	m := n.child(key)
	switch {
	case r.learn && m == nil && r.grow > 0:
		r.grow--
		return n.grow(string(key))
	case r.learn || m == nil:
		return m
	}
	if m.object == object {
		r.culprit = m.leafBelow()
		r.fail(RowDuplicateKey)
	}
	m.object = object
	return m
}

func (r *jsonRows) array(n *pathNode, depth int) {
	var elem *pathNode
	if n != nil {
		if r.learn {
			n.growElem()
		}
		if elem = n.elem; elem == nil && (n.leaf >= 0 || len(n.children) > 0) {
			r.wrongShape(n)
		}
	}
	r.i++
	if elem != nil {
		elem.found = true
		r.enter(elem)
	}
	if r.skip(']') {
		if elem != nil {
			elem.void = true
		}
		return
	}
	for r.code == "" {
		r.element(elem, depth+1)
		if r.skip(']') {
			return
		}
		r.expect(',')
	}
}

// enter notes that the lists at and below an array are not null.
func (r *jsonRows) enter(elem *pathNode) {
	for _, c := range elem.below {
		r.present[c] = true
	}
}

// element reads one element of an array and gives it one slot in each of the
// array's own columns.
func (r *jsonRows) element(elem *pathNode, depth int) {
	if elem == nil {
		r.value(nil, depth)
		return
	}
	for _, c := range elem.direct {
		r.begin[c] = r.out.cols[c].slots()
	}
	r.value(elem, depth)
	for _, c := range elem.direct {
		if col := &r.out.cols[c]; col.slots() == r.begin[c] {
			col.appendNull()
		}
	}
}

// put stores a string, true or false where n says.
func (r *jsonRows) put(n *pathNode, content []byte, escaped bool) {
	if n == nil || n.leaf < 0 || r.code != "" {
		if escaped && r.code == "" {
			r.scratch = r.unescape(r.scratch[:0], content) // for its faults
		}
		r.stray(n)
		return
	}
	col := &r.out.cols[n.leaf]
	if escaped {
		col.data = r.unescape(col.data, content)
	} else {
		col.data = append(col.data, content...)
	}
	col.close()
}

func (r *jsonRows) putNumber(n *pathNode, lit []byte) {
	if n == nil || n.leaf < 0 || r.code != "" {
		r.stray(n)
		return
	}
	col := &r.out.cols[n.leaf]
	col.data = appendDecimal(col.data, lit)
	col.close()
}

// stray deals with a single value that no column takes.
func (r *jsonRows) stray(n *pathNode) {
	switch {
	case n == nil || r.code != "":
	case r.learn:
		n.scalar = true
	case len(n.children) > 0:
		r.wrongShape(n)
	}
}

func (r *jsonRows) wrongShape(n *pathNode) {
	if r.learn {
		return
	}
	r.culprit = n.leafBelow()
	r.fail(RowWrongShape)
}

func (r *jsonRows) checkMissing() error {
	if !r.accepted || r.sparse {
		return nil
	}
	if c := r.root.missing(); c >= 0 {
		return missingColumn(r.paths[c], r.known)
	}
	return nil
}

// discoverPaths reads the beginning of a JSON text for the paths of its values.
func discoverPaths(text []byte, whole bool, lim Limits) *pathNode {
	w := newWindow(bytes.NewReader(text), lim.RowBytes, false)
	root := newPathNode("")
	r := newJSONRows(w, newFramer(w, text), root, nil, lim)
	r.learn, r.grow = true, lim.Fields
	for {
		row, out, err := r.f.next()
		if err != nil || out == textEnd {
			return root
		}
		if cut := !whole && w.eof && w.pos == w.end; !cut && out == rowFound {
			r.read(row, root)
		}
	}
}
