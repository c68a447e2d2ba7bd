package model

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A level's sql_condition in the forms Splink's comparison library writes.
// Columns are quoted or bare, end in _l and _r, and may be cast to text.
const (
	sqlLeft  = `"?([A-Za-z0-9_ ]+?)_l"?`
	sqlRight = `"?([A-Za-z0-9_ ]+?)_r"?`
)

var (
	sqlCast     = regexp.MustCompile(`(?i)CAST\s*\(\s*("[^"]+"|[A-Za-z0-9_]+)\s+AS\s+(?:TEXT|VARCHAR)\s*\)`)
	sqlNull     = regexp.MustCompile(`(?i)^` + sqlLeft + `\s+IS\s+NULL\s+OR\s+` + sqlRight + `\s+IS\s+NULL$`)
	sqlExact    = regexp.MustCompile(`^` + sqlLeft + `\s*=\s*` + sqlRight + `$`)
	sqlFunction = regexp.MustCompile(`^([A-Za-z_]+)\s*\(\s*` + sqlLeft + `\s*,\s*` + sqlRight + `\s*\)\s*(>=|<=)\s*([0-9.eE+-]+)$`)
)

// sqlMeasures are the functions of the dialects that share one meaning.
var sqlMeasures = map[string]Measure{
	"jaro_winkler_similarity": JaroWinkler,
	"jaro_similarity":         Jaro,
	"levenshtein":             Levenshtein,
	"damerau_levenshtein":     DamerauLevenshtein,
}

// sqlLevel is what a condition says: null, else, or a condition on a column.
type sqlLevel struct {
	null, rest bool
	column     string
	condition  Condition
}

func parseSQL(sql string) (sqlLevel, error) {
	s := sqlCast.ReplaceAllString(strings.TrimSpace(sql), "$1")
	if strings.EqualFold(s, "ELSE") {
		return sqlLevel{rest: true}, nil
	}
	var level sqlLevel
	var left, right string
	if m := sqlNull.FindStringSubmatch(s); m != nil {
		left, right, level.null = m[1], m[2], true
	} else if m := sqlExact.FindStringSubmatch(s); m != nil {
		left, right = m[1], m[2]
		level.condition = Condition{Measure: Exact}
	} else if m := sqlFunction.FindStringSubmatch(s); m != nil {
		left, right = m[2], m[3]
		c, err := functionCondition(m[1], m[4], m[5])
		if err != nil {
			return sqlLevel{}, fmt.Errorf("sql_condition %q: %w", sql, err)
		}
		level.condition = c
	} else {
		return sqlLevel{}, fmt.Errorf("sql_condition %q: not null, equality, a similarity at least t, a distance at most k, or ELSE on one column", sql)
	}
	if left != right {
		return sqlLevel{}, fmt.Errorf("sql_condition %q: compares %q with %q, one column is supported", sql, left, right)
	}
	level.column = left
	return level, nil
}

func functionCondition(function, operator, threshold string) (Condition, error) {
	measure, ok := sqlMeasures[strings.ToLower(function)]
	if !ok {
		return Condition{}, fmt.Errorf("function %q is not supported", function)
	}
	if (operator == ">=") != measure.IsSimilarity() {
		return Condition{}, fmt.Errorf("%s %s is not a measure of agreement", function, operator)
	}
	t, err := strconv.ParseFloat(threshold, 64)
	if err != nil {
		return Condition{}, fmt.Errorf("threshold %q is not a number", threshold)
	}
	c := Condition{measure, t}
	return c, c.validate()
}

// sql writes the condition on a column as DuckDB reads it.
func (c Condition) sql(column string) (string, error) {
	l, r := quoteSQL(column+"_l"), quoteSQL(column+"_r")
	measure := c.Measure
	if measure == Exact {
		return l + " = " + r, nil
	}
	if measure == OSA && c.Threshold == 1 {
		measure = DamerauLevenshtein // the same at distance 1
	}
	for function, m := range sqlMeasures {
		if m == measure {
			_, comparison, _ := strings.Cut(c.String(), " ")
			return fmt.Sprintf("%s(%s, %s) %s", function, l, r, comparison), nil
		}
	}
	return "", fmt.Errorf("condition %q has no SQL function", c)
}

func quoteSQL(name string) string { return `"` + name + `"` }
