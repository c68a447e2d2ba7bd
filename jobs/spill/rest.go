package spill

import "time"

// often is how long a process may exceed its budget before that is noticed.
const often = 50 * time.Millisecond

// stride is how much of the space is let go of before it is seen whether that
// suffices.
const stride = 16 << 20

// hand goes round the maps like that of a clock: what it passes is let go of,
// and what is in use comes back from the system's cache until it passes again.
type hand struct{ at, offset int }

// keep lets go of memory when the process comes within a thirty-second of its
// budget, for about that much may be touched before it is noticed, until it is a
// sixteenth below.
func (s *Space) keep(budget int64) {
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		select {
		case <-s.quit:
			return
		case <-tick.C:
			if resident() > budget-budget/32 {
				s.restTo(budget - budget/16)
			}
		}
	}
}

// restTo lets go of memory until the process holds no more than enough, or the
// hand has gone round once.
func (s *Space) restTo(enough int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for left := s.held; left > 0 && resident() > enough; {
		left -= s.step()
	}
}

// step lets go of what the hand is at, and moves it on by so many bytes.
func (s *Space) step() int64 {
	h := &s.hand
	if h.at >= len(s.maps) {
		*h = hand{}
	}
	m := s.maps[h.at].bytes
	h.offset = min(h.offset, len(m))
	end := min(h.offset+stride, len(m))
	n := end - h.offset
	rest(m[h.offset:end])
	h.offset = end
	if end == len(m) {
		*h = hand{at: h.at + 1}
	}
	return int64(n)
}

// Rest lets go of all memory that the arrays take: each page comes back from the
// file when it is touched.
func (s *Space) Rest() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.maps {
		rest(m.bytes)
	}
}
