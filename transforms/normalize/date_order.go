package normalize

import "iter"

// OrderEvidence counts what the values of a column say about their order of
// day and month.
type OrderEvidence struct {
	YMD        int // the year comes first
	DMY        int // only day before month reads it: 13/02/1980
	MDY        int // only month before day reads it: 02/13/1980
	Neutral    int // read the same in either order: 15-Mar-92, 3/3/1980
	Ambiguous  int // 02/03/1980
	Unreadable int
}

// contradiction is the largest share of values that may prove the other order
// when an order is inferred: typing errors and one foreign row, not a column
// of two habits.
const contradiction = 0.1

// Order is the order that the evidence proves: Unset when nothing proves one,
// or when too many values contradict each other.
func (e OrderEvidence) Order() Order {
	switch {
	case e.DMY == 0 && e.MDY == 0:
		if e.YMD > 0 && e.Ambiguous == 0 {
			return YMD
		}
		return Unset
	case float64(e.MDY) <= contradiction*float64(e.MDY+e.DMY):
		return DMY
	case float64(e.DMY) <= contradiction*float64(e.MDY+e.DMY):
		return MDY
	}
	return Unset
}

// InferDateOrder reads the distinct values of a column and decides the order
// of day and month in it. It never guesses: a column in which every value is
// ambiguous has the order Unset, and each such value the problem
// [AmbiguousDate].
func InferDateOrder(values iter.Seq[string]) (Order, OrderEvidence) {
	var e OrderEvidence
	for raw := range values {
		s := clean(raw)
		if isNull(s) {
			continue
		}
		t := parseDate(s, Unset, true)
		switch {
		case !t.ok:
			e.Unreadable++
		case t.ambiguous:
			if t.month > 12 || t.day > 12 {
				e.Unreadable++
			} else {
				e.Ambiguous++
			}
		case t.proves == YMD:
			e.YMD++
		case t.proves == DMY:
			e.DMY++
		case t.proves == MDY:
			e.MDY++
		default:
			e.Neutral++
		}
	}
	return e.Order(), e
}
