package ingest

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"concord/jobs/engine"
	"concord/jobs/spill"
	"concord/schemas/job"
)

// Records that outgrow memory while they are read are those that would have
// been read in memory, wherever it is noticed.
func TestRecordsAreTheSameOnDisk(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("spilling is built for Linux")
	}
	const people = 150_000 // whose arrays are worth a place on disk
	var crm, shop strings.Builder
	crm.WriteString("id,at,name,mail,born,tel\n")
	for i := range people {
		fmt.Fprintf(&crm, "c%d,2026-01-%02d,Ann%d Lee,ann%d@example.org,19%02d-05-%02d,+1212%07d\n", i%(people-99), i%28+1, i%1000, i, i%60+40, i%31, i)
		fmt.Fprintf(&shop, `{"k":"s%d","mails":["ann%d@example.org","a.lee%d@example.com"],"no":%t}`+"\n", i, i, i, i%7 == 0)
	}
	files := extracts{"crm.csv": crm.String(), "shop.jsonl": shop.String()}
	const channels = `
  crm: {read: crm.csv, key: id, event_time: at, fields: {name: full_name, mail: email, born: birth_date, tel: phone}}
  shop:
    read: shop.jsonl
    key: k
    fields: {"mails[]": email}
    consent: {no: {purpose: marketing.communications, channel: email, denied: ["true"]}}
`
	read := func(from int) (*Result, *spill.Space) {
		t.Helper()
		j, err := job.Parse("job.yaml", []byte(jobHead+channels[1:]))
		if err != nil {
			t.Fatal(err)
		}
		var space *spill.Space
		r, err := Read(t.Context(), j, files, engine.Local{Count: 2}, Options{ReferenceYear: 2026, Outgrown: func(rows int, _ int64) (*spill.Space, error) {
			if from < 0 || rows < from {
				return nil, nil
			}
			if space, err = spill.Open("", 64<<20); err != nil && strings.Contains(err.Error(), "tmpfs") {
				t.Skip("the folder of temporary files is in memory")
			}
			return space, err
		}})
		if err != nil {
			t.Fatal(err)
		}
		return r, space
	}
	want, _ := read(-1)
	for _, from := range []int{0, people / 2, people * 3 / 2} {
		got, space := read(from)
		if space.Bytes() == 0 || !space.Owns(got.Hash) || !space.Owns(got.Records.Key.Bytes) {
			t.Errorf("from row %d on: the records are not on disk", from)
		}
		if !reflect.DeepEqual(got.Records, want.Records) || !slices.Equal(got.Hash, want.Hash) {
			t.Errorf("from row %d on: other records on disk than in memory", from)
		}
		if !reflect.DeepEqual(got.Objects, want.Objects) || !reflect.DeepEqual(got.Fields, want.Fields) {
			t.Errorf("from row %d on: another account on disk than in memory", from)
		}
		a, b := &got.Embedded[0], &want.Embedded[0]
		if !slices.Equal(a.Record, b.Record) || len(a.Names) != 1 || len(got.Embedded) != 1 {
			t.Fatalf("from row %d on: consent columns of other records on disk than in memory", from)
		}
		for r := range uint32(b.Len()) {
			if a.Text(0, r) != b.Text(0, r) {
				t.Fatalf("from row %d on: record %d says %q on disk, %q in memory", from, b.Record[r], a.Text(0, r), b.Text(0, r))
			}
		}
		if err := space.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
