package apply

import (
	"fmt"
)

// Retention bounds what is kept. The current generation, the one before it, and what was found before lbsup came are
// kept whatever it says.
type Retention struct {
	Committed int   // generations that were installed
	Rejected  int   // generations that were refused
	Bytes     int64 // all of them together
}

// surplus returns the generations to remove, oldest first; all is sorted by number.
func (r Retention) surplus(all []Manifest, current int) []int {
	held := holds(all, current)
	committed, rejected, bytes := 0, 0, int64(0)
	var out []int
	for i := len(all) - 1; i >= 0; i-- { // the newest are counted first
		m := all[i]
		over := false
		if m.Outcome == Committed {
			committed++
			over = committed > r.Committed
		} else {
			rejected++
			over = rejected > r.Rejected
		}
		if held[m.Number] || !over && bytes+m.Bytes <= r.Bytes {
			bytes += m.Bytes
			continue
		}
		out = append([]int{m.Number}, out...)
	}
	return out
}

// holds are the generations that are never removed.
func holds(all []Manifest, current int) map[int]bool {
	held := map[int]bool{current: true}
	previous := 0
	for _, m := range all {
		if m.Outcome != Committed {
			continue
		}
		if m.Origin == OriginFound {
			held[m.Number] = true
		}
		if m.Number < current {
			previous = max(previous, m.Number)
		}
	}
	held[previous] = true
	return held
}

// retain removes what is more than the engine keeps. A failure is worth a note and no more.
func (a *attempt) retain() {
	all, err := a.store.List()
	if err != nil {
		a.note(err.Error())
	}
	current, err := a.pointsAt()
	if err != nil {
		a.note(err.Error())
		return
	}
	for _, n := range a.Keep.surplus(all, current) {
		// Renamed first: a reader must not meet half a generation.
		stale := a.generation(n) + staleSuffix
		err := a.Disk.Rename(a.generation(n), stale)
		if err == nil {
			err = a.removeDir(stale)
		}
		if err != nil {
			a.note(fmt.Sprintf("cannot remove generation %d: %v", n, err))
			return
		}
	}
}
