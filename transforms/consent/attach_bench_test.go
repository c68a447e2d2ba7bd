package consent

import (
	"testing"

	schema "concord/schemas/consent"
)

// BenchmarkAttach is the restating of one consent by account: per record with
// something to restate.
func BenchmarkAttach(b *testing.B) {
	const n = 100_000
	for b.Loop() {
		b.StopTimer()
		builder := NewBuilder(schema.DefaultPolicy())
		accounts := make([]schema.Anchor, n)
		for i := range accounts {
			e := benchEvent(i, "marketing.communications", schema.ByEmail, schema.Given)
			accounts[i] = benchAnchor(i)
			accounts[i].Kind = schema.Account
			e.Anchor = accounts[i]
			if err := builder.Add(&e); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		x := NewAttachment(func(string) Attaching { return AttachLatest }, builder)
		for i, a := range accounts {
			x.Attach(a, schema.NoTime, []schema.Anchor{benchAnchor(i)})
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/consent")
}
