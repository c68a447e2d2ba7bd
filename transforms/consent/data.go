package consent

import (
	"fmt"
	"slices"
	"strings"

	schema "concord/schemas/consent"
)

// Statements may be about some kinds of data only. A consent that names kinds
// permits the use of those and of what is below them; a denial that names kinds
// denies the use of those, of what is below them and of wider kinds that may
// hold them. For each kind it is decided as for data in general, by the
// statements that are about it, so what holds of decisions holds of each.

// dataKind is a list of data categories that events name.
type dataKind struct {
	names          []string
	below, touched schema.CategorySet // what a consent is for, what a denial is about
}

// dataClass is data categories that no event tells apart.
type dataClass struct {
	code schema.CategoryCode // one of them
	set  schema.CategorySet
}

// data is what a decision is about.
type data struct {
	class int16 // in Log.dataClasses, or one of the two below
	// self is the contact point itself, whose kind of data class is: a consent to
	// use it is for it, whatever else it names.
	self bool
}

var (
	// anyData is asked about where no event names kinds of data.
	anyData = data{class: -1}
	// wholeData is data of every kind at once.
	wholeData = data{class: -2}
)

const categorySeparator = "\n"

// joinCategories is a list of categories as one text, "" for all.
func joinCategories(keys []string) string {
	if len(keys) > 1 {
		keys = slices.Clone(keys)
		slices.Sort(keys)
		keys = slices.Compact(keys)
	}
	return strings.Join(keys, categorySeparator)
}

// tellApart makes the kinds of data of joined names, and the classes of
// categories that they tell apart.
func (l *Log) tellApart(joined []string) {
	reg := l.policy.Registry()
	for _, text := range joined {
		names := strings.Split(text, categorySeparator)
		l.dataKinds = append(l.dataKinds, dataKind{names, reg.BelowCategories(names), reg.TouchedCategories(names)})
	}
	if len(l.dataKinds) == 0 {
		return
	}
	at := map[string]int{} // by who covers and who touches it
	for i := range reg.Categories() {
		code := schema.CategoryCode(i)
		var told []byte
		for k := range l.dataKinds {
			told = append(told, bit(l.dataKinds[k].below.Has(code))<<1|bit(l.dataKinds[k].touched.Has(code)))
		}
		k, ok := at[string(told)]
		if !ok {
			k = len(l.dataClasses)
			at[string(told)] = k
			l.dataClasses = append(l.dataClasses, dataClass{code: code})
		}
		l.dataClasses[k].set.Add(code)
	}
}

// dataOf is the data of a category; anyData where "" is asked about, or where
// no event names any.
func (l *Log) dataOf(category string) (data, error) {
	if category == "" {
		return anyData, nil
	}
	if !l.policy.Registry().Category(category) {
		return data{}, fmt.Errorf("unknown data category %q", category)
	}
	return l.classOf(category), nil
}

func (l *Log) classOf(category string) data {
	code, _ := l.policy.Registry().CategoryOf(category)
	return data{class: int16(slices.IndexFunc(l.dataClasses, func(c dataClass) bool { return c.set.Has(code) }))}
}

// selfOf is a contact point itself.
func (l *Log) selfOf(kind schema.Kind) data {
	of := l.classOf(kind.Category())
	of.self = true
	return of
}

// everyData is all that may be asked about of an anchor of a kind.
func (l *Log) everyData(kind schema.Kind) []data {
	all := []data{l.selfOf(kind)}
	for i := range l.dataClasses {
		all = append(all, data{class: int16(i)})
	}
	return all
}

// touches tells whether a denial is about some data.
func (l *Log) touches(f *fact, of data) bool {
	return f.categories == 0 || of.class < 0 || l.dataKinds[f.categories-1].touched.Has(l.dataClasses[of.class].code)
}

// isFor tells whether a consent is for some data.
func (l *Log) isFor(f *fact, of data) bool {
	switch {
	case f.categories == 0, of == anyData, of.self:
		return true
	case of == wholeData:
		return false
	}
	return l.dataKinds[f.categories-1].below.Has(l.dataClasses[of.class].code)
}

// categoriesOf is the categories that a fact's event names.
func (l *Log) categoriesOf(f *fact) []string {
	if f.categories == 0 {
		return nil
	}
	return l.dataKinds[f.categories-1].names
}

// NamesData tells whether any event names kinds of data: then permissions may
// be for some kinds only.
func (l *Log) NamesData() bool { return len(l.dataKinds) > 0 }

// markNarrow finds the clusters that hold events which name kinds of data.
func (e *Engine) markNarrow() {
	if !e.log.NamesData() {
		return
	}
	e.narrow = make([]bool, e.clusters.Len())
	for k := range e.narrow {
		e.narrow[k] = slices.ContainsFunc(e.clusters.Anchors(ClusterID(k)), func(a AnchorID) bool {
			lo, hi := e.log.of(a)
			return slices.ContainsFunc(e.log.facts[lo:hi], func(f fact) bool { return f.categories != 0 })
		})
	}
}

// narrowed tells whether kinds of data matter to decisions about an anchor of
// a cluster: to it, or to another holder of the anchor.
func (e *Engine) narrowed(k ClusterID, a AnchorID) bool {
	return e.narrow[k] || slices.ContainsFunc(e.clusters.Holders(a), func(k ClusterID) bool { return e.narrow[k] })
}

// slots is how many answers crowded has for a question, and slot is where one
// of them is.
func (e *Engine) slots() int {
	if !e.log.NamesData() {
		return 1
	}
	return len(e.log.dataClasses) + 2
}

func (e *Engine) slot(r int, of data) int {
	switch {
	case of == anyData:
		return r * e.slots()
	case of.self:
		return r*e.slots() + 1
	}
	return r*e.slots() + 2 + int(of.class)
}

// narrowly answers a request where kinds of data matter. A use of a contact
// point is permitted if the contact point itself may be used for it, a use
// about the person if some data that it shows may be. The bounds of its time are those within
// which it is permitted for the same data.
func (d *Decider) narrowly(k ClusterID, a AnchorID, r int, out *Result) {
	q, l := &d.e.questions[r], d.e.log
	if q.data != anyData {
		d.ask(k, a, r, q.data, out)
		out.Categories = schema.AllCategories // of those asked about
		return
	}
	begun := !q.aboutPerson
	if begun {
		if d.ask(k, a, r, l.selfOf(a.Kind()), out); !out.Allowed {
			return
		}
	}
	permitted, narrow := schema.CategorySet{}, false
	for i := range l.dataClasses {
		shown := l.dataClasses[i].set.And(q.shows)
		if shown == (schema.CategorySet{}) {
			continue
		}
		part := &d.part
		if !begun {
			part, begun = out, true
		}
		d.ask(k, a, r, data{class: int16(i)}, part)
		if part.Allowed {
			permitted = permitted.Union(shown)
		} else {
			narrow = true
		}
		if part != out {
			out.join(part, q.aboutPerson)
		}
	}
	if !narrow {
		permitted = schema.AllCategories
	}
	out.Categories = permitted
}

// join takes the answer about one kind of data into that about all. Grounds are
// those of what is permitted, or, while nothing is, of everything; those of a
// contact point are its own.
func (out *Result) join(part *Result, aboutPerson bool) {
	switch {
	case out.Allowed && !part.Allowed:
		return
	case !out.Allowed && part.Allowed:
		deciding := append(out.Deciding[:0], part.Deciding...)
		*out = *part
		out.Deciding = deciding
		return
	}
	out.ValidFrom, out.ValidUntil = max(out.ValidFrom, part.ValidFrom), min(out.ValidUntil, part.ValidUntil)
	if aboutPerson {
		out.Reasons |= part.Reasons
		out.Deciding = append(out.Deciding, part.Deciding...)
	}
}
