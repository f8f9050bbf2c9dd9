package keepalived

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestRealTime wants the VRRP process in real time and in memory, or its own words that it may not.
func TestRealTime(t *testing.T) {
	r := start(t, pair(), secrets, 203)
	r.waitFor(t, "(VI) Entering MASTER STATE")
	text, err := os.ReadFile(r.config + ".vrrp.pid")
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	schedule, err := unix.SchedGetAttr(pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := schedule; r.said("cannot raise priority") == 0 && (got.Policy != unix.SCHED_RR || got.Priority != 50) {
		t.Errorf("policy %d, priority %d, want %d and 50", got.Policy, got.Priority, unix.SCHED_RR)
	}
	var limit unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_RTTIME, nil, &limit); err != nil {
		t.Fatal(err)
	}
	if r.said("cannot raise priority") == 0 && limit.Max != 1_000_000 {
		t.Errorf("it may run for %d µs without a pause, want a second", limit.Max)
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		t.Fatal(err)
	}
	if r.said("Unable to lock process") == 0 && strings.Contains(string(status), "\nVmLck:\t       0 kB") {
		t.Error("its memory is not locked")
	}
}

// TestSpeaksUpAgain counts what the real keepalived says when it takes an address: three at once, and three after a second.
func TestSpeaksUpAgain(t *testing.T) {
	r := start(t, pair(), secrets, 203)
	r.waitFor(t, "(VI) Entering MASTER STATE")
	r.waitForTimes(t, "Sending gratuitous ARP on eth0 for 192.0.2.10", 6)
}

// TestContained wants no real time in a container, and one note that says so.
func TestContained(t *testing.T) {
	build := installed
	build.Contained = true
	config, err := Render(pair(), secrets, build)
	if err != nil {
		t.Fatal(err)
	}
	for _, keyword := range []string{"vrrp_rt_priority", "vrrp_rlimit_rttime"} {
		if strings.Contains(string(config.Text), keyword) {
			t.Errorf("%s is there", keyword)
		}
	}
	if len(config.Notes) != 1 || config.Notes[0].Where != "vrrp" {
		t.Errorf("notes: %v", config.Notes)
	}
}
