package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// unmarshalStrict reads exactly one JSON value into v. Unlike encoding/json
// alone it refuses unknown keys (naming the nearest known one), keys in
// another case, keys given twice, and anything after the value. Every error
// names the place, as in `comparisons[0].levels[2]: unknown key "n", did you mean "m"?`.
func unmarshalStrict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := checkValue(d, reflect.TypeOf(v).Elem(), ""); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value in the file")
	}
	if err := json.Unmarshal(data, v); err != nil {
		return place(err)
	}
	return nil
}

// place rewords encoding/json's type errors: the place and the kinds, without
// the value.
func place(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s: a %s where %s is wanted", wrong.Field, strings.Fields(wrong.Value + " value")[0], wrong.Type)
	}
	return err
}

// checkValue walks one value alongside the type it will be decoded into.
func checkValue(d *json.Decoder, t reflect.Type, path string) error {
	token, err := d.Token()
	if err != nil {
		return syntaxError(err, path)
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch token {
	case json.Delim('{'):
		return checkObject(d, t, path)
	case json.Delim('['):
		var elem reflect.Type
		if t != nil && t.Kind() == reflect.Slice {
			elem = t.Elem()
		}
		for i := 0; d.More(); i++ {
			if err := checkValue(d, elem, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		_, err := d.Token()
		return syntaxError(err, path)
	}
	return nil
}

func checkObject(d *json.Decoder, t reflect.Type, path string) error {
	names, types := keysOf(t)
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return syntaxError(err, path)
		}
		key, _ := token.(string)
		if seen[key] {
			return fmt.Errorf("%skey %q is given twice", prefix(path), key)
		}
		seen[key] = true
		elem, known := types[key]
		if types != nil && !known {
			return fmt.Errorf("%sunknown key %q%s", prefix(path), key, suggestion(key, names))
		}
		if err := checkValue(d, elem, strings.TrimPrefix(path+"."+key, ".")); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return syntaxError(err, path)
}

// keysOf lists the JSON keys of a struct in field order; nil for other types,
// which take any key.
func keysOf(t reflect.Type) (names []string, types map[string]reflect.Type) {
	if t == nil || t.Kind() != reflect.Struct {
		return nil, nil
	}
	types = map[string]reflect.Type{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
		types[name] = t.Field(i).Type
	}
	return names, types
}

func prefix(path string) string {
	if path == "" {
		return ""
	}
	return path + ": "
}

func syntaxError(err error, path string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%snot JSON: %w", prefix(path), err)
}

// suggestion is `, did you mean "m"?` for the nearest of names, "" when none
// is near.
func suggestion(s string, names []string) string {
	best, nearest := 1+max(1, len(s)/3), ""
	for _, n := range names {
		if d := editDistance(strings.ToLower(s), n); d < best {
			best, nearest = d, n
		}
	}
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", nearest)
}

// editDistance is the Levenshtein distance in bytes, two rows at a time.
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
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
