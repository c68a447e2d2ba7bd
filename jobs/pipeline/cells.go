package pipeline

import (
	"math/bits"

	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/consent"
)

// cells writes the verdict on every anchor of the present cluster.
func (w *part) cells(brand uint16) error {
	rows, e := w.consents.rows, w.r.decisions
	n := 0
	for _, a := range w.permitter.anchors {
		if w.concerns(a) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	if err := rows.Reserve(n); err != nil {
		return err
	}
	rows.Repeat(0, w.id, n)
	w.brand(rows, 4, brand, n)
	rows.Repeat(11, w.places, n)
	if w.permitter.data == nil {
		rows.Nulls(17, n)
	}
	for i, a := range w.permitter.anchors {
		if !w.concerns(a) {
			continue
		}
		res := &w.permitter.results[i]
		if w.permitter.data != nil {
			w.categories(res)
		}
		w.count(res)
		state, notice, evidence := schema.Unknown, "", ""
		w.events.ids = w.events.ids[:0]
		if len(res.Deciding) > 0 { // most cells are decided by no event
			state, w.events.ids = e.Decided(res, w.events.ids)
			notice, evidence = e.Evidence(res)
		}
		code, reasons := w.reasonCodes(res.Reasons)
		rows.Coded(1, uint32(a.Kind()), a.Kind().String(), 1)
		w.inConsents.put(&w.tokens, w.permitter.anchors, i)
		rows.Bool(7, res.Allowed)
		rows.CodedTexts(8, code, reasons)
		rows.Coded(9, uint32(res.Basis), res.Basis.String(), 1)
		rows.Coded(10, uint32(state), state.String(), 1)
		rows.Time(12, start(res.ValidFrom))
		rows.Time(13, end(res.ValidUntil))
		rows.TextOrNull(14, notice)
		rows.TextOrNull(15, evidence)
		rows.Texts(16, w.events.texts())
		if err := w.change(brand, i, res, code, reasons); err != nil {
			return err
		}
	}
	return rows.EndRows(n)
}

// concerns tells whether the audience asks about an anchor: whether its
// channel reaches it.
func (w *part) concerns(a consent.AnchorID) bool {
	return w.a.channel == schema.AnyChannel || w.a.channel.Reaches(a.Kind())
}

// change writes whether the verdict on an anchor differs from the published
// one.
func (w *part) change(brand uint16, i int, res *consent.Result, code uint32, reasons []string) error {
	kind, channel, kinds := w.permitter.anchors[i].Kind(), w.a.channel, ""
	if w.permitter.data != nil {
		kinds = w.kindsOf(res)
	}
	old, differs := w.delta.differs(res.Allowed, kinds, func() cellKey {
		token := w.tokens.of(w.permitter.anchors, i)
		return cellKey{kind.String(), token, w.r.Job.Controller, w.r.in.Records.Brands[brand], w.a.purpose, channel.String()}
	})
	if !differs {
		return nil
	}
	rows := w.changes.rows
	rows.Text(0, w.id)
	rows.Coded(1, uint32(kind), kind.String(), 1)
	w.inChanges.put(&w.tokens, w.permitter.anchors, i)
	rows.Coded(3, 0, w.r.Job.Controller, 1)
	w.brand(rows, 4, brand, 1)
	rows.Coded(5, 0, w.a.purpose, 1)
	rows.Coded(6, 0, channel.String(), 1)
	rows.CodedTexts(9, code, reasons)
	return w.delta.verdict(old, res.Allowed, kinds)
}

func (w *part) count(res *consent.Result) {
	if res.Allowed {
		w.counts.allowed++
		return
	}
	w.counts.denied++
	for set := uint64(res.Reasons); set != 0; set &= set - 1 {
		w.counts.reasons[bits.TrailingZeros64(set)]++
	}
}

// start and end turn the engine's open bounds into nulls.
func start(t int64) int64 {
	if t == schema.NoTime {
		return table.NoTime
	}
	return t
}

func end(t int64) int64 {
	if t == schema.Forever {
		return table.NoTime
	}
	return t
}
