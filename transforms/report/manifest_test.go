package report

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestExampleBalances(t *testing.T) {
	if err := example().Validate(); err != nil {
		t.Fatal(err)
	}
}

// Changing any one number that an equation has makes the manifest invalid,
// and the error names where.
func TestValidateNoticesEveryNumber(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Manifest)
		want   string
	}{
		"read":               {func(m *Manifest) { m.Inputs[0].Rows.Read++ }, `object "extracts/crm/2026-04.csv": 5121 rows read`},
		"accepted":           {func(m *Manifest) { m.Inputs[1].Rows.Accepted-- }, `object "extracts/webshop/a.jsonl.gz"`},
		"quarantined":        {func(m *Manifest) { m.Inputs[0].Rows.Quarantined++ }, "quarantined"},
		"suppressed":         {func(m *Manifest) { m.Inputs[0].Rows.Suppressed++ }, "suppressed"},
		"duplicate":          {func(m *Manifest) { m.Inputs[0].Rows.Duplicate++ }, "duplicate"},
		"channel":            {func(m *Manifest) { m.Channels[1].Rows.Read++ }, `channel "webshop": its rows are not the sum`},
		"channel gone":       {func(m *Manifest) { m.Channels = m.Channels[1:] }, `channel "crm" is not in the manifest`},
		"filled":             {func(m *Manifest) { m.Channels[0].Columns[1].Filled++ }, `column "last_name": 5001 values in 5000`},
		"quarantine code":    {func(m *Manifest) { m.Quarantine[0].Count++ }, "97 rows quarantined by code, 96 by object"},
		"cluster sizes":      {func(m *Manifest) { m.Clusters.Sizes[0].Clusters++ }, "11000 records accepted, 11001 in clusters"},
		"identity":           {func(m *Manifest) { m.Identity[0].Count-- }, "golden ids decided"},
		"golden":             {func(m *Manifest) { m.Snapshots[0].Golden++ }, `snapshot "email_marketing"`},
		"published":          {func(m *Manifest) { m.Snapshots[0].Published-- }, `snapshot "email_marketing": 7400 golden records, but 2949 published`},
		"withheld":           {func(m *Manifest) { m.Snapshots[1].Withheld[0].Count++ }, `snapshot "analytics"`},
		"output rows":        {func(m *Manifest) { m.Outputs[2].Rows-- }, `snapshot "analytics": 6900 rows of profiles written, 6899 in its files`},
		"output nulls":       {func(m *Manifest) { m.Outputs[2].Columns[1].Nulls = 7000 }, `column "sex": 7000 nulls`},
		"input digest":       {func(m *Manifest) { m.Inputs[0].SHA256 = "00" }, "no SHA-256"},
		"output digest":      {func(m *Manifest) { m.Outputs[0].SHA256 = "" }, "no SHA-256"},
		"failed check":       {func(m *Manifest) { m.Checks[0].Passed = false }, `check "row accounting" did not pass`},
		"undescribed check":  {func(m *Manifest) { m.Checks[0].Description = "" }, "says nothing"},
		"contested":          {func(m *Manifest) { m.Survival[0].Contested = 7_351 }, `attribute "given_name"`},
		"version":            {func(m *Manifest) { m.Version = 2 }, "version 2"},
		"no job":             {func(m *Manifest) { m.Run.Job = "" }, "no job"},
		"unknown kind":       {func(m *Manifest) { m.Channels[3].Kind = "x" }, `kind "x"`},
		"consent not people": {func(m *Manifest) { m.Channels[3].Kind = KindRecords }, "20000 records accepted"},
	} {
		m := example()
		c.change(m)
		if err := m.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.want)
		}
	}
}

func TestFailedRunNeedsNoOutputs(t *testing.T) {
	m := example()
	m.Run.Status, m.Run.Error = Failed, "check \"largest cluster\" did not pass"
	m.Snapshots, m.Outputs, m.Clusters, m.Identity = nil, nil, Clusters{}, nil
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
	m.Inputs[0].Rows.Read++
	if m.Validate() == nil {
		t.Error("a failed run need not account for what it read")
	}
}

func TestManifestRoundTrip(t *testing.T) {
	data, err := example().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseManifest(data)
	if err != nil || !reflect.DeepEqual(again, example()) {
		t.Errorf("read back another manifest, %v", err)
	}
	second, err := again.Marshal()
	if err != nil || string(second) != string(data) {
		t.Errorf("the same manifest gave other bytes, %v", err)
	}
	for name, bad := range map[string]string{
		"unknown key":   strings.Replace(string(data), `"run"`, `"runn"`, 1),
		"other version": strings.Replace(string(data), `"manifest_version": 1`, `"manifest_version": 9`, 1),
	} {
		if _, err := ParseManifest([]byte(bad)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A replay at another time and speed has the same facts; another digest of an
// input, another.
func TestFactsDigest(t *testing.T) {
	digest := func(m *Manifest) string {
		d, err := m.FactsDigest()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	want := digest(example())
	m := example()
	m.Timing.Ended, m.Timing.Workers = m.Timing.Ended.Add(time.Hour), 8
	if digest(m) != want {
		t.Error("time is a fact")
	}
	m.Inputs[0].SHA256 = digestNo(0)
	if digest(m) == want {
		t.Error("an input's digest is no fact")
	}
}

func TestRunID(t *testing.T) {
	id := RunID("job", "2026")
	if len(id) != 36 || id[14] != '8' || !strings.Contains("89ab", id[19:20]) {
		t.Errorf("%s is no UUID of version 8", id)
	}
	if id != RunID("job", "2026") || id == RunID("job2", "026") || id == RunID("job", "2026", "") {
		t.Error("run ids do not follow from their parts alone")
	}
}

func TestEveryFieldOfTheManifestIsMarshalled(t *testing.T) {
	data, err := example().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	typ := reflect.TypeOf(Manifest{})
	if len(got) != typ.NumField() {
		t.Errorf("%d keys of %d fields: %v", len(got), typ.NumField(), fmt.Sprint(got))
	}
}
