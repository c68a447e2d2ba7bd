package model

import (
	"encoding/json"

	"concord/schemas/attribute"
)

// splinkSettings is the settings file of Splink 4 (linker.misc.save_model_to_json) as
// far as Concord reads and writes it. Keys that say how Splink runs rather
// than what the model is are accepted and left alone.
//
// What converts, with the same weights: comparisons of one column whose
// levels are null, equality, jaro_winkler_similarity or jaro_similarity at
// least t, levenshtein or damerau_levenshtein at most k, and ELSE, with term
// frequencies. All else is refused by name, both ways. The weights come from
// m and u and are carried exactly; how often a value occurs is counted in the
// data by either tool, and Splink counts among the records that hold a value.
type splinkSettings struct {
	LinkType    string             `json:"link_type"`
	Prior       *float64           `json:"probability_two_random_records_match,omitempty"`
	Blocking    []json.RawMessage  `json:"blocking_rules_to_generate_predictions"` // texts or objects: see blockingText
	Comparisons []splinkComparison `json:"comparisons"`
	Dialect     string             `json:"sql_dialect,omitempty"`

	EMConvergence   json.RawMessage `json:"em_convergence,omitempty"`
	MaxIterations   json.RawMessage `json:"max_iterations,omitempty"`
	UniqueID        json.RawMessage `json:"unique_id_column_name,omitempty"`
	SourceDataset   json.RawMessage `json:"source_dataset_column_name,omitempty"`
	RetainMatching  json.RawMessage `json:"retain_matching_columns,omitempty"`
	RetainSteps     json.RawMessage `json:"retain_intermediate_calculation_columns,omitempty"`
	RetainMore      json.RawMessage `json:"additional_columns_to_retain,omitempty"`
	BayesPrefix     json.RawMessage `json:"bayes_factor_column_prefix,omitempty"`
	WeightPrefix    json.RawMessage `json:"match_weight_column_prefix,omitempty"`
	FrequencyPrefix json.RawMessage `json:"term_frequency_adjustment_column_prefix,omitempty"`
	GammaPrefix     json.RawMessage `json:"comparison_vector_value_column_prefix,omitempty"`
	LinkerUID       json.RawMessage `json:"linker_uid,omitempty"`
}

type splinkComparison struct {
	Output      string        `json:"output_column_name"`
	Levels      []splinkLevel `json:"comparison_levels"`
	Description string        `json:"comparison_description,omitempty"`
}

type splinkLevel struct {
	Condition string   `json:"sql_condition"`
	Label     string   `json:"label_for_charts,omitempty"`
	M         *float64 `json:"m_probability,omitempty"`
	U         *float64 `json:"u_probability,omitempty"`
	FixM      bool     `json:"fix_m_probability,omitempty"`
	FixU      bool     `json:"fix_u_probability,omitempty"`
	Null      bool     `json:"is_null_level,omitempty"`
	TFColumn  string   `json:"tf_adjustment_column,omitempty"`
	TFWeight  *float64 `json:"tf_adjustment_weight,omitempty"`
	TFMinimum float64  `json:"tf_minimum_u_value,omitempty"`
	// TFOwnU makes the level's own u, rather than that of the level of
	// equality, the frequency at which the adjustment is nothing.
	TFOwnU bool `json:"disable_tf_exact_match_detection,omitempty"`
}

// splinkDefaultPrior is what Splink assumes where the file gives no
// probability_two_random_records_match.
const splinkDefaultPrior = 0.0001

// splinkMinimum is where Splink clamps m and u before it takes the logarithm.
const splinkMinimum = 1e-10

// SplinkColumns is the attribute meant by the column names that Splink's own
// examples use. An attribute's own name always means that attribute.
func SplinkColumns() map[string]attribute.Name {
	return map[string]attribute.Name{
		"first_name":    attribute.GivenName,
		"forename":      attribute.GivenName,
		"surname":       attribute.FamilyName,
		"last_name":     attribute.FamilyName,
		"dob":           attribute.BirthDate,
		"date_of_birth": attribute.BirthDate,
		"gender":        attribute.Sex,
		"town":          attribute.City,
		"postal_code":   attribute.Postcode,
	}
}
