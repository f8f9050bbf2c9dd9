package keepalived

import "time"

// What the arithmetic of the worst cases knows about programs, each an upper bound of what was measured on two busy cores. The rest
// comes from the cluster file.
const (
	// notice is from an event in the kernel (a process ends, a link goes down) to the verdict: one turn of the loop, one question that
	// is refused. Measured: 4 ms.
	notice = 10 * time.Millisecond

	// grace is how long a worker's end may be a reload's, until its master has ended too or nobody answers for it: the same as in the
	// HAProxy adapter.
	grace = 50 * time.Millisecond

	// revive is how often a dead HAProxy is asked whether it is back: the same as in the HAProxy adapter.
	revive = 20 * time.Millisecond

	// push is from the verdict to keepalived's new priority: a rename in the track directory, seen by inotify. Measured: 1 ms.
	push = 5 * time.Millisecond

	// promote is from the end of the wait for adverts to an answer of the VIP: the address is added, gratuitous ARP sent and heard.
	// Measured: 4 ms on a quiet host.
	promote = 12 * time.Millisecond

	// restart is how soon systemd has keepalived running again: the unit's RestartSec, and its start, which takes old VIPs off.
	restart = 900 * time.Millisecond

	// missedAdverts is how many adverts have to fail before a backup speaks up (RFC 5798, Master_Down_Interval).
	missedAdverts = 3

	// late is by how much a timer of keepalived is late on a host whose processors are all taken: the one whose end a node waits for.
	// Measured: 41 ms.
	late = 50 * time.Millisecond

	// watchdog is the unit's WatchdogSec: how long systemd lets a wedged lbsup live.
	watchdog = 5 * time.Second
)

// The question that keepalived asks lbsup, in the whole seconds that keepalived before 2.3 knows.
const (
	questionInterval = time.Second
	questionTimeout  = time.Second
	questionFall     = 2
)
