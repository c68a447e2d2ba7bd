package consent

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the registry and the policy table are data
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

//go:embed data/registry.json
var registryData []byte

// About is what a purpose concerns: it decides whether a denial on one
// anchor speaks for the person's other anchors.
type About uint8

// What purposes concern.
const (
	// AboutPerson purposes use what is known of somebody (analytics,
	// personalisation, sale, enrichment, linking): a denial travels.
	AboutPerson About = iota
	// AboutContactPoint purposes reach one address or number: a denial of
	// ordinary scope stays with it.
	AboutContactPoint
)

// Purpose is an entry of the registry.
type Purpose struct {
	Key        string   `json:"key"`
	Origin     string   `json:"origin"` // "fideslang" or "concord"
	About      About    `json:"about"`
	DPV        string   `json:"dpv"`         // local name in the W3C Data Privacy Vocabulary
	TCF        []int    `json:"tcf"`         // IAB TCF purpose ids
	TCFSpecial []int    `json:"tcf_special"` // IAB TCF special purpose ids
	GPP        []string `json:"gpp"`         // IAB GPP opt-out fields, US national section
	Title      string   `json:"title"`
}

// DPVIRI is the purpose's IRI in the W3C Data Privacy Vocabulary.
func (p *Purpose) DPVIRI() string { return "https://w3id.org/dpv#" + p.DPV }

// PurposeCode numbers the purposes so that an ancestor's descendants follow
// it without a gap: p covers q iff p ≤ q ≤ Last(p).
type PurposeCode uint16

// Registry is the pinned list of purposes and data categories. It is
// read-only and may be shared.
type Registry struct {
	Version    string
	Digest     string // SHA-256 of the file, in hex
	purposes   []Purpose
	last       []PurposeCode
	codes      map[string]PurposeCode
	categories []string // sorted
	// categoryCodes is where each is in categories.
	categoryCodes map[string]CategoryCode
}

var defaultRegistry = sync.OnceValue(func() *Registry {
	r, err := LoadRegistry(registryData)
	if err != nil {
		panic(err) // the embedded file is ours, and a test loads it
	}
	return r
})

// DefaultRegistry is the registry that this version of Concord pins.
func DefaultRegistry() *Registry { return defaultRegistry() }

// LoadRegistry reads a registry file: strictly, every purpose with its
// parent, in key order.
func LoadRegistry(data []byte) (*Registry, error) {
	var file struct {
		Version    string    `json:"version"`
		Sources    []string  `json:"sources"`
		Purposes   []Purpose `json:"purposes"`
		Categories []string  `json:"categories"`
	}
	if err := strictJSON(data, &file); err != nil {
		return nil, fmt.Errorf("purpose registry: %w", err)
	}
	sum := sha256.Sum256(data)
	r := &Registry{
		Version:    file.Version,
		Digest:     hex.EncodeToString(sum[:]),
		purposes:   file.Purposes,
		codes:      make(map[string]PurposeCode, len(file.Purposes)),
		categories: file.Categories,
	}
	if err := r.index(); err != nil {
		return nil, fmt.Errorf("purpose registry: %w", err)
	}
	return r, nil
}

// strictJSON decodes one JSON value, refusing unknown keys and anything that
// follows it.
func strictJSON(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the closing brace")
	}
	return nil
}

// index numbers the purposes. Key order is preorder, because '.' sorts before
// every letter, digit and underscore.
func (r *Registry) index() error {
	if r.Version == "" || len(r.purposes) == 0 {
		return errors.New("version or purposes missing")
	}
	r.last = make([]PurposeCode, len(r.purposes))
	for i, p := range r.purposes {
		if !validKey(p.Key) || p.Title == "" || p.DPV == "" {
			return fmt.Errorf("purpose %d (%q): key, title or dpv missing or malformed", i, p.Key)
		}
		if i > 0 && r.purposes[i-1].Key >= p.Key {
			return fmt.Errorf("purpose %q: out of order or repeated", p.Key)
		}
		code := PurposeCode(i)
		r.codes[p.Key] = code
		r.last[i] = code
		for parent := parentKey(p.Key); parent != ""; parent = parentKey(parent) {
			c, ok := r.codes[parent]
			if !ok {
				return fmt.Errorf("purpose %q: parent %q missing", p.Key, parent)
			}
			r.last[c] = code
		}
	}
	if !slices.IsSorted(r.categories) || len(r.categories) > maxCategories {
		return fmt.Errorf("data categories out of order, or more than %d", maxCategories)
	}
	r.categoryCodes = make(map[string]CategoryCode, len(r.categories))
	for i, key := range r.categories {
		r.categoryCodes[key] = CategoryCode(i)
	}
	return nil
}

func parentKey(key string) string {
	return key[:max(strings.LastIndexByte(key, '.'), 0)]
}

func validKey(key string) bool {
	for _, part := range strings.Split(key, ".") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return false
		}
	}
	return true
}

// Purposes lists the entries; entry i has code i. The slice is shared: do not
// change it.
func (r *Registry) Purposes() []Purpose { return r.purposes }

// Categories lists the data category keys, sorted. The slice is shared: do
// not change it.
func (r *Registry) Categories() []string { return r.categories }

// Code is the code of a purpose key.
func (r *Registry) Code(key string) (PurposeCode, bool) {
	c, ok := r.codes[key]
	return c, ok
}

// Purpose is the entry of a code.
func (r *Registry) Purpose(c PurposeCode) *Purpose { return &r.purposes[c] }

// Last is the code of the last descendant of c, or c.
func (r *Registry) Last(c PurposeCode) PurposeCode { return r.last[c] }

// Covers tells whether c is q or an ancestor of it.
func (r *Registry) Covers(c, q PurposeCode) bool { return c <= q && q <= r.last[c] }

// Category tells whether key is a data category.
func (r *Registry) Category(key string) bool {
	_, ok := r.categoryCodes[key]
	return ok
}

// Resolve reads a purpose as a feed or a job file writes it. The name of a
// channel at the end is that channel: marketing.communications.email is
// (marketing.communications, email). The channel is [AnyChannel] and split
// false when the key names none. An unknown purpose is an
// [UnknownPurposeError].
func (r *Registry) Resolve(key string) (c PurposeCode, ch Channel, split bool, err error) {
	if c, ok := r.codes[key]; ok {
		return c, AnyChannel, false, nil
	}
	parent := parentKey(key)
	if c, ok := r.codes[parent]; ok && r.purposes[c].About == AboutContactPoint {
		if ch, err := ParseChannel(key[len(parent)+1:]); err == nil {
			return c, ch, true, nil
		}
	}
	return 0, 0, false, &UnknownPurposeError{Key: key, Nearest: r.Nearest(key)}
}

// UnknownPurposeError names a purpose that is not in the registry.
type UnknownPurposeError struct{ Key, Nearest string }

func (e *UnknownPurposeError) Error() string {
	return fmt.Sprintf("unknown purpose %q: did you mean %q?", e.Key, e.Nearest)
}

// Nearest is the purpose key with the smallest edit distance from key, the
// first in key order among equals.
func (r *Registry) Nearest(key string) string {
	best, at := -1, 0
	for i := range r.purposes {
		if d := editDistance(key, r.purposes[i].Key); best < 0 || d < best {
			best, at = d, i
		}
	}
	return r.purposes[at].Key
}

// editDistance is the Levenshtein distance in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = min(diagonal, row[j], row[j+1]) + 1
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

var aboutNames = []string{"person", "contact_point"}

// UnmarshalText reads "person" or "contact_point".
func (a *About) UnmarshalText(text []byte) error {
	i, ok := find(aboutNames, string(text))
	if !ok {
		return fmt.Errorf("about: want one of %s", listed(aboutNames))
	}
	*a = About(i)
	return nil
}
