package model

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Parse reads a model file strictly and validates it. It never panics,
// whatever the bytes.
func Parse(data []byte) (*Model, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	// A newer file is refused as newer, not as one with unknown keys.
	if json.Unmarshal(data, &head) == nil && head.Format == Format && head.Version > Version {
		return nil, fmt.Errorf("parse match model: version %d is newer than this release reads (%d): upgrade concord or train again", head.Version, Version)
	}
	m := new(Model)
	if err := unmarshalStrict(data, m); err != nil {
		return nil, fmt.Errorf("parse match model: %w", err)
	}
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("parse match model: %w", err)
	}
	return m, nil
}

// JSON is the model file: indented, keys in a fixed order, the shortest
// numbers that read back exactly, one newline at the end. It refuses an
// invalid model.
func (m *Model) JSON() ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("write match model: %w", err)
	}
	full := *m
	full.BlockingRules = orEmpty(m.BlockingRules)
	full.DeterministicRules = orEmpty(m.DeterministicRules)
	t := &full.Training
	t.Passes, t.Dependence = orEmpty(t.Passes), orEmpty(t.Dependence)
	t.Patterns, t.Warnings = orEmpty(t.Patterns), orEmpty(t.Warnings)
	return encode(&full)
}

// orEmpty makes an absent list [] rather than null in the file.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write match model: %w", err)
	}
	return b.Bytes(), nil
}
