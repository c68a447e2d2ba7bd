package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"concord/matching/block"
	"concord/matching/column"
	"concord/schemas/model"
)

// splinkSettings is the model as a Splink settings file, with the blocking
// rules and as little in the output as Splink can be asked for.
func splinkSettings(m *model.Model) ([]byte, error) {
	text, err := m.ExportSplink()
	if err != nil {
		return nil, err
	}
	settings := map[string]any{}
	if err := json.Unmarshal(text, &settings); err != nil {
		return nil, fmt.Errorf("read exported settings: %w", err)
	}
	var rules []string
	for _, rule := range m.BlockingRules {
		r, err := block.ParseRule(rule)
		if err != nil {
			return nil, err
		}
		sql, err := splinkRule(r)
		if err != nil {
			return nil, err
		}
		rules = append(rules, sql)
	}
	maps.Copy(settings, map[string]any{
		"blocking_rules_to_generate_predictions": rules, "unique_id_column_name": "record",
		"retain_matching_columns": false, "retain_intermediate_calculation_columns": false,
	})
	return json.MarshalIndent(settings, "", "  ")
}

// splinkRule is a blocking rule over the records' columns, which are texts.
func splinkRule(r block.Rule) (string, error) {
	var on []string
	for _, k := range r.Keys {
		key, err := keySQL(k)
		if err != nil {
			return "", fmt.Errorf("blocking rule %q: %w", r, err)
		}
		if k.Kind == column.Year {
			key = "left(birth_date, 4)"
		}
		name := string(k.Names[0])
		side := func(of string) string { return strings.ReplaceAll(key, name, of+"."+name) }
		on = append(on, side("l")+" = "+side("r"))
	}
	return strings.Join(on, " AND "), nil
}

// runSplink runs real Splink under o.Python in a process of its own. Its DuckDB
// must be the given version: others round similarities otherwise, and a pair of
// values exactly .92 alike is then at another level.
func (o *options) runSplink(m *model.Model, records, duckdb string) (*result, error) {
	settings, err := splinkSettings(m)
	if err != nil {
		return nil, err
	}
	in := map[string]any{
		"settings": filepath.Join(o.Dir, "splink.json"), "records": records,
		"links": filepath.Join(o.Dir, "splink.csv"), "threads": o.Threads, "threshold": o.Threshold,
		"duckdb": strings.TrimPrefix(duckdb, "v"),
	}
	text, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(o.Dir, "splink-task.json")
	if err := errors.Join(os.WriteFile(path, text, 0o644), os.WriteFile(in["settings"].(string), settings, 0o644)); err != nil {
		return nil, fmt.Errorf("write task of splink: %w", err)
	}
	c := exec.Command(o.Python, "splink_driver.py", path)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("run splink: %w", err)
	}
	r := new(result)
	if err := json.Unmarshal(out, r); err != nil {
		return nil, fmt.Errorf("read result of splink: %w", err)
	}
	r.Links, err = readSplinkLinks(in["links"].(string))
	r.sorted()
	return r, err
}

func readSplinkLinks(path string) ([]link, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read links of splink: %w", err)
	}
	defer f.Close()
	rows := csv.NewReader(f)
	rows.ReuseRecord = true
	if _, err := rows.Read(); err != nil {
		return nil, fmt.Errorf("read links of splink: %w", err)
	}
	var out []link
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read links of splink: %w", err)
		}
		a, errA := strconv.ParseUint(row[0], 10, 32)
		b, errB := strconv.ParseUint(row[1], 10, 32)
		weight, errW := strconv.ParseFloat(row[2], 64)
		if err := errors.Join(errA, errB, errW); err != nil {
			return nil, fmt.Errorf("read links of splink: %w", err)
		}
		out = append(out, link{A: uint32(min(a, b)), B: uint32(max(a, b)), Weight: int32(fixed(weight))})
	}
}

// nearly refuses links that differ by more than rounding: Splink adds weights
// in floating point, so a pair may stand on the other side of the threshold
// when its weight is within the tolerance of it. It returns how many do.
func nearly(ours, theirs []link, threshold float64, comparisons int) (int, error) {
	// Half a unit for the prior, each level and each adjustment, and one of Splink's weight itself.
	tolerance := int32(2 + comparisons)
	limit, edge := int32(fixed(threshold)), 0
	for i, j := 0, 0; i < len(ours) || j < len(theirs); {
		switch {
		case j == len(theirs) || i < len(ours) && before(ours[i], theirs[j]):
			if edge++; ours[i].Weight > limit+tolerance {
				return edge, fmt.Errorf("splink lacks the link of records %d and %d", ours[i].A, ours[i].B)
			}
			i++
		case i == len(ours) || before(theirs[j], ours[i]):
			if edge++; theirs[j].Weight > limit+tolerance {
				return edge, fmt.Errorf("splink alone links records %d and %d", theirs[j].A, theirs[j].B)
			}
			j++
		default:
			if d := ours[i].Weight - theirs[j].Weight; max(d, -d) > tolerance {
				return edge, fmt.Errorf("records %d and %d: weight %.6f and splink's %.6f bits", ours[i].A, ours[i].B,
					bits(ours[i].Weight), bits(theirs[j].Weight))
			}
			i, j = i+1, j+1
		}
	}
	return edge, nil
}

func before(x, y link) bool { return x.A < y.A || x.A == y.A && x.B < y.B }

func bits(weight int32) float64 { return math.Ldexp(float64(weight), -16) }
