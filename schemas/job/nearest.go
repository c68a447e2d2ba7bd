package job

import (
	"reflect"
	"slices"
	"strings"
)

// knownKeys lists every key that a job file may hold.
func knownKeys() []string {
	var keys []string
	for _, t := range []any{Job{}, Channel{}, Field{}, Time{}, Brand{}, Embedded{}, Signal{}, Match{}, Rule{}, Budget{}, Consent{}, Key{}, Gates{}, Snapshot{}} {
		typ := reflect.TypeOf(t)
		for i := range typ.NumField() {
			if k := typ.Field(i).Tag.Get("yaml"); k != "" {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// nearest is the candidate with the smallest edit distance to s, "" when all
// are more than 1 + a third of its length away.
func nearest(s string, candidates []string) string {
	best, at := "", 2+len(s)/3
	for _, c := range candidates {
		if d := editDistance(strings.ToLower(s), c); d < at {
			best, at = c, d
		}
	}
	return best
}

// editDistance is Levenshtein's, over bytes: job keys are ASCII.
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
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// didYouMean is " (did you mean x?)", or "" when nothing is near.
func didYouMean(s string, candidates []string) string {
	if near := nearest(s, candidates); near != "" {
		return " (did you mean " + near + "?)"
	}
	return ""
}

// columnName makes a column name of published tables: lower_snake_case.
func columnName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return strings.Trim(b.String(), "_")
}
