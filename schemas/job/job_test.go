package job

import (
	"fmt"
	"strings"
	"testing"

	"concord/schemas/attribute"
)

const minimal = `job: retail
store: ./data
channels:
  crm:
    read: crm/*.csv
    key: id
    fields: {mail: email, phone: {as: phone, region: US}, notes: text}
snapshots:
  essential: {purpose: essential.service, basis: contract}
`

func TestMinimalJobIsComplete(t *testing.T) {
	j, err := Parse("job.yaml", []byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	crm := j.Channels["crm"]
	if crm.Fields["mail"].As != attribute.TypeEmail || crm.Fields["phone"].Region != "US" {
		t.Errorf("fields read as %+v, %+v", crm.Fields["mail"], crm.Fields["phone"])
	}
	if crm.Source != "crm" || crm.Kind != KindPeople || crm.Fields["notes"].Name != "notes" {
		t.Errorf("defaults of the channel: %+v", crm)
	}
	if j.Output != "./data" || j.Match.Model != DefaultModel || j.Match.Budget.Memory != DefaultMemory {
		t.Errorf("defaults of the job: %+v", j)
	}
	if s := j.Snapshots["essential"]; s.Basis != "contract" || s.Channel != "*" {
		t.Errorf("defaults of the snapshot: %+v", s)
	}
}

func TestRegionIsInheritedFromJobToChannelToField(t *testing.T) {
	text := strings.Replace(minimal, "store:", "region: GB\nstore:", 1)
	j, err := Parse("job.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := j.Channels["crm"].Fields["mail"].Region; got != "GB" {
		t.Errorf("the field's region is %q, want GB", got)
	}
	if got := j.Channels["crm"].Fields["phone"].Region; got != "US" {
		t.Errorf("the field's own region was overridden by %q", got)
	}
}

// Every mistake is named with its line and, where there is one, its remedy.
func TestMistakesAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown key":       {"store:", "stor:", `line 2: unknown key "stor": did you mean "store"?`},
		"nested unknown":    {"region: US", "regio: US", `line 7: unknown key "regio": did you mean "region"?`},
		"unknown type":      {"mail: email", "mail: emial", `line 7: channels.crm.fields.mail: unknown semantic type "emial" (did you mean email?)`},
		"later key":         {"store:", "schedule: daily\nstore:", `line 2: key "schedule": scheduling is not built yet`},
		"no key":            {"    key: id\n", "", `line 4: channels.crm.key: key is missing`},
		"bad region":        {"region: US", "region: usa", `line 7: channels.crm.fields.phone.region: a region is`},
		"object storage":    {"./data", "s3://bucket/x", `line 2: store: only a directory`},
		"order of no names": {"mail: email", "mail: {as: email, name_order: given_first}", `only a full_name has an order of names`},
		"order of names":    {"mail: email", "mail: {as: full_name, name_order: last_first}", `an order of names is given_first or family_first`},
		"identifier kind":   {"mail: email", "mail: identifier", `an identifier needs its kind`},
		"bad memory":        {"snapshots:", "match: {budget: {memory: 8 gigs}}\nsnapshots:", `an amount of memory is`},
		"bad count":         {"snapshots:", "match: {budget: {pairs: 1.5}}\nsnapshots:", `a count is a whole number`},
		"no purpose":        {"purpose: essential.service, ", "", `purpose is missing`},
		"unknown attribute": {"snapshots:", "golden: {emial: longest}\nsnapshots:", `golden.emial: unknown attribute (did you mean email?)`},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(minimal, c.old, c.new, 1)
			if text == minimal {
				t.Fatal("the case changes nothing")
			}
			_, err := Parse("job.yaml", []byte(text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestUnits(t *testing.T) {
	text := strings.Replace(minimal, "snapshots:", "match: {budget: {pairs: 5e8, memory: 1.5GiB}}\nsnapshots:", 1)
	j, err := Parse("job.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if j.Match.Budget.Pairs != 5e8 || j.Match.Budget.Memory != 3<<29 {
		t.Errorf("budget: %+v", j.Match.Budget)
	}
}

// One to one are two channels of people, both of which say that they hold nobody
// twice.
func TestOneToOneNeedsUniqueChannels(t *testing.T) {
	const channels = "channels: {crm: {read: a, key: id, unique: true, fields: {n: full_name}}, shop: {read: b, key: id, fields: {n: full_name}}, " +
		"bill: {read: c, key: id, unique: true, fields: {n: full_name}}}\n"
	text := "job: x\nstore: s\nsnapshots: {e: {purpose: essential.service}}\n" + channels + "match: {one_to_one: [%s]}\n"
	for of, want := range map[string]string{
		"[crm, bill]":       "",
		"[crm]":             "name them",
		"[crm, crm]":        "name them",
		"[crm, bil]":        "did you mean bill",
		"[crm, shop]":       "channels.shop.unique",
		"[crm, bill, shop]": "name them",
	} {
		switch _, err := Parse("job.yaml", fmt.Appendf(nil, text, of)); {
		case want == "" && err != nil:
			t.Errorf("%s: %v", of, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: error %v, want one that says %s", of, err, want)
		}
	}
}

// Whatever the bytes, Parse returns a valid job or an error: it never panics.
func FuzzParse(f *testing.F) {
	f.Add([]byte(minimal))
	f.Add([]byte("job: [x"))
	f.Add([]byte("channels: {a: }"))
	f.Fuzz(func(t *testing.T, text []byte) {
		j, err := Parse("fuzz", text)
		if err == nil && j.Validate() != nil {
			t.Error("Parse returned a job that does not validate")
		}
	})
}
