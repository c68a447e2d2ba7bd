package cluster

import (
	"slices"
	"testing"
)

// TestContestedRecordStaysAlone: record 1 fits 0 and 2, who are two people.
func TestContestedRecordStaysAlone(t *testing.T) {
	for _, c := range []struct {
		name  string
		edges []Edge
		want  []uint32
	}{
		{"alike", []Edge{{0, 1, 6 * Bit}, {0, 2, -20 * Bit}, {1, 2, 6 * Bit}}, []uint32{0, 1, 2}},
		{"nearly alike", []Edge{{0, 1, 6 * Bit}, {0, 2, -20 * Bit}, {1, 2, 6*Bit - Bit/2}}, []uint32{0, 1, 2}},
		{"one is better", []Edge{{0, 1, 9 * Bit}, {0, 2, -20 * Bit}, {1, 2, 6 * Bit}}, []uint32{0, 0, 2}},
		{"many against one", []Edge{{0, 1, 6 * Bit}, {0, 2, -20 * Bit}, {0, 3, 30 * Bit}, {1, 2, 6 * Bit}, {1, 3, 6 * Bit}, {2, 3, -20 * Bit}}, []uint32{0, 0, 2, 0}},
		{"the two may be one", []Edge{{0, 1, 6 * Bit}, {0, 2, -2 * Bit}, {1, 2, 6 * Bit}}, []uint32{0, 0, 0}},
	} {
		n := len(c.want)
		components, err := Partition(Input{N: n, Edges: c.edges})
		if err != nil {
			t.Fatal(err)
		}
		r := NewRefiner(Options{Contest: true})
		got := []uint32{0, 1, 2, 3}[:n]
		for i := range components.Len() {
			component := components.At(i)
			result, err := r.Refine(component)
			if err != nil {
				t.Fatal(err)
			}
			for k, record := range component.Records {
				got[record] = result.Cluster[k]
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: clusters %v, want %v", c.name, got, c.want)
		}
	}
}
