package consent

import (
	"crypto/sha256"
	_ "embed" // the table is data
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

//go:embed data/policy.json
var policyData []byte

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

var defaultPolicy = sync.OnceValue(func() *Policy {
	p, err := LoadPolicy(policyData, DefaultRegistry())
	if err != nil {
		panic(err) // the embedded file is ours, and a test loads it
	}
	return p
})

// DefaultPolicy is the policy table that this version of Concord ships.
func DefaultPolicy() *Policy { return defaultPolicy() }

// LoadPolicy reads a policy table: strictly, every rule with its source, and
// total, so that every question has an answer.
func LoadPolicy(data []byte, reg *Registry) (*Policy, error) {
	var file struct {
		Version       string            `json:"version"`
		Notice        string            `json:"notice"`
		Profiles      map[string]string `json:"profiles"`
		Jurisdictions []Jurisdiction    `json:"jurisdictions"`
		Rules         []PolicyRule      `json:"rules"`
	}
	if err := strictJSON(data, &file); err != nil {
		return nil, fmt.Errorf("policy table: %w", err)
	}
	sum := sha256.Sum256(data)
	p := &Policy{
		Version:       file.Version,
		Digest:        hex.EncodeToString(sum[:]),
		registry:      reg,
		jurisdictions: file.Jurisdictions,
		rows:          file.Rules,
		profiles:      file.Profiles,
		members:       map[string]int{},
	}
	if err := p.compile(); err != nil {
		return nil, fmt.Errorf("policy table: %w", err)
	}
	return p, nil
}

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

// compile checks the table and writes out the rule of every cell.
func (p *Policy) compile() error {
	if p.Version == "" || len(p.jurisdictions) == 0 || len(p.jurisdictions) > maxJurisdictions {
		return fmt.Errorf("want a version and 1 to %d jurisdictions", maxJurisdictions)
	}
	if err := p.compileJurisdictions(); err != nil {
		return err
	}
	rows, err := p.compileRows()
	if err != nil {
		return err
	}
	n := len(p.jurisdictions) * len(p.registry.purposes) * int(NumChannels)
	p.rules = make([]Rule, 0, n)
	for j := range p.jurisdictions {
		for c := range p.registry.purposes {
			for ch := range NumChannels {
				rule, ok := p.lookup(rows, j, p.registry.purposes[c].Key, ch)
				if !ok {
					return fmt.Errorf("jurisdiction %q: no rule for purpose * and channel *", p.jurisdictions[j].Code)
				}
				p.rules = append(p.rules, rule)
			}
		}
	}
	return nil
}

func (p *Policy) compileJurisdictions() error {
	for i, j := range p.jurisdictions {
		switch {
		case j.Code == "" || j.Name == "" || j.Source == "":
			return fmt.Errorf("jurisdiction %d: code, name or source missing", i)
		case p.number(j.Code) != i:
			return fmt.Errorf("jurisdiction %q: repeated", j.Code)
		case j.Extends != "" && !before(p.number(j.Extends), i):
			return fmt.Errorf("jurisdiction %q: extends %q, which is not above it", j.Code, j.Extends)
		case j.MinorAge < j.GuardianAge || j.GuardianAge < 0:
			return fmt.Errorf("jurisdiction %q: want 0 ≤ guardian_age ≤ minor_age", j.Code)
		}
		for _, m := range j.Members {
			if _, taken := p.members[m]; taken {
				return fmt.Errorf("jurisdiction %q: member %q is another's", j.Code, m)
			}
			p.members[m] = i
		}
	}
	p.assumed = p.number(DefaultJurisdiction)
	if p.assumed < 0 {
		return fmt.Errorf("jurisdiction %q missing", DefaultJurisdiction)
	}
	for profile, code := range p.profiles {
		if p.number(code) < 0 {
			return fmt.Errorf("profile %q: no jurisdiction %q", profile, code)
		}
	}
	return nil
}

// before rules out cycles: a jurisdiction extends one that is listed earlier.
func before(i, j int) bool { return 0 <= i && i < j }

// rowKey is where a rule applies.
type rowKey struct {
	jurisdiction int
	purpose      string
	channel      Channel
}

func (p *Policy) compileRows() (map[rowKey]Rule, error) {
	rows := make(map[rowKey]Rule, len(p.rows))
	for i := range p.rows {
		row := &p.rows[i]
		key, rule, err := p.compileRow(row)
		if err != nil {
			return nil, fmt.Errorf("rule %d (%s, %s, %s): %w", i, row.Jurisdiction, row.Purpose, row.Channel, err)
		}
		if _, taken := rows[key]; taken {
			return nil, fmt.Errorf("rule %d (%s, %s, %s): repeated", i, row.Jurisdiction, row.Purpose, row.Channel)
		}
		rows[key] = rule
	}
	return rows, nil
}

func (p *Policy) compileRow(row *PolicyRule) (rowKey, Rule, error) {
	ch, errChannel := ParseChannel(row.Channel)
	regime, errRegime := ParseRegime(row.Regime)
	scope, errScope := ParseScope(row.RevocationScope)
	err := errors.Join(errChannel, errRegime, errScope)
	if _, known := p.registry.Code(row.Purpose); row.Purpose != "*" && !known {
		err = errors.Join(err, &UnknownPurposeError{row.Purpose, p.registry.Nearest(row.Purpose)})
	}
	if row.Source == "" || row.RefreshDays < 0 || row.SoftRefreshDays < 0 || p.number(row.Jurisdiction) < 0 {
		err = errors.Join(err, errors.New("source or jurisdiction missing, or days negative"))
	}
	rule := Rule{Regime: regime, Refresh: days(row.RefreshDays), SoftRefresh: days(row.SoftRefreshDays), Revocation: scope}
	for _, name := range row.OtherBases {
		b, errBasis := ParseBasis(name)
		err = errors.Join(err, errBasis)
		rule.Bases |= 1 << b
	}
	if rule.Allows(BasisConsent) {
		err = errors.Join(err, errors.New("other_bases: consent is always a basis, not another one"))
	}
	return rowKey{p.number(row.Jurisdiction), row.Purpose, ch}, rule, err
}

func days(n int) int64 {
	if n == 0 {
		return Forever
	}
	return int64(n) * microsecondsPerDay
}

// lookup finds a cell's rule: the nearest purpose that has one decides, then
// the jurisdiction before those it extends, then the channel before "*".
func (p *Policy) lookup(rows map[rowKey]Rule, j int, purpose string, ch Channel) (Rule, bool) {
	for {
		if purpose == "" {
			purpose = "*"
		}
		for at := j; at >= 0; at = p.number(p.jurisdictions[at].Extends) {
			if rule, ok := rows[rowKey{at, purpose, ch}]; ok {
				return rule, true
			}
			if rule, ok := rows[rowKey{at, purpose, AnyChannel}]; ok {
				return rule, true
			}
		}
		if purpose == "*" {
			return Rule{}, false
		}
		purpose = parentKey(purpose)
	}
}

// Registry is the purpose registry that the table speaks of.
func (p *Policy) Registry() *Registry { return p.registry }
