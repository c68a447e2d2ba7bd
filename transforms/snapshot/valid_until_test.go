package snapshot

import (
	"testing"

	"concord/schemas/table"
)

func TestValidUntil(t *testing.T) {
	never := table.NoTime
	for name, c := range map[string]struct {
		allowed []bool
		until   []int64
		want    int64
	}{
		"the earliest of the permitted": {[]bool{true, true, false}, []int64{30, 20, 10}, 20},
		"a denial does not expire":      {[]bool{false, false}, []int64{1, 2}, never},
		"without end":                   {[]bool{true, true}, []int64{never, 5}, 5},
		"all without end":               {[]bool{true}, []int64{never}, never},
		"no permissions":                {nil, nil, never},
	} {
		if got := ValidUntil(c.allowed, c.until); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}
