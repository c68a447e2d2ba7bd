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
	name, channel := w.r.in.Records.Brands[brand], w.a.channel.String()
	for i, a := range w.permitter.anchors {
		res := &w.permitter.results[i]
		if w.a.channel != schema.AnyChannel && !w.a.channel.Reaches(a.Kind()) {
			continue
		}
		w.count(res)
		state, notice, evidence := schema.Unknown, "", ""
		w.events.ids = w.events.ids[:0]
		if len(res.Deciding) > 0 { // most cells are decided by no event
			state, w.events.ids = e.Decided(res, w.events.ids)
			notice, evidence = e.Evidence(res)
		}
		kind, token, reasons := a.Kind().String(), w.tokens.of(w.permitter.anchors, i), w.reasonCodes(res.Reasons)
		rows.Text(0, w.id)
		rows.Coded(1, uint32(a.Kind()), kind, 1)
		rows.Text(2, token)
		rows.Text(3, w.r.Job.Controller)
		w.brand(rows, 4, brand, 1)
		rows.Text(5, w.a.purpose)
		rows.Text(6, channel)
		rows.Bool(7, res.Allowed)
		rows.Texts(8, reasons)
		rows.Coded(9, uint32(res.Basis), res.Basis.String(), 1)
		rows.Coded(10, uint32(state), state.String(), 1)
		rows.Text(11, w.places)
		rows.Time(12, start(res.ValidFrom))
		rows.Time(13, end(res.ValidUntil))
		rows.TextOrNull(14, notice)
		rows.TextOrNull(15, evidence)
		rows.Texts(16, w.events.texts())
		if err := rows.End(); err != nil {
			return err
		}
		if err := w.delta.cell(cellKey{kind, token, w.r.Job.Controller, name, w.a.purpose, channel}, res.Allowed, reasons); err != nil {
			return err
		}
	}
	return nil
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
