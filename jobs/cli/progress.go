package cli

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"concord/jobs/pipeline"
)

// observer picks how a run is shown: a line that rewrites itself on a
// terminal, structured logs otherwise.
func (env *environment) observer() pipeline.Observer {
	if f, ok := env.err.(*os.File); ok && env.logs == "auto" && term.IsTerminal(int(f.Fd())) {
		return &display{to: env.err}
	}
	return logged{env.logger()}
}

// display shows the present phase on one line of a terminal and leaves a line
// for each finished one.
type display struct {
	to    io.Writer
	phase string
	shown time.Time
}

// redrawEvery keeps the display from costing more than it tells.
const redrawEvery = 100 * time.Millisecond

func (d *display) Begin(phase string) {
	d.phase = phase
	d.line("%-12s …", phase)
}

func (d *display) End(phase string, took time.Duration) {
	d.line("%-12s %s\n", phase, round(took))
}

func (d *display) Note(text string, args ...any) {
	d.line("%-12s %s%s\n", d.phase, text, pairs(args))
}

func (d *display) Progress(done, total int64, of string) {
	if now := time.Now(); now.Sub(d.shown) >= redrawEvery {
		d.shown = now
		if total > 0 {
			d.line("%-12s %3d%% of %s %s", d.phase, done*100/total, count(total), of)
		} else {
			d.line("%-12s %s %s", d.phase, count(done), of)
		}
	}
}

// line rewrites the present line.
func (d *display) line(format string, args ...any) {
	fmt.Fprintf(d.to, "\r\x1b[K"+format, args...)
}

func pairs(args []any) string {
	var b strings.Builder
	for i := 0; i+1 < len(args); i += 2 {
		fmt.Fprintf(&b, " %v=%v", args[i], args[i+1])
	}
	return b.String()
}

// logged writes phases and notes as structured logs.
type logged struct{ log *slog.Logger }

func (l logged) Begin(phase string) { l.log.Info("begin", "phase", phase) }

func (l logged) End(phase string, took time.Duration) {
	l.log.Info("end", "phase", phase, "seconds", took.Seconds())
}

func (l logged) Note(text string, args ...any) { l.log.Info(text, args...) }
func (l logged) Progress(_, _ int64, _ string) {}

func round(d time.Duration) time.Duration {
	if d > 10*time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Millisecond)
}

// count groups thousands by thin spaces: 1 234 567.
func count(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
