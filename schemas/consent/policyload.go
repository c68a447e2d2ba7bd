package consent

import (
	"crypto/sha256"
	_ "embed" // the table is data
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
)

//go:embed data/policy.json
var policyData []byte

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
