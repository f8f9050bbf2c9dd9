package haproxy

import (
	"fmt"
	"time"

	"github.com/lbsup/lbsup/checks"
)

// finding is the end of one question to the worker, with what was known of the processes when it ended.
type finding struct {
	at      time.Time // the end of the question
	took    time.Duration
	info    Info
	err     error
	worker  life // of the worker that answered last
	master  life // of that worker's parent
	timeout time.Duration
}

// life is what is known of a process.
type life uint8

const (
	unknown life = iota // nobody to watch, or no means to
	alive
	ended
)

// memory is what the findings before this one add up to.
type memory struct {
	began   time.Time // the first of the present row of questions that nobody was there to answer
	missed  int       // how many they are
	dead    bool      // the last result said Failed
	emitted time.Time
	orphan  time.Time // since when a worker answers whose master has ended
}

// Paces of the questions, other than the check's own interval.
const (
	// While a listener moves from one process to the next its path may refuse for a moment (bind, rename, then listen), and
	// a master ends some milliseconds after its worker. Neither is asked to take longer than grace.
	grace  = 50 * time.Millisecond
	hurry  = 2 * time.Millisecond
	revive = 20 * time.Millisecond // while HAProxy is dead, so that its return is noticed quickly
	orphan = time.Second           // how long a worker is asked more often because its master has ended
)

// opinion is what a finding leads to: a result, unless it is too early for one, and when to ask again.
type opinion struct {
	result checks.Result
	emit   bool
	pause  time.Duration // from now; -1: when the interval says so
}

const onTime = time.Duration(-1)

// judge is where it is decided that HAProxy is dead. A timeout never says so: it is what a loaded host looks like.
func (m memory) judge(f finding, interval time.Duration) (memory, opinion) {
	switch {
	case f.err == nil && !f.info.Stopping:
		return m.answered(f)
	case f.err == nil || absent(f.err):
		return m.missing(f, interval)
	case silent(f.err):
		reason := fmt.Sprintf("HAProxy's runtime API gave no answer within %v", f.timeout)
		return memory{emitted: f.at}, f.opinion(checks.Doubtful, false, reason, onTime)
	default:
		return memory{emitted: f.at}, f.opinion(checks.Doubtful, false, f.err.Error(), onTime)
	}
}

// answered judges an answer. After certain death the first one counts at once: an instance on whose other nodes HAProxy is
// dead too has nobody else, and the preempt delay keeps one that comes and goes from taking the VIPs along. A worker
// without a master soon stops by itself, so it is asked more often for a while.
func (m memory) answered(f finding) (memory, opinion) {
	reason := fmt.Sprintf("HAProxy %s answers, process %d", f.info.Version, f.info.PID)
	next, pause := memory{emitted: f.at}, onTime
	if f.master == ended {
		next.orphan = m.orphan
		if next.orphan.IsZero() {
			next.orphan = f.at
		}
		if f.at.Sub(next.orphan) < orphan {
			pause = revive
		}
	}
	return next, f.opinion(checks.Healthy, m.dead, reason, pause)
}

// missing judges a finding that no worker which takes connections was there to answer.
func (m memory) missing(f finding, interval time.Duration) (memory, opinion) {
	if m.missed == 0 {
		m.began = f.at
	}
	m.missed++
	health, sure, reason := f.verdict(m)
	switch {
	case health == checks.Unknown && f.worker == unknown:
		return m, opinion{pause: revive}
	case health == checks.Unknown:
		return m, opinion{pause: hurry}
	case health == checks.Doubtful:
		return memory{emitted: f.at}, f.opinion(health, sure, reason, onTime)
	}
	said := f.opinion(health, sure, reason, revive)
	said.emit = !m.dead || f.at.Sub(m.emitted) >= interval
	if said.emit {
		m.emitted = f.at
	}
	m.dead = true
	return m, said
}

// verdict is Unknown while it is too early to tell.
func (f finding) verdict(m memory) (health checks.Health, sure bool, reason string) {
	early := !m.dead && f.at.Sub(m.began) < grace
	switch {
	case f.master == ended:
		return checks.Failed, true, "HAProxy's master has ended"
	case f.err == nil && early:
		return checks.Unknown, false, ""
	case f.err == nil:
		return checks.Failed, false, fmt.Sprintf("HAProxy's process %d is stopping and no other answers", f.info.PID)
	case f.worker == ended && f.master == unknown:
		return checks.Failed, true, "HAProxy's process has ended"
	case f.worker == ended && !early:
		return checks.Doubtful, false, "HAProxy's worker has ended and its master lives on: " + f.err.Error()
	case f.worker == unknown && (m.missed > 1 || m.dead):
		return checks.Failed, true, "HAProxy is not running: " + f.err.Error()
	case f.worker == alive && !early:
		return checks.Doubtful, false, "HAProxy's process runs but does not listen: " + f.err.Error()
	default:
		return checks.Unknown, false, ""
	}
}

func (f finding) opinion(health checks.Health, sure bool, reason string, pause time.Duration) opinion {
	return opinion{emit: true, pause: pause, result: checks.Result{
		Check: checks.HAProxy, Health: health, Sure: sure, Reason: reason, At: f.at, Took: f.took,
	}}
}
