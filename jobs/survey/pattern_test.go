package survey

import (
	"slices"
	"testing"
)

func TestPattern(t *testing.T) {
	for key, want := range map[string]string{
		"crm/2026-05-01.csv":                         "crm/*.csv",
		"crm/contacts_20260501.csv":                  "crm/contacts_*.csv",
		"crm/contacts-2026-05-01T10-30-00.csv.gz":    "crm/contacts-*.csv.gz",
		"dt=2026-05-01/part-00003.parquet":           "dt=*/part-*.parquet",
		"dt=2026-05-01/hour=07/part-1-of-9.jsonl":    "dt=*/hour=*/part-*.jsonl",
		"a/0b9d4b1e-5a3f-4c6f-9d2e-0a1b2c3d4e5f.csv": "a/*.csv",
		"febrl3.records.csv":                         "febrl3.records.csv",
		"b2b/customers.csv":                          "b2b/customers.csv",
		"export_2026w18.csv":                         "export_*.csv",
		"orders.v2.csv":                              "orders.v2.csv",
		"customers":                                  "customers",
		"2026/05/01/customers.csv":                   "*/*/*/customers.csv",
		"app_events_2026.csv":                        "app_events_*.csv",
		"x/part-0001-5f2b8c1e-1111-2222-3333-444455556666.c000.parquet": "x/part-*-*.c000.parquet",
	} {
		if got := pattern(key); got != want {
			t.Errorf("pattern(%s) = %s, want %s", key, got, want)
		}
	}
}

func TestNamesOf(t *testing.T) {
	for key, want := range map[string]string{
		"crm/contacts_20260501.csv":        "contacts",
		"crm/2026-05-01.csv":               "crm",
		"crm/dt=2026-05-01/part-0.parquet": "dt",
		"export-2026.csv":                  "extract",
		"Kunden Süd.csv":                   "kunden_s_d",
	} {
		if got := namesOf(key)[0]; got != want {
			t.Errorf("namesOf(%s) begins with %s, want %s", key, got, want)
		}
	}
}

func TestFilesThatAreNoExtracts(t *testing.T) {
	for _, key := range []string{"README.md", "readme.txt", "LICENSE", ".hidden.csv", "a/.b/c.csv", "_SUCCESS", "x/_temporary/part-0.parquet", "load.sh", "job.yaml"} {
		if mayBeExtract(key) {
			t.Errorf("%s would be read", key)
		}
	}
	for _, key := range []string{"customers", "a.csv", "a.txt", "A.DAT", "b.json.gz", "licensees.csv"} {
		if !mayBeExtract(key) {
			t.Errorf("%s would not be read", key)
		}
	}
}

func shaped(key string, columns ...string) *object {
	x := &object{key: key}
	for _, c := range columns {
		x.columns = append(x.columns, column{name: c})
	}
	return x
}

func TestGroupsAreOfOneShape(t *testing.T) {
	all := []*object{
		shaped("crm-2026-05-01.csv", "id", "name"),
		shaped("crm-2026-05-02.csv", "id", "name"),
		shaped("crm-2026-05-03.csv", "id", "name", "email"),
		shaped("web-1.csv", "id", "name"),
		shaped("web-2.csv", "id", "name"),
		shaped("what[1].csv", "id"),
		shaped("yearly-2026.csv", "id"),
		shaped("monthly-2026-05.csv", "id"),
	}
	var keys []string
	for _, x := range all {
		keys = append(keys, x.key)
	}
	var got []string
	for _, g := range groups(all) {
		glob, together := g.glob(keys)
		if !together {
			for _, p := range g.apart() {
				glob, _ := p.glob(keys)
				got = append(got, glob)
			}
			continue
		}
		got = append(got, glob)
	}
	// The third crm file has a shape of its own, so that crm-*.csv would mix them.
	want := []string{"crm-2026-05-01.csv", "crm-2026-05-02.csv", "crm-2026-05-03.csv", "web-*.csv", `what\[1].csv`, "yearly-2026.csv", "monthly-*.csv"}
	if !slices.Equal(got, want) {
		t.Errorf("globs\n%q\nwant\n%q", got, want)
	}
}
