package extract

import "unicode/utf8"

// pick finds the requested columns among the file's: at[i] is the place of
// want[i]. Without a request it is all of them.
func pick(have, want []string) (names []string, at []int, err error) {
	if want == nil {
		at = make([]int, len(have))
		for i := range have {
			at[i] = i
		}
		return have, at, nil
	}
	for _, name := range want {
		i := index(have, name)
		if i < 0 {
			return nil, nil, missingColumn(name, have)
		}
		at = append(at, i)
	}
	return want, at, nil
}

func index(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}

// missingColumn names the nearest existing column too, but prints it only when
// it is near: in a file without a header, a "name" may be somebody's data.
func missingColumn(name string, have []string) error {
	nearest, best := "", 0
	for _, h := range have {
		if d := editDistance(name, h); nearest == "" || d < best {
			nearest, best = h, d
		}
	}
	err := fileError(FileMissingColumn, nil, "column %q is not in the file, which has %d columns", name, len(have))
	switch {
	case nearest != "" && best <= 1+utf8.RuneCountInString(name)/3:
		err.Detail += "; did you mean " + `"` + nearest + `"?`
	case len(have) == 1:
		err.Detail += "; is its delimiter the one configured?"
	default:
		err.Detail += "; compare the channel's mapping with the file"
	}
	err.Column, err.Nearest = name, nearest
	return err
}

// editDistance is the Levenshtein distance without regard to ASCII case.
func editDistance(a, b string) int {
	x, y := lowerRunes(a), lowerRunes(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

func lowerRunes(s string) []rune {
	out := []rune(s)
	for i, r := range out {
		if r >= 'A' && r <= 'Z' {
			out[i] = r + 'a' - 'A'
		}
	}
	return out
}

// checkUnique refuses two columns of one name. It gives positions, not the
// name: a file without a header may have data in its first row.
func checkUnique(names []string) error {
	seen := make(map[string]int, len(names))
	for i, n := range names {
		if j, ok := seen[n]; ok {
			return fileError(FileDuplicateColumn, nil,
				"columns %d and %d have the same name: rename one in the source, or list all names under columns in the channel", j+1, i+1)
		}
		seen[n] = i
	}
	return nil
}
