package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"concord/matching/block"
	"concord/matching/column"
	"concord/matching/score"
	"concord/schemas/attribute"
	"concord/schemas/model"
)

// query writes a model and its blocking rules as DuckDB SQL: the same pairs,
// the same levels and, in the same fixed-point unit, the same weights.
//
// It is the quickest form found (see matching/docs/performance.md): strings,
// keys and term-frequency adjustments are computed once per record, dates are
// DATE, a similarity that several levels ask for is computed once per pair and
// only for values that differ, weights are integers, and only pairs at the
// threshold leave the query.
type query struct {
	model   *model.Model
	rules   []block.Rule
	records string // path of the Parquet file
}

func newQuery(m *model.Model, records string) (*query, error) {
	q := &query{model: m, records: records}
	for _, text := range m.BlockingRules {
		r, err := block.ParseRule(text)
		if err != nil {
			return nil, err
		}
		for _, k := range r.Keys {
			if _, err := keySQL(k); err != nil {
				return nil, fmt.Errorf("blocking rule %q: %w", r, err)
			}
		}
		q.rules = append(q.rules, r)
	}
	for i := range m.Comparisons {
		if _, err := conditions(&m.Comparisons[i]); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// keySQL is what a key is of a record.
func keySQL(k block.Key) (string, error) {
	name := string(k.Names[0])
	switch {
	case len(k.Names) != 1:
	case k.Kind == column.Whole:
		return name, nil
	case k.Kind == column.Year && k.Names[0] == attribute.BirthDate:
		return "year(birth_date)", nil
	case k.Kind == column.Initial:
		return "left(" + name + ", 1)", nil
	case k.Kind == column.Prefix3:
		return "CASE WHEN length(" + name + ") >= 3 THEN left(" + name + ", 3) END", nil
	case k.Kind == column.LocalPart:
		return "split_part(" + name + ", '@', 1)", nil
	}
	return "", fmt.Errorf("key %q has no SQL here", k)
}

// keyColumn names a key's column in the base table.
func keyColumn(k block.Key) string { return strings.ReplaceAll(k.String(), ".", "_") }

// setup is the statements that make the base table.
func (q *query) setup() []string {
	source := "CREATE TABLE source AS SELECT record::UINTEGER AS record"
	for _, f := range fields {
		switch attribute.Name(f) {
		case attribute.BirthDate: // edits are counted on the text
			source += ", birth_date::DATE AS birth_date, birth_date AS birth_date_text"
		default:
			source += ", " + f
		}
	}
	source += fmt.Sprintf(" FROM read_parquet('%s')", strings.ReplaceAll(q.records, "'", "''"))
	base, joins := "CREATE TABLE base AS SELECT source.*", ""
	var made []string
	for _, r := range q.rules {
		for _, k := range r.Keys {
			name := keyColumn(k)
			if k.Kind == column.Whole || slices.Contains(made, name) {
				continue
			}
			made = append(made, name)
			sql, _ := keySQL(k) // newQuery has seen that it has one
			base += fmt.Sprintf(", %s AS %s", sql, name)
		}
	}
	for i := range q.model.Comparisons {
		c := &q.model.Comparisons[i]
		if columns := frequencyColumns(c); columns != "" {
			name := string(c.Attributes[0])
			base += fmt.Sprintf(", tf_%s.* EXCLUDE (%s)", name, name)
			joins += fmt.Sprintf(" LEFT JOIN (SELECT %s, %s FROM source GROUP BY %s) tf_%s USING (%s)", name, columns, name, name, name)
		}
	}
	return []string{source, base + " FROM source" + joins, "DROP TABLE source"}
}

// frequencyColumns is a value's adjustment at each level that has one:
// strength·(log2 base - log2 f) in the fixed-point unit, with f the share of
// all records that hold the value.
func frequencyColumns(c *model.Comparison) string {
	var out []string
	for k, l := range c.Levels {
		if t := l.TermFrequency; t != nil && t.Strength > 0 {
			out = append(out, fmt.Sprintf("round(%d * (%s * (%s - log2(count(*)::DOUBLE / (SELECT count(*) FROM source)))))::INTEGER AS %s",
				score.Bit, double(t.Strength), double(math.Log2(t.Base)), frequencyColumn(c, k)))
		}
	}
	return strings.Join(out, ", ")
}

func frequencyColumn(c *model.Comparison, level int) string {
	return fmt.Sprintf("tf_%s_%d", c.Attributes[0], level)
}

// double writes a DOUBLE literal: without an exponent it would be a DECIMAL.
func double(x float64) string { return fmt.Sprintf("%.17e", x) }

// candidates is the pairs, each in the first rule that finds it, with what is
// to be compared of both records.
func (q *query) candidates() string {
	var rules []string
	for k := range q.rules {
		on := q.join(k) + " AND l.record < r.record"
		if k > 0 {
			var earlier []string
			for e := range k {
				earlier = append(earlier, "coalesce("+q.join(e)+", false)")
			}
			on += " AND NOT (" + strings.Join(earlier, " OR ") + ")"
		}
		rules = append(rules, fmt.Sprintf("SELECT %d::UTINYINT AS rule, l.record AS a, r.record AS b%s FROM base l JOIN base r ON %s", k, q.carried(), on))
	}
	return strings.Join(rules, " UNION ALL ")
}

func (q *query) join(k int) string {
	var on []string
	for _, key := range q.rules[k].Keys {
		name := keyColumn(key)
		on = append(on, fmt.Sprintf("l.%s = r.%s", name, name))
	}
	return strings.Join(on, " AND ")
}

// carried is the compared columns of both sides and the smaller adjustment,
// that of the value more records hold.
func (q *query) carried() string {
	out := ""
	for i := range q.model.Comparisons {
		c := &q.model.Comparisons[i]
		for _, name := range comparedColumns(c) {
			out += fmt.Sprintf(", l.%s AS %s_l, r.%s AS %s_r", name, name, name, name)
		}
		for k, l := range c.Levels {
			if t := l.TermFrequency; t != nil && t.Strength > 0 {
				name := frequencyColumn(c, k)
				out += fmt.Sprintf(", least(l.%s, r.%s) AS %s", name, name, name)
			}
		}
	}
	return out
}

// comparedColumns are the columns a comparison reads: of a date, the date and,
// where edits are counted, its text.
func comparedColumns(c *model.Comparison) []string {
	name := string(c.Attributes[0])
	if c.Attributes[0] == attribute.BirthDate {
		return []string{name, name + "_text"}
	}
	return []string{name}
}
