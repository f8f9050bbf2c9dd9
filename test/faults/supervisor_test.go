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

// supervisor kills lbsup run after each of its steps on the way of a change, until a change has none left.
func (h *house) supervisor(t *testing.T) {
	n := h.first
	for _, way := range []struct {
		name string
		edit func(*testing.T) string
		ask  string
	}{
		{"that needs a reload of both daemons", n.edit, "lbsup reload"},
		{"at run time", n.weigh, "lbsup reload"},
		{"that waits to be confirmed", n.weigh, "lbsup reload --confirm 2s"},
	} {
		t.Run(way.name, func(t *testing.T) {
			for count := 1; ; count++ {
				if count > 100 {
					t.Fatal("a change has no end")
				}
				unharmed := false
				t.Run(fmt.Sprintf("after step %d", count), func(t *testing.T) { unharmed = n.orphaned(t, way.edit, way.ask, count) })
				if unharmed || t.Failed() {
					return
				}
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
func (n *host) orphaned(t *testing.T, edit func(*testing.T) string, ask string, count int) (unharmed bool) {
	c := n.house.calm()
	before := n.whole(t)
	edition := edit(t)
	attached := n.slowed(t)
	done := make(chan string, 1)
	go func() {
		out, _ := n.Run(context.WithoutCancel(t.Context()), "/bin/sh", "-c", "exec 2>&1; "+ask)
		done <- out
	}()
	last, ended := attached.await(t, count, done)
	attached.kill(t)
	if ended {
		t.Logf("unharmed: %s", last)
	} else {
		t.Logf("killed after %s; lbsup reload said: %s", last, <-done)
	}
	now := n.whole(t)
	if n.serves(t, edition) != (now.Number != before.Number) && now.Request == "reload" {
		t.Errorf("generation %d after %d has %q: %v", now.Number, before.Number, edition, n.serves(t, edition))
	}
	n.goesOn(t, edition)
	c.kept(t)
	return ended
}

// tracer is a strace that makes lbsup run wait after each step, so that the one at which it is killed is the one that was meant.
type tracer struct {
	trace string
	pid   int // of the supervisor, as the machine sees it
}

func (n *host) slowed(t *testing.T) tracer {
	t.Helper()
	inside := n.sh(t, "systemctl show -P MainPID lbsup")
	pid, _ := strconv.Atoi(inside)
	a := tracer{n.root + "/run/strike/supervisor", n.PID(pid)}
	_ = os.Remove(a.trace)
	const calls = "connect,openat,readlinkat,renameat"
	paths := []string{
		"/run/dbus/system_bus_socket", render.MasterSocket, render.StatsSocket, render.StateDir + "/report.json", render.GenerationsDir + "/current",
		render.RecordsDir + "/keepalived.json", render.RecordsDir + "/pending.json", fmt.Sprintf("%s/change-%d.json", render.RecordsDir, n.upcoming(t)),
		render.TrackDir + "/VI_1",
	}
	n.sh(t, "strace -f -qq -e signal=none -o /run/strike/supervisor -P "+strings.Join(paths, " -P ")+
		" -e trace="+calls+" -e inject="+calls+":delay_exit=20000 -p "+inside+" </dev/null >/dev/null 2>&1 &")
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
	for {
		if lines := a.lines(); len(lines) >= count {
			return lines[count-1], false
		}
		select {
		case out := <-done:
			return out, true
		case <-ticker.C:
		case <-time.After(patience):
			t.Fatalf("neither step %d nor an end", count)
		}
	}
}

func (a tracer) lines() []string {
	text, _ := os.ReadFile(a.trace) // there is none before the first step
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")[:strings.Count(string(text), "\n")]
}

// kill ends the supervisor, and strace with it. systemd starts another.
func (a tracer) kill(t *testing.T) {
	t.Helper()
	if err := unix.Kill(a.pid, unix.SIGKILL); err != nil {
		t.Error(err)
	}
}
