package report

import (
	"strings"
	"time"
)

func digestNo(n int) string { return strings.Repeat(string("0123456789abcdef"[n%16]), 64) }

// example is the manifest of a made-up run that balances: 5 objects in four
// channels, 11 000 records, 7 400 golden records, two snapshots.
func example() *Manifest {
	m := &Manifest{
		Version: ManifestVersion,
		Run: Run{ID: RunID("retail-customers", "2026-05-01T02:00:00Z", "1"), Job: "retail-customers", Controller: "Northwind",
			AsOf: time.Date(2026, 5, 1, 2, 0, 0, 0, time.UTC), Status: Complete},
		Versions: Versions{Concord: "0.1.0", Revision: "4f2c91e", Config: digestNo(1), Policy: digestNo(2), Registry: digestNo(3), Matrix: digestNo(4), Model: digestNo(5)},
		Inputs: []Input{
			{"crm", "extracts/crm/2026-04.csv", "csv", digestNo(6), 812_300, Rows{5_120, 5_000, 61, 9, 50}},
			{"webshop", "extracts/webshop/a.jsonl.gz", "jsonl", digestNo(7), 330_120, Rows{3_000, 2_980, 20, 0, 0}},
			{"webshop", "extracts/webshop/b.jsonl.gz", "jsonl", digestNo(8), 120_400, Rows{1_025, 1_020, 5, 0, 0}},
			{"loyalty", "extracts/loyalty/members.parquet", "parquet", digestNo(9), 98_000, Rows{2_000, 2_000, 0, 0, 0}},
			{"preferences", "extracts/consent/events.csv", "csv", digestNo(10), 405_000, Rows{9_010, 9_000, 10, 0, 0}},
		},
		Channels: []Channel{
			{"crm", KindRecords, "extracts/crm/*.csv", "csv", Rows{5_120, 5_000, 61, 9, 50}, []Column{
				{"first_name", "given_name", 4_990, 820, 4, 0}, {"last_name", "family_name", 5_000, 2_700, 0, 0},
				{"mail", "email", 4_100, 3_950, 130, 12}, {"dob", "birth_date", 3_300, 2_900, 41, 25}}},
			{"webshop", KindRecords, "extracts/webshop/*.jsonl.gz", "jsonl", Rows{4_025, 4_000, 25, 0, 0}, []Column{
				{"name", "given_name", 3_900, 700, 2, 0}, {"contact.email", "email", 4_000, 3_870, 11, 3}, {"contact.phone", "phone", 2_100, 2_000, 8, 90}}},
			{"loyalty", KindRecords, "extracts/loyalty/*.parquet", "parquet", Rows{2_000, 2_000, 0, 0, 0}, []Column{
				{"member", "identifier_loyalty", 2_000, 2_000, 0, 0}, {"family", "family_name", 1_980, 1_240, 0, 0}}},
			{"preferences", KindConsent, "extracts/consent/*.csv", "csv", Rows{9_010, 9_000, 10, 0, 0}, nil},
		},
		Quarantine: []Count{{"too_few_fields", 55}, {"bad_date", 31}, {"consent.missing_field", 10}},
		Matching: Matching{Threshold: 12, Skipped: 1_400_200,
			Rules:   []Rule{{"email", 9_400, 9_400}, {"phone last 7", 6_100, 4_800}, {"family sounds alike + birth year", 1_210_000, 1_190_000}, {"given + postcode", 480_000, 350_000}},
			Weights: histogram(),
			Links:   []Count{{"model", 3_480}, {"exact identifier", 610}, {"judgement", 4}}},
		Clusters: Clusters{Sizes: []Size{{1, 4_800}, {2, 1_900}, {3, 500}, {4, 180}, {5, 12}, {15, 8}}},
		Identity: []Count{{"new", 240}, {"keep", 7_130}, {"merge", 24}, {"split", 6}},
		Survival: []Survival{{"given_name", "most_frequent", 7_350, 310}, {"email", "most_recent", 6_600, 720}, {"street", "most_recent", 5_200, 410}, {"birth_date", "most_frequent", 4_100, 22}},
		Consent: []PurposeVerdicts{
			{"marketing.communications", "email", 3_100, 3_900, []Count{{"no_grant", 2_900}, {"withdrawn", 640}, {"expired", 360}}},
			{"marketing.communications", "sms", 900, 2_400, []Count{{"no_grant", 2_300}, {"objected", 100}}},
			{"analytics.reporting", "*", 6_900, 500, []Count{{"objected", 460}, {"minor", 40}}},
		},
		Snapshots: []Snapshot{
			{"email_marketing", "marketing.communications", "consent", 7_400, 2_950, 2_950, []Count{{"no permitted contact point", 3_900}, {"no contact point", 550}}},
			{"analytics", "analytics.reporting", "legitimate interests", 7_400, 6_900, 6_900, []Count{{"objected", 460}, {"minor", 40}}},
		},
		Checks: []Check{
			{"", "row accounting", "every row read is accepted, quarantined, suppressed or duplicate", true, "20 155 rows in 5 objects"},
			{"email_marketing", "second reader", "an independent reader finds in every file what was meant", true, "2 files"},
			{"email_marketing", "permitted share", "the permitted share of a purpose moved less than its tolerance", true, "44.3 % now, 44.1 % before, tolerance 5 points"},
			{"", "largest cluster", "no cluster is larger than the limit", true, "15 records, limit 50"},
		},
		Timing: Timing{Started: time.Date(2026, 5, 1, 2, 0, 1, 0, time.UTC), Ended: time.Date(2026, 5, 1, 2, 0, 4, 300e6, time.UTC), Workers: 2, Peak: 310 << 20,
			Phases: []Phase{{"extract", 0.31, 0.31, 64 << 20, 20_155, "rows"}, {"normalize", 0.52, 0.52, 64 << 20, 48_000, "values"}, {"block", 0.12, 0.12, 64 << 20, 1_700_000, "pairs"},
				{"score", 1.40, 1.40, 64 << 20, 1_700_000, "pairs"}, {"cluster", 0.20, 0.20, 64 << 20, 4_094, "links"}, {"golden", 0.25, 0.25, 64 << 20, 7_400, "clusters"}, {"consent", 0.40, 0.40, 64 << 20, 16_800, "cells"}, {"snapshot", 0.90, 0.90, 64 << 20, 9_850, "profiles"}}},
	}
	from := []Source{{"crm", "mail", Value, false}, {"webshop", "contact.email", Value, false}, {"crm", "last_name", MatchKey, false}, {"preferences", "state", Permitted, false}}
	m.Outputs = []Output{
		{"email_marketing", "profiles", "snapshots/email_marketing/as_of=2026-05-01/profiles/part-0.parquet", digestNo(11), 88_000, 2_000, []OutputColumn{
			{"profile_id", "string", "user.unique_id.pseudonymous", "plain", 0, digestNo(1), []Source{{"crm", "contact_id", Value, true}}}, {"email", "string", "user.contact.email", "direct", 0, digestNo(2), from}}},
		{"email_marketing", "profiles", "snapshots/email_marketing/as_of=2026-05-01/profiles/part-1.parquet", digestNo(12), 41_000, 950, []OutputColumn{
			{"profile_id", "string", "user.unique_id.pseudonymous", "plain", 0, digestNo(1), nil}, {"email", "string", "user.contact.email", "direct", 0, digestNo(2), from}}},
		{"analytics", "profiles", "snapshots/analytics/as_of=2026-05-01/profiles/part-0.parquet", digestNo(13), 60_200, 6_900, []OutputColumn{
			{"profile_id", "string", "user.unique_id.pseudonymous", "plain", 0, digestNo(3), nil}, {"sex", "string", "user.demographic.gender", "quasi", 2_200, digestNo(4), nil}}},
		{"", "provenance", "lineage/run/provenance/part-0.parquet", digestNo(14), 402_000, 23_250, nil},
	}
	return m
}

// histogram is bins of two bits from -20 to 30: few matches, many non-matches.
func histogram() []Bin {
	counts := []int64{21_000, 40_100, 62_000, 70_500, 51_000, 30_200, 15_400, 6_100, 2_300, 900, 420, 260, 180, 150, 160, 190, 260, 400, 560, 640, 580, 390, 210, 90, 30}
	bins := make([]Bin, len(counts))
	for i, c := range counts {
		from := float64(-20 + 2*i)
		bins[i] = Bin{from, from + 2, c}
	}
	return bins
}

func exampleOptions() LineageOptions {
	return LineageOptions{
		Producer: "https://example.org/concord/0.1.0", JobNamespace: "northwind", DatasetNamespace: "s3://northwind-data",
		Documentation: "Golden customer records for retail", Owners: []string{"team:crm"},
		Source:     &SourceCode{Type: "git", URL: "https://example.org/jobs/retail.yaml", Path: "jobs/retail.yaml", Version: "4f2c91e"},
		Parent:     &ParentRun{RunID("parent"), "airflow", "nightly.customers"},
		Parameters: []Parameter{{"as_of", "2026-05-01T02:00:00Z"}},
	}
}
