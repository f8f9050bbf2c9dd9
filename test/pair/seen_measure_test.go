//go:build measure

package pair

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestTransitionSeen measures how long after keepalived's own word a transition is known, so that whoever asks is told, and how long until one who asks
// without a pause was told: that includes the time between two of its questions. It judges nothing: make bench-page.
func TestTransitionSeen(t *testing.T) {
	p := up(t, openShift())
	var known, seen []time.Duration
	for range 10 {
		p.well(t)
		sh(t, p.first, `rm -f /run/answers; systemd-run --quiet --unit ask --property StandardOutput=truncate:/run/answers \
			curl --silent --no-buffer --unix-socket /run/lbsup/control.sock 'http://lbsup/v1/status?turn=[1-100000]'`)
		sh(t, p.first, "systemctl stop haproxy")
		eventually(t, "the transition is seen", func() bool { return sh(t, p.first, `grep -c '"state":"FAULT"' /run/answers || :`) != "0" })
		sh(t, p.first, "systemctl stop ask")
		answered := timeOf(t, sh(t, p.first, `grep -m 1 '"state":"FAULT"' /run/answers`))
		said := sh(t, p.first, "journalctl --sync; journalctl --quiet --unit keepalived --output short-unix | grep 'Entering FAULT STATE' | tail -n 1")
		seconds, err := strconv.ParseFloat(strings.Fields(said)[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		at := time.UnixMicro(int64(seconds * 1e6))
		var noted time.Time
		eventually(t, "it is on record", func() bool {
			noted = timeOf(t, sh(t, p.first, `lbsup events --here --json --kind role | tail -n 1`))
			return noted.After(at.Add(-time.Second))
		})
		known, seen = append(known, noted.Sub(at)), append(seen, answered.Sub(at))
		t.Logf("known after %v, seen after %v, by %s answers", noted.Sub(at), answered.Sub(at), sh(t, p.first, "wc -l </run/answers"))
		sh(t, p.first, "systemctl start haproxy")
	}
	for what, took := range map[string][]time.Duration{"known": known, "seen": seen} {
		slices.Sort(took)
		t.Logf("a transition is %s after %v (median), %v (longest)", what, took[len(took)/2], took[len(took)-1])
	}
}

// timeOf reads the time of a line of JSON.
func timeOf(t *testing.T, line string) time.Time {
	t.Helper()
	var one struct{ Time time.Time }
	if err := json.Unmarshal([]byte(line), &one); err != nil {
		t.Fatal(err)
	}
	return one.Time
}

// TestFloodOfTransitions measures what ten thousand transitions a second leave in memory and on the disk.
func TestFloodOfTransitions(t *testing.T) {
	p := up(t, openShift())
	spent := func(when string) {
		t.Log(when, sh(t, p.second, "grep -e VmRSS -e VmHWM /proc/$(systemctl show -P MainPID lbsup)/status | tr -s '[:space:]' ' '; du -sk /var/lib/lbsup/records/timeline"))
	}
	flood := func() string {
		return sh(t, p.second, `lines=$(printf 'INSTANCE "VI_1" BACKUP 250\nINSTANCE "VI_1" FAULT 250'); begin=$(date +%s%N)
			for i in $(seq 100); do yes "$lines" | head -n 1000 >/run/lbsup/notify.fifo; sleep 0.05; done; echo $(( ($(date +%s%N) - begin) / 1000000 )) ms`)
	}
	spent("before:")
	for range 4 {
		t.Log("100,000 transitions in", flood())
		spent("after them:")
	}
}
