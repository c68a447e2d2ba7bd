package snapshot

import (
	"strconv"
	"testing"

	"github.com/zeebo/xxh3"
)

// Texts that are added without being looked up take no place in the table: the
// first look-up after many of them must make room for all.
func TestDictionaryFindsAmongTextsThatWereOnlyAdded(t *testing.T) {
	for _, only := range []int{1, 63, 64, 100, 1000} {
		var d dictionary
		for i := range only {
			v := "added " + strconv.Itoa(i)
			d.add(v, xxh3.HashString(v))
		}
		a, b := d.find("a"), d.find("b")
		if again := d.find("a"); a != entry(only+1) || b != entry(only+2) || again != a {
			t.Errorf("after %d texts: entries %d, %d and %d again", only, a, b, again)
		}
		if got := string(d.text(int(a - 1))); got != "a" {
			t.Errorf("entry %d is %q", a, got)
		}
	}
}
