package main

import (
	"fmt"
	"runtime"
	"syscall"
	"time"
)

// clock measures a process by phases. The first begins with the process, so
// that start-up counts.
type clock struct {
	cpu  float64
	wall time.Time
}

func startClock() *clock { return &clock{wall: time.Now()} }

// phase ends the present phase.
func (c *clock) phase(name string) (phase, error) {
	cpu, _, err := usage()
	if err != nil {
		return phase{}, err
	}
	p := phase{Name: name, CPU: cpu - c.cpu, Wall: time.Since(c.wall).Seconds()}
	c.cpu, c.wall = cpu, time.Now()
	return p, nil
}

// usage is the processor seconds of this process so far, all threads, user and
// system, and the most bytes it was ever resident with.
func usage() (cpu float64, peak int64, err error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0, fmt.Errorf("read processor time: %w", err)
	}
	peak = u.Maxrss
	if runtime.GOOS != "darwin" {
		peak *= 1024 // Linux counts in kilobytes
	}
	return seconds(u.Utime) + seconds(u.Stime), peak, nil
}

func seconds(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
