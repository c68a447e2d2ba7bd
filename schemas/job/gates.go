package job

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Gates are the tolerances of the checks that stand between a run and its
// publication. What is left out has its default.
type Gates struct {
	// ConsentDrop is the share of its accepted rows that a consent feed may
	// have lost since the last published run.
	ConsentDrop *Share `yaml:"consent_drop" json:"consent_drop"`
	// PermittedDrift is how far a snapshot's share of published golden records
	// may rise or fall, in points: 5% is from 40 % to anything up to 45 %.
	PermittedDrift *Share `yaml:"permitted_drift" json:"permitted_drift"`
	// MergeDrift is how far the share of records merged away may move, in
	// points.
	MergeDrift *Share `yaml:"merge_drift" json:"merge_drift"`
	// Quarantine is the share of a channel's rows that may be unusable.
	Quarantine *Share `yaml:"quarantine" json:"quarantine"`
	// UnmatchedAccounts is the share of the accounts named in a consent channel
	// that may be no record's.
	UnmatchedAccounts *Share `yaml:"unmatched_accounts" json:"unmatched_accounts"`
	// UnheardRows is how many rows of a channel with consent columns may be torn,
	// or deny and name nobody.
	UnheardRows Count `yaml:"unheard_rows" json:"unheard_rows,omitempty"`
	// LargestCluster is the most records that one golden record may join; 0
	// means the default.
	LargestCluster Count `yaml:"largest_cluster" json:"largest_cluster"`
	// MaxStaleness is, by channel, how much older than the as-of its newest
	// event may be. A channel that is not named may be any age.
	MaxStaleness map[string]Duration `yaml:"max_staleness" json:"max_staleness,omitempty"`
}

// The defaults of gates.
const (
	// DefaultConsentDrop: a log of consent events only grows. A tenth leaves
	// room for repairs of the feed.
	DefaultConsentDrop = Share(0.10)
	// DefaultPermittedDrift is several times what withdrawals and new
	// customers move in a day.
	DefaultPermittedDrift = Share(0.05)
	DefaultMergeDrift     = Share(0.10)
	// DefaultQuarantine: extracts have single bad rows; a wrong delimiter or
	// encoding spoils far more than one row in twenty.
	DefaultQuarantine = Share(0.05)
	// DefaultUnmatchedAccounts: a preference centre keeps customers who left,
	// and a job may read one source of several; numbers of another form match
	// hardly any record.
	DefaultUnmatchedAccounts = Share(0.50)
	// DefaultLargestCluster is one record a day for almost three years. What
	// joins more is a placeholder value or a chain of strangers.
	DefaultLargestCluster = Count(1000)
)

func (g *Gates) applyDefaults() {
	for _, d := range []struct {
		to    **Share
		value Share
	}{
		{&g.ConsentDrop, DefaultConsentDrop}, {&g.PermittedDrift, DefaultPermittedDrift},
		{&g.MergeDrift, DefaultMergeDrift}, {&g.Quarantine, DefaultQuarantine},
		{&g.UnmatchedAccounts, DefaultUnmatchedAccounts},
	} {
		if *d.to == nil {
			*d.to = &d.value
		}
	}
	if g.LargestCluster == 0 {
		g.LargestCluster = DefaultLargestCluster
	}
}

// gates checks that limits name channels whose age can be told.
func (v *validation) gates(j *Job) {
	for _, name := range sortedKeys(j.Gates.MaxStaleness) {
		path := "gates.max_staleness." + name
		c := j.Channels[name]
		switch {
		case c == nil:
			v.add(path, "there is no channel of that name%s", didYouMean(name, j.ChannelNames()))
		case !c.IsConsent() && c.EventTime.Column == "":
			v.add(path, "the channel has no event_time, so nobody can tell how old it is")
		case j.Gates.MaxStaleness[name] <= 0:
			v.add(path, "a staleness is more than nothing, such as 36h or 7d")
		}
	}
}

// Share is a part of a whole, 0 to 1, written as 10% or 0.1.
type Share float64

// UnmarshalYAML takes a percentage or a fraction.
func (s *Share) UnmarshalYAML(node ast.Node) error {
	text := textOf(node)
	number, scale := strings.TrimSpace(text), 1.0
	if n, ok := strings.CutSuffix(number, "%"); ok {
		number, scale = strings.TrimSpace(n), 100
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > scale {
		return misread(node, "a share is a percentage such as 10% or a fraction such as 0.1")
	}
	*s = Share(v / scale)
	return nil
}

// String is the share as people read it: "10 %".
func (s Share) String() string {
	return strconv.FormatFloat(math.Round(float64(s)*1e6)/1e4, 'f', -1, 64) + " %"
}

// Duration is a span of time, written as 36h or 7d.
type Duration time.Duration

// UnmarshalYAML takes what time.ParseDuration does, and days.
func (d *Duration) UnmarshalYAML(node ast.Node) error {
	text := textOf(node)
	if n, ok := strings.CutSuffix(text, "d"); ok {
		if days, err := strconv.ParseFloat(n, 64); err == nil && days >= 0 && days < 1e5 {
			*d = Duration(days * float64(day))
			return nil
		}
	}
	v, err := time.ParseDuration(text)
	if err != nil {
		return misread(node, "a span of time is a number with h or d, such as 36h or 7d")
	}
	*d = Duration(v)
	return nil
}

const day = 24 * time.Hour

// String is the span in hours, or in days where it is whole days.
func (d Duration) String() string {
	if t := time.Duration(d); t%day == 0 {
		return fmt.Sprintf("%dd", t/day)
	}
	return strconv.FormatFloat(time.Duration(d).Hours(), 'f', -1, 64) + "h"
}

// MarshalJSON writes the span as a job file does.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }
