package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"concord/schemas/attribute"
)

// ImportSplink reads a trained Splink 4 settings file. columns says which
// attribute a Splink column is, in addition to [SplinkColumns]. Weights are
// those of Splink to the last bit of log2(m/u); anything Concord cannot
// reproduce is an error that names the comparison and the level.
func ImportSplink(data []byte, columns map[string]attribute.Name) (*Model, error) {
	var s splinkSettings
	if err := unmarshalStrict(data, &s); err != nil {
		return nil, fmt.Errorf("import splink model: %w", err)
	}
	known := SplinkColumns()
	maps.Copy(known, columns)
	m := &Model{Format: Format, Version: Version, Prior: splinkDefaultPrior}
	m.Training.Method = Imported
	m.Training.Prior.Method = "imported"
	if s.Prior != nil {
		m.Prior = *s.Prior
	}
	for i := range s.Comparisons {
		c, err := s.Comparisons[i].comparison(known)
		if err != nil {
			return nil, fmt.Errorf("import splink model: comparisons[%d] %q: %w", i, s.Comparisons[i].Output, err)
		}
		m.Comparisons = append(m.Comparisons, c)
	}
	for _, b := range s.Blocking {
		m.BlockingRules = append(m.BlockingRules, blockingText(b))
	}
	m.SetWeights()
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("import splink model: %w", err)
	}
	return m, nil
}

// blockingText is the SQL of a blocking rule, which Splink writes as a text or
// as an object that holds it.
func blockingText(raw json.RawMessage) string {
	var rule struct {
		SQL string `json:"blocking_rule"`
	}
	if json.Unmarshal(raw, &rule) == nil {
		return rule.SQL
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// comparison converts one comparison. Splink lists levels best first and
// takes the first that holds; Concord numbers them worst first.
func (s *splinkComparison) comparison(columns map[string]attribute.Name) (Comparison, error) {
	if len(s.Levels) == 0 || len(s.Levels) > maxLevels {
		return Comparison{}, fmt.Errorf("%d levels, want 3 to %d", len(s.Levels), maxLevels)
	}
	parsed := make([]sqlLevel, len(s.Levels))
	column := ""
	for i := range s.Levels {
		p, err := parseSQL(s.Levels[i].Condition)
		if err != nil {
			return Comparison{}, err
		}
		if column == "" {
			column = p.column
		}
		if !p.rest && p.column != column {
			return Comparison{}, fmt.Errorf("reads columns %q and %q, one is supported", column, p.column)
		}
		if p.null != s.Levels[i].Null || p.null != (i == 0) || p.rest != (i == len(parsed)-1) {
			return Comparison{}, errors.New("levels must be null first, ELSE last, agreements between, and is_null_level true on the first alone")
		}
		parsed[i] = p
	}
	name, err := columnAttribute(column, columns)
	if err != nil {
		return Comparison{}, err
	}
	c := Comparison{
		Name: s.Output, Comparator: Text, Attributes: []attribute.Name{name},
		Description: "agreement of " + string(name) + " by thresholds",
		Levels: []Level{
			{Label: "null", Description: "at least one of the values is missing"},
			{Label: "else", Description: "the values disagree"},
		},
	}
	for i := len(parsed) - 1; i > 0; i-- {
		if err := s.addLevel(&c, i, parsed[i], column); err != nil {
			return Comparison{}, fmt.Errorf("level %q: %w", s.Levels[i].Label, err)
		}
	}
	return c, nil
}

func columnAttribute(column string, columns map[string]attribute.Name) (attribute.Name, error) {
	if name, ok := columns[column]; ok {
		return name, nil
	}
	if _, ok := attribute.Lookup(attribute.Name(column)); ok {
		return attribute.Name(column), nil
	}
	names := slices.Sorted(maps.Keys(columns))
	for _, spec := range attribute.All() {
		names = append(names, string(spec.Name))
	}
	return "", fmt.Errorf("column %q is no known attribute%s: say which attribute it is", column, suggestion(column, names))
}

func (s *splinkComparison) addLevel(c *Comparison, i int, p sqlLevel, column string) error {
	from := &s.Levels[i]
	if from.M == nil || from.U == nil {
		return errors.New("no m_probability or u_probability: train the model before saving it")
	}
	level := &c.Levels[ElseLevel]
	if !p.rest {
		c.Levels = append(c.Levels, Level{
			Label:       label(p.condition),
			Description: "the values agree: " + p.condition.String(),
			When:        p.condition.String(),
		})
		level = &c.Levels[len(c.Levels)-1]
	}
	level.M, level.U = max(*from.M, splinkMinimum), max(*from.U, splinkMinimum)
	t, err := s.frequency(i, p, column)
	level.TermFrequency = t
	return err
}

// label makes "jaro_winkler_92" of "jaro_winkler >= 0.92".
func label(c Condition) string {
	if c.Measure == Exact {
		return string(Exact)
	}
	_, threshold, _ := strings.Cut(c.String(), "= ")
	return string(c.Measure) + "_" + strings.TrimPrefix(threshold, "0.")
}

// frequency converts a level's term-frequency adjustment: none on a level
// without one, on ELSE, and where its weight is 0.
func (s *splinkComparison) frequency(i int, p sqlLevel, column string) (*TermFrequency, error) {
	l := &s.Levels[i]
	strength := 1.0
	if l.TFWeight != nil {
		strength = *l.TFWeight
	}
	if l.TFColumn == "" || p.rest || strength == 0 {
		return nil, nil
	}
	if strings.Trim(l.TFColumn, `"`) != column {
		return nil, fmt.Errorf("tf_adjustment_column %q is not the compared column %q", l.TFColumn, column)
	}
	if l.TFMinimum != 0 {
		return nil, errors.New("tf_minimum_u_value is not supported")
	}
	if l.TFOwnU {
		return &TermFrequency{Strength: strength, Base: max(*l.U, splinkMinimum)}, nil
	}
	u, ok := s.exactU()
	if !ok {
		return nil, errors.New("a term frequency needs a level of equality")
	}
	return &TermFrequency{Strength: strength, Base: u}, nil
}

// exactU is the u of the level of equality.
func (s *splinkComparison) exactU() (float64, bool) {
	for i := range s.Levels {
		p, err := parseSQL(s.Levels[i].Condition)
		if err == nil && p.condition.Measure == Exact && s.Levels[i].U != nil {
			return max(*s.Levels[i].U, splinkMinimum), true
		}
	}
	return 0, false
}
