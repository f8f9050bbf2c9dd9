package timeline

import (
	"fmt"
	"time"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

const (
	period = time.Second            // of state.Tick
	late   = 500 * time.Millisecond // a timer this late is news: adverts are lost in as little
	jump   = 250 * time.Millisecond // so is a clock that was set by this much; slewing moves it by 0.5 ms a second
)

// clock compares how long it was between two ticks with how long it should have been, and the clock on the wall with
// the one that nobody can set. A host that slept shows as a jump: the monotonic clock sleeps too, see clock_gettime(2).
func (d *deriving) clock() {
	if _, ok := d.Event.(state.Tick); !ok || d.Before.Ticked.IsZero() {
		return
	}
	ran := d.After.Ticked.Sub(d.Before.Ticked) // by the monotonic clock, where the times have one
	if delay := ran - period; delay > late {
		d.tell(status.Moment{Kind: status.ClockKind, Subject: "lbsup",
			Text:   fmt.Sprintf("a timer of lbsup fired %s late: the host stood still or had no time for it", rounded(delay)),
			Fields: map[string]string{"late_seconds": inSeconds(delay)}})
	}
	for _, m := range Jump(d.Before.Ticked, d.After.Ticked, ran) {
		d.tell(m)
	}
}

// Jump tells of a clock on the wall that went otherwise than it ran between two times.
func Jump(before, after time.Time, ran time.Duration) []status.Moment {
	set := after.Round(0).Sub(before.Round(0)) - ran
	if set.Abs() <= jump {
		return nil
	}
	return []status.Moment{{Kind: status.ClockKind, Subject: "clock",
		Text:   fmt.Sprintf("the clock jumped %s %s: it was set, or the host slept", direction(set), rounded(set.Abs())),
		Fields: map[string]string{"jump_seconds": inSeconds(set)}}}
}

func direction(d time.Duration) string {
	if d < 0 {
		return "back by"
	}
	return "forward by"
}

func rounded(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

func inSeconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
