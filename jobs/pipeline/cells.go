package pipeline

import (
	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/consent"
)

// cells writes the verdict on every anchor of the present cluster.
func (w *part) cells(x profile, brand uint16) error {
	t, rows, e := w.r.in.Records, w.consents.rows, w.r.decisions
	for i, a := range w.permitter.anchors {
		res := &w.permitter.results[i]
		if w.a.channel != schema.AnyChannel && !w.a.channel.Reaches(a.Kind()) {
			continue
		}
		w.count(res)
		state, notice, evidence := schema.Unknown, "", ""
		w.verdicts = w.verdicts[:0]
		if len(res.Deciding) > 0 { // most cells are decided by no event
			v := e.Verdict(res)
			state = v.State
			notice, evidence = e.Evidence(res)
			for _, id := range v.Deciding {
				w.verdicts = append(w.verdicts, id.String())
			}
		}
		rows.Text(0, x.id)
		rows.Text(1, a.Kind().String())
		token := w.token(a)
		rows.Text(2, token)
		rows.Text(3, w.r.Job.Controller)
		rows.TextOrNull(4, t.Brands[brand])
		rows.Text(5, w.a.purpose)
		rows.Text(6, w.a.channel.String())
		rows.Bool(7, res.Allowed)
		reasons := w.codes(res.Reasons)
		rows.Texts(8, reasons)
		rows.Text(9, res.Basis.String())
		rows.Text(10, state.String())
		rows.Text(11, w.places)
		rows.Time(12, start(res.ValidFrom))
		rows.Time(13, end(res.ValidUntil))
		rows.TextOrNull(14, notice)
		rows.TextOrNull(15, evidence)
		rows.Texts(16, w.verdicts)
		if err := rows.End(); err != nil {
			return err
		}
		key := cellKey{a.Kind().String(), token, w.r.Job.Controller, t.Brands[brand], w.a.purpose, w.a.channel.String()}
		if err := w.delta.cell(key, res.Allowed, reasons); err != nil {
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
	for _, reason := range res.Reasons.List() {
		w.counts.reasons[reason]++
	}
}

// codes are the reasons of a set as tables show them. Few sets occur.
func (w *part) codes(set schema.ReasonSet) []string {
	codes, ok := w.reasons[set]
	if !ok {
		codes = reasonCodes(set.List())
		w.reasons[set] = codes
	}
	return codes
}

func reasonCodes(list []schema.Reason) []string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = r.String()
	}
	return out
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
