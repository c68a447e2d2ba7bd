package names_test

import (
	"testing"

	"concord/schemas/names"
)

func TestTables(t *testing.T) {
	t.Parallel()
	given, family := names.Given(), names.Family()
	if len(given) < 4000 || len(family) < 4000 {
		t.Fatalf("%d given and %d family names: too few", len(given), len(family))
	}
	for _, c := range []struct {
		name    string
		classes map[string]int
		rarer   string
	}{
		{"james", given, "darla"}, {"smith", family, "hemingway"},
	} {
		if c.classes[c.name] <= c.classes[c.rarer] || c.classes[c.rarer] == 0 {
			t.Errorf("%s has class %d, %s %d: want the second rarer and there", c.name, c.classes[c.name], c.rarer, c.classes[c.rarer])
		}
	}
}
