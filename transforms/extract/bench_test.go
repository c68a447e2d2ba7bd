//go:build unix

package extract

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"syscall"
	"testing"
	"time"
)

// benchN rows make 20 MB, so that looking at the head does not weigh much.
const benchN = 200_000

// benchRows is customer-like rows: ten columns, about 110 bytes.
func benchRows(n int, line func(b *bytes.Buffer, i int)) []byte {
	var b bytes.Buffer
	for i := range n {
		line(&b, i)
	}
	return b.Bytes()
}

func benchCSV(quoted bool) []byte {
	q := ""
	if quoted {
		q = `"`
	}
	header := []byte("id,first_name,last_name,email,phone,street,city,postcode,country,updated_at\n")
	return append(header, benchRows(benchN, func(b *bytes.Buffer, i int) {
		cells := []string{fmt.Sprintf("CRM_%06d", i), "Katharina", "Lindqvist", fmt.Sprintf("k.lindqvist%d@example.org", i), "+46 8 123 45 67",
			"Storgatan 17", "Stockholm", "111 22", "SE", "2026-03-14T10:11:12"}
		for j, c := range cells {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString(q + c + q)
		}
		b.WriteByte('\n')
	})...)
}

// cpuMeter reports throughput per second of processor time, which other work
// on the machine disturbs less than throughput per second.
func cpuMeter(b *testing.B, size int) func() {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	start := used()
	return func() {
		b.ReportMetric(float64(size)*float64(b.N)/1e6/(used()-start).Seconds(), "MB/cpu-s")
	}
}

func benchRead(b *testing.B, content []byte, columns []string) {
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	defer cpuMeter(b, len(content))()
	for b.Loop() {
		r, err := Open(Source{Body: bytes.NewReader(content)}, Dialect{}, Limits{}, columns)
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err = r.Next(); err != nil {
				break
			}
		}
		if err != io.EOF || r.Rows() != benchN {
			b.Fatal(r.Rows(), err)
		}
	}
}

func BenchmarkCSV(b *testing.B) {
	for _, c := range []struct {
		name   string
		quoted bool
		want   []string
	}{{"plain", false, nil}, {"plain, 4 of 10 columns", false, []string{"id", "first_name", "last_name", "email"}}, {"quoted", true, nil}} {
		content := benchCSV(c.quoted)
		b.Run(c.name, func(b *testing.B) { benchRead(b, content, c.want) })
	}
	b.Run("sniff", func(b *testing.B) {
		head := benchCSV(false)[:SniffBytes]
		for b.Loop() {
			if _, _, err := Sniff(head, 1<<30); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, quoted := range []bool{false, true} {
		content := benchCSV(quoted)
		b.Run(fmt.Sprintf("encoding/csv, quoted %v", quoted), func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			defer cpuMeter(b, len(content))()
			for b.Loop() {
				r := csv.NewReader(bytes.NewReader(content))
				r.ReuseRecord = true
				for {
					if _, err := r.Read(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkJSON(b *testing.B) {
	content := benchRows(benchN, func(b *bytes.Buffer, i int) {
		fmt.Fprintf(b, `{"id":%d,"name":{"first":"Katharina","last":"Lindqvist"},"emails":["k.lindqvist%d@example.org"],"phone":"+46 8 123 45 67","address":{"street":"Storgatan 17","city":"Stockholm","postcode":"111 22"},"updated_at":"2026-03-14T10:11:12"}`+"\n", i, i)
	})
	b.Run("all", func(b *testing.B) { benchRead(b, content, nil) })
	b.Run("3 paths", func(b *testing.B) { benchRead(b, content, []string{"id", "name.last", "emails[]"}) })
	b.Run("encoding/json", func(b *testing.B) {
		type row struct {
			ID   int64 `json:"id"`
			Name struct {
				First string `json:"first"`
				Last  string `json:"last"`
			} `json:"name"`
			Emails  []string `json:"emails"`
			Phone   string   `json:"phone"`
			Address struct {
				Street   string `json:"street"`
				City     string `json:"city"`
				Postcode string `json:"postcode"`
			} `json:"address"`
			UpdatedAt string `json:"updated_at"`
		}
		b.SetBytes(int64(len(content)))
		b.ReportAllocs()
		defer cpuMeter(b, len(content))()
		for b.Loop() {
			dec := json.NewDecoder(bytes.NewReader(content))
			for {
				var r row
				if err := dec.Decode(&r); err == io.EOF {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
