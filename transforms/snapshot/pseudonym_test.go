package snapshot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var testKey = []byte("0123456789abcdef0123456789abcdef")

func pseudonym(t testing.TB, key []byte, version int, domain string) *Pseudonym {
	t.Helper()
	p, err := NewPseudonym(key, version, domain)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// By hand: the id is the first 16 bytes of HMAC-SHA-256 over domain, use and
// golden id, each after its length.
func TestProfileIDByHand(t *testing.T) {
	mac := hmac.New(sha256.New, testKey)
	mac.Write([]byte("\x09\x00\x00\x00analytics" + "\x07\x00\x00\x00profile" + "\x02\x00\x00\x00g1"))
	want := mac.Sum(nil)[:16]
	id := pseudonym(t, testKey, 3, "analytics").ProfileID("g1")
	got, err := idEncoding.DecodeString(strings.TrimPrefix(id, "p3_"))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("id %s is %s, want %s", id, hex.EncodeToString(got), hex.EncodeToString(want))
	}
	if !regexp.MustCompile(`^p3_[0-9a-v]{26}$`).MatchString(id) {
		t.Errorf("id %q is not in the documented form", id)
	}
}

// Ids of two domains, keys, key versions or uses have nothing in common.
func TestDomainsCannotBeJoined(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		golden := rapid.String().Draw(rt, "golden id")
		other := append([]byte("x"), testKey...)
		p := pseudonym(t, testKey, 1, "mail")
		ids := []string{
			p.ProfileID(golden), p.Token("email", golden), p.Token("phone", golden), p.ValueDigest("email", golden),
			pseudonym(t, testKey, 1, "analytics").ProfileID(golden), pseudonym(t, other, 1, "mail").ProfileID(golden),
		}
		bare := map[string]bool{}
		for _, id := range ids {
			_, after, _ := strings.Cut(id, "_")
			bare[after] = true
		}
		if len(bare) != len(ids) {
			rt.Fatalf("two of %v share their MAC", ids)
		}
		if p.ProfileID(golden) != ids[0] {
			rt.Fatal("the same golden id got another profile id")
		}
	})
}

func TestNewPseudonymRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		key     []byte
		version int
		domain  string
	}{"short key": {testKey[:15], 1, "d"}, "no version": {testKey, 0, "d"}, "no domain": {testKey, 1, ""}} {
		if _, err := NewPseudonym(c.key, c.version, c.domain); err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), string(testKey[:8])) {
			t.Errorf("%s: the error shows the key", name)
		}
	}
}

func BenchmarkProfileID(b *testing.B) {
	p := pseudonym(b, testKey, 1, "mail")
	for range b.N {
		p.ProfileID("g_0123456789abcdef")
	}
}
