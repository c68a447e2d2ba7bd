package consent

import (
	"fmt"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"time"
)

// JurisdictionSet is a bit set of the policy's jurisdictions. Every record of
// a cluster adds its own, those without any add what [Policy.Jurisdiction]
// gives for "": so a merge can only add bits, and more bits are stricter.
type JurisdictionSet uint64

const maxJurisdictions = 64

// microsecondsPerDay turns the table's days into event time.
const microsecondsPerDay = int64(24 * time.Hour / time.Microsecond)

// Jurisdiction is a place, or a group of places, with rules of its own.
type Jurisdiction struct {
	Code        string   `json:"code"`
	Name        string   `json:"name"`
	Extends     string   `json:"extends"` // where to look for a rule next, or ""
	Members     []string `json:"members"` // ISO 3166-1 alpha-2 and 3166-2 codes
	MinorAge    int      `json:"minor_age"`
	GuardianAge int      `json:"guardian_age"`
	Source      string   `json:"source"`
	Review      string   `json:"review"` // what a lawyer should look at, or ""
}

// PolicyRule is a row of the table.
type PolicyRule struct {
	Jurisdiction    string   `json:"jurisdiction"`
	Purpose         string   `json:"purpose"` // a registry key, or "*"
	Channel         string   `json:"channel"` // a channel, or "*"
	Regime          string   `json:"regime"`
	RefreshDays     int      `json:"refresh_days"` // 0 for no limit
	SoftRefreshDays int      `json:"soft_refresh_days"`
	RevocationScope string   `json:"revocation_scope"`
	OtherBases      []string `json:"other_bases"`
	Source          string   `json:"source"`
	Note            string   `json:"note"`
	Review          string   `json:"review"` // what a lawyer should look at, or ""
}

// Policy is a policy table: jurisdiction × purpose × channel ─► [Rule]. It is
// read-only and may be shared.
type Policy struct {
	Version string
	Digest  string // SHA-256 of the file, in hex

	registry      *Registry
	jurisdictions []Jurisdiction
	rows          []PolicyRule
	members       map[string]int    // ISO code ─► jurisdiction
	profiles      map[string]string // profile ─► jurisdiction code
	assumed       int               // jurisdiction of records that have none
	rules         []Rule            // [jurisdiction][purpose][channel]
}

// DefaultJurisdiction is the code of the row set for places that the table
// does not know. Every table has it.
const DefaultJurisdiction = "*"

// Profiles lists the names that [Policy.Assume] takes, sorted.
func (p *Policy) Profiles() []string {
	names := make([]string, 0, len(p.profiles))
	for n := range p.profiles {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Assume is the same table with the named profile's jurisdiction for records
// that have none. Without it they fall under the strict default.
func (p *Policy) Assume(profile string) (*Policy, error) {
	code, ok := p.profiles[profile]
	if !ok {
		return nil, fmt.Errorf("unknown consent policy %q: want one of %s", profile, strings.Join(p.Profiles(), ", "))
	}
	q := *p
	q.assumed = p.number(code)
	return &q, nil
}

// Jurisdictions lists the table's jurisdictions; entry i is bit i of a
// [JurisdictionSet]. The slice is shared: do not change it.
func (p *Policy) Jurisdictions() []Jurisdiction { return p.jurisdictions }

// Rows lists the table's rules as written. The slice is shared: do not
// change it.
func (p *Policy) Rows() []PolicyRule { return p.rows }

// Jurisdiction is the set with the one jurisdiction that an ISO 3166 code
// falls under: the state's, else the country's, else the strict default. ""
// gives the assumed one. Case does not matter.
func (p *Policy) Jurisdiction(code string) JurisdictionSet {
	if code == "" {
		return 1 << p.assumed
	}
	code = strings.ToUpper(code)
	if j, ok := p.members[code]; ok {
		return 1 << j
	}
	country, _, _ := strings.Cut(code, "-")
	if j, ok := p.members[country]; ok {
		return 1 << j
	}
	return 1 << p.number(DefaultJurisdiction)
}

// Codes lists the codes of a set, in table order.
func (p *Policy) Codes(set JurisdictionSet) []string {
	var codes []string
	for s := uint64(set); s != 0; s &= s - 1 {
		codes = append(codes, p.jurisdictions[bits.TrailingZeros64(s)].Code)
	}
	return codes
}

// Strictest is the rule that every jurisdiction of the set is content with.
// An empty set is asked as the assumed jurisdiction.
func (p *Policy) Strictest(set JurisdictionSet, purpose PurposeCode, ch Channel) Rule {
	if set == 0 {
		set = 1 << p.assumed
	}
	s := uint64(set)
	rule := p.rules[p.cell(bits.TrailingZeros64(s), purpose, ch)]
	for s &= s - 1; s != 0; s &= s - 1 {
		rule = rule.Stricter(p.rules[p.cell(bits.TrailingZeros64(s), purpose, ch)])
	}
	return rule
}

// Minority is whether a person born on a civil date is a child at asOf
// (microseconds since 1970 UTC) in any jurisdiction of the set. An age is
// reached at the start of the birthday, UTC.
func (p *Policy) Minority(set JurisdictionSet, year int, month time.Month, day int, asOf int64) Minority {
	if set == 0 {
		set = 1 << p.assumed
	}
	minor, guardian := 0, 0
	for s := uint64(set); s != 0; s &= s - 1 {
		j := &p.jurisdictions[bits.TrailingZeros64(s)]
		minor, guardian = max(minor, j.MinorAge), max(guardian, j.GuardianAge)
	}
	younger := func(age int) bool {
		return asOf < time.Date(year+age, month, day, 0, 0, 0, 0, time.UTC).UnixMicro()
	}
	switch {
	case younger(guardian):
		return Child
	case younger(minor):
		return Minor
	}
	return Adult
}

func (p *Policy) cell(j int, purpose PurposeCode, ch Channel) int {
	return (j*len(p.registry.purposes)+int(purpose))*int(NumChannels) + int(ch)
}

// number is the index of a jurisdiction code, -1 when there is none.
func (p *Policy) number(code string) int {
	return slices.IndexFunc(p.jurisdictions, func(j Jurisdiction) bool { return j.Code == code })
}

// Registry is the purpose registry that the table speaks of.
func (p *Policy) Registry() *Registry { return p.registry }
