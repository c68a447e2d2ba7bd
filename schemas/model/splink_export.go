package model

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// splinkTermTolerance is how far, relatively, a term-frequency base may be
// from a u and still be that u: the same weight to 1e-9 bits.
const splinkTermTolerance = 1e-10

// ExportSplink writes the model as a Splink 4 settings file for DuckDB with
// link_type "dedupe_only". Columns carry the attributes' names. Comparisons
// Splink cannot express, such as the composed ones of names and addresses,
// are refused by name. Blocking rules are not written: Concord's keys have no
// SQL.
func (m *Model) ExportSplink() ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("export splink model: %w", err)
	}
	s := splinkSettings{LinkType: "dedupe_only", Prior: &m.Prior, Dialect: "duckdb", Blocking: []json.RawMessage{}}
	for i := range m.Comparisons {
		c, err := m.Comparisons[i].splink()
		if err != nil {
			return nil, fmt.Errorf("export splink model: comparison %q: %w", m.Comparisons[i].Name, err)
		}
		s.Comparisons = append(s.Comparisons, c)
	}
	return encode(s)
}

func (c *Comparison) splink() (splinkComparison, error) {
	if c.Comparator != Text {
		return splinkComparison{}, fmt.Errorf("comparator %q is not expressible as a Splink comparison of one column, only %q comparators are", c.Comparator, Text)
	}
	column := string(c.Attributes[0])
	out := splinkComparison{Output: c.Name, Description: c.Description}
	out.Levels = append(out.Levels, splinkLevel{
		Condition: quoteSQL(column+"_l") + " IS NULL OR " + quoteSQL(column+"_r") + " IS NULL",
		Label:     c.Levels[NullLevel].Label, Null: true,
	})
	for k, l := range slices.Backward(c.Levels) {
		if k == NullLevel {
			break
		}
		level := splinkLevel{Condition: "ELSE", Label: l.Label, M: &l.M, U: &l.U}
		if k > ElseLevel {
			condition, err := ParseCondition(l.When)
			if err != nil {
				return splinkComparison{}, err
			}
			if level.Condition, err = condition.sql(column); err != nil {
				return splinkComparison{}, fmt.Errorf("level %q: %w", l.Label, err)
			}
		}
		if err := c.splinkFrequency(&level, &l, column); err != nil {
			return splinkComparison{}, fmt.Errorf("level %q: %w", l.Label, err)
		}
		out.Levels = append(out.Levels, level)
	}
	return out, nil
}

// splinkFrequency writes a term-frequency adjustment in the one of Splink's
// two forms that has its base: the u of the level of equality, or the level's
// own.
func (c *Comparison) splinkFrequency(to *splinkLevel, l *Level, column string) error {
	t := l.TermFrequency
	if t == nil || t.Strength == 0 {
		return nil
	}
	to.TFColumn, to.TFWeight = column, &t.Strength
	for i := range c.Levels {
		if c.Levels[i].When == string(Exact) && near(t.Base, c.Levels[i].U) {
			return nil
		}
	}
	if !near(t.Base, l.U) {
		return fmt.Errorf("the term-frequency base %g is neither the level's u nor that of equality", t.Base)
	}
	to.TFOwnU = true
	return nil
}

func near(a, b float64) bool { return math.Abs(a-b) <= splinkTermTolerance*b }
