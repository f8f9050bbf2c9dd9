package faults

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/render"
)

// way is how a change is made.
type way struct {
	name      string
	edit      func(*testing.T) string // saves it, and returns what HAProxy's configuration then has in it
	ask       string
	atRunTime bool // HAProxy's worker takes it, without a reload
}

// supervisor kills lbsup run after each of its steps on the way of a change, until a change has none left.
func (h *house) supervisor(t *testing.T) {
	n := h.first
	for _, w := range []way{
		{"that needs a reload of both daemons", n.edit, "lbsup reload", false},
		{"at run time", n.weigh, "lbsup reload", true},
		{"that waits to be confirmed", n.edit, "lbsup reload --confirm 1s; lbsup history", false},
	} {
		t.Run(w.name, func(t *testing.T) {
			for count, unharmed := 1, false; !unharmed && !t.Failed(); count++ {
				t.Run(fmt.Sprintf("after step %d", count), func(t *testing.T) { unharmed = n.orphaned(t, w, count) })
			}
		})
	}
}

// weigh saves a change that HAProxy takes at run time, and returns what it looks like.
func (n *host) weigh(t *testing.T) string {
	t.Helper()
	n.weight++
	n.save(t, strings.Replace(n.house.edition(n.edition), `"control0.ocp0.sa.boe:6443"`, fmt.Sprintf(`"control0.ocp0.sa.boe:6443", weight: %d`, n.weight), 1))
	return fmt.Sprintf("weight %d", n.weight)
}

// orphaned kills the supervisor after so many steps of a change, and looks at what is left. It says whether the change had fewer.
func (n *host) orphaned(t *testing.T, w way, count int) (unharmed bool) {
	c, before := n.house.calm(), n.whole(t)
	edition := w.edit(t)
	attached := n.slowed(t, w.atRunTime)
	done := make(chan string, 1)
	go func() {
		out, _ := n.Run(context.WithoutCancel(t.Context()), "/bin/sh", "-c", "exec 2>&1; "+w.ask)
		done <- out
	}()
	last, unharmed := attached.await(t, count, done)
	attached.kill(t)
	t.Logf("killed after %s", last)
	if !unharmed {
		t.Logf("%s: %s", w.ask, <-done)
	}
	if now := n.whole(t); n.serves(t, edition) != (now.Number != before.Number) && now.Request == "reload" {
		t.Errorf("generation %d after %d has %q: %v", now.Number, before.Number, edition, n.serves(t, edition))
	}
	n.goesOn(t, edition)
	c.kept(t)
	return unharmed
}

// tracer is a strace that makes lbsup run wait after each step, so that the one at which it is killed is the one that was meant.
type tracer struct {
	trace string
	pid   int // of the supervisor, as the machine sees it

	atRunTime bool // the change is one of HAProxy's worker
}

func (n *host) slowed(t *testing.T, atRunTime bool) tracer {
	t.Helper()
	inside := n.sh(t, "systemctl show -P MainPID lbsup")
	pid, _ := strconv.Atoi(inside)
	a := tracer{trace: n.root + "/run/strike/supervisor", pid: n.PID(pid), atRunTime: atRunTime}
	_ = os.Remove(a.trace)
	const calls = "connect,sendmsg,rename,renameat,renameat2"
	n.sh(t, "strace -f -qq -e signal=none -o /run/strike/supervisor -e trace="+calls+" -e inject="+calls+":delay_exit=20000 -p "+inside+" </dev/null >/dev/null 2>&1 &")
	eventually(t, func() error {
		tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", a.pid))
		for _, task := range tasks {
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/status", a.pid, task.Name()))
			if strings.Contains(string(status), "TracerPid:\t0\n") {
				return fmt.Errorf("thread %s is not traced", task.Name())
			}
		}
		return err
	})
	return a
}

// await waits until so many steps were made and returns the last of them; or, if the change ends first, what became of it.
func (a tracer) await(t *testing.T, count int, done <-chan string) (last string, ended bool) {
	t.Helper()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	limit := time.After(patience)
	for {
		if lines := a.lines(); len(lines) >= count {
			return lines[count-1], false
		}
		select {
		case out := <-done:
			return out, true
		case <-ticker.C:
		case <-limit:
			t.Fatalf("neither step %d nor an end", count)
		}
	}
}

// lines are the steps up to now: what the supervisor asks of systemd, of HAProxy's master and of its worker, and what it writes down.
func (a tracer) lines() []string {
	text, _ := os.ReadFile(a.trace) // there is none before the first step
	var all []string
	for line := range strings.Lines(string(text)) {
		if strings.HasSuffix(line, "\n") && a.counts(line) {
			all = append(all, strings.TrimSpace(line))
		}
	}
	return all
}

func (a tracer) counts(line string) bool {
	switch {
	case strings.Contains(line, " = -1 "), strings.Contains(line, "/run/systemd/"): // its watchdog, the journal
		return false
	case strings.Contains(line, render.StatsSocket):
		return a.atRunTime
	case strings.Contains(line, "connect("):
		return strings.Contains(line, render.MasterSocket)
	default:
		return true
	}
}

// kill ends the supervisor, and strace with it. systemd starts another.
func (a tracer) kill(t *testing.T) {
	t.Helper()
	if err := unix.Kill(a.pid, unix.SIGKILL); err != nil {
		t.Error(err)
	}
}
