package pair

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// haproxy asks the runtime API of a node's worker. The path leads through the root of a process of the host.
func haproxy(t *testing.T, n *lab.Node, command string) string {
	t.Helper()
	conn, err := net.Dial("unix", fmt.Sprintf("/proc/%d/root/run/haproxy-lbsup.sock", n.PID(1)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintln(conn, command); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// TestServing is about what a change does to the servers behind the VIP.
func TestServing(t *testing.T) {
	p := up(t, openShift())
	t.Run("a service that loses its servers gets them back", p.losesServers)
	t.Run("what a person decided survives a reload", p.survivesReload)
	t.Run("a wedged master is named, and nothing is changed", p.wedgedMaster)
	t.Run("a master that ends in the middle of a reload is named", p.masterEnds)
	t.Run("a master that falls silent in the middle of a reload is named", p.masterFallsSilent)
	t.Run("workers that end as soon as they run are named", p.workerDies)
	t.Run("a HAProxy that is slow to start was dead once", p.slowStart)
}

func (p *pair) losesServers(t *testing.T) {
	p.well(t)
	w, client := p.watch(t), p.Client(time.Second)
	p.edit(t, p.first, strings.ReplaceAll(p.cluster, `sa.boe:80"`, `sa.boe:81"`))
	p.says(t, p.first, "that the change was taken back", func(said string, code int) bool {
		return code == 1 && containsAll(said, "rolled back: it did not prove itself",
			`service "ingress-router-http" had a healthy server before and has none now: compute0 is `, "Connection refused")
	})
	if _, err := lab.Ask(t.Context(), client, "http://172.18.100.100:80/"); err != nil {
		t.Errorf("the service does not answer after the way back: %v", err)
	}
	p.restore(t)
	w.undisturbed(t)
}

func (p *pair) survivesReload(t *testing.T) {
	p.well(t)
	w := p.watch(t)
	want := map[string]string{"control0": "DRAIN", "control1": "MAINT"}
	set := func(drain, maint string) {
		haproxy(t, p.first, "set server api-server/control0 state "+drain+"; set server api-server/control1 state "+maint)
	}
	holds := func() bool {
		table := haproxy(t, p.first, "show stat -1 4 -1")
		for server, status := range want {
			if !strings.Contains(table, "api-server,"+server+",") || !strings.Contains(rowOf(table, "api-server,"+server+","), ","+status+",") {
				return false
			}
		}
		return true
	}
	set("drain", "maint")
	eventually(t, "HAProxy has drained the servers", holds)
	before := p.running(t, p.first)
	p.edit(t, p.first, p.cluster+extraService)
	sh(t, p.first, "lbsup reload") // behind the edit, until that has proved itself
	if now := p.running(t, p.first); now.worker == before.worker {
		t.Error("HAProxy was not reloaded: this proves nothing")
	}
	if !holds() {
		t.Errorf("want %v after the reload, got\n%s", want, haproxy(t, p.first, "show stat -1 4 -1"))
	}
	if left := sh(t, p.first, "wc -l </run/lbsup/servers.state"); left != "2" {
		t.Errorf("the file for the new worker has %s lines left, want the heading alone", left)
	}
	set("ready", "ready")
	p.restore(t)
	w.undisturbed(t)
}

func rowOf(table, start string) string {
	for line := range strings.SplitSeq(table, "\n") {
		if strings.HasPrefix(line, start) {
			return line
		}
	}
	return ""
}

// wedgedMaster stops the master, which then takes connections and answers none.
func (p *pair) wedgedMaster(t *testing.T) {
	p.well(t)
	w, before := p.watch(t), p.running(t, p.first)
	master := mainPID(t, p.first, "haproxy")
	sh(t, p.first, "kill -STOP "+master)
	p.edit(t, p.first, p.cluster+extraService)
	p.says(t, p.first, "that the master does not answer", func(said string, code int) bool {
		return code == 1 && containsAll(said, "rolled back", "its master CLI does not answer", "systemctl restart haproxy.service")
	})
	p.untouched(t, p.first, before)
	sh(t, p.first, "kill -CONT "+master)
	p.restore(t)
	w.undisturbed(t)
}

// masterEnds has the master end in the middle of a reload, when it executes itself again, on the node that stands by. systemd starts HAProxy, with the
// new configuration.
func (p *pair) masterEnds(t *testing.T) {
	for _, row := range []struct {
		name, instead string // of the master that executes itself
		kill          bool
		told          string
	}{
		{"killed", "sleep 20", true, "haproxy.service failed (signal)"},
		{"with 137", "exit 137", false, "haproxy.service failed (exit-code)"},
		{"with 0", "exit 0", false, "haproxy.service "}, // systemd says little of an end that is none to it
	} {
		t.Run(row.name, func(t *testing.T) {
			p.well(t)
			w := p.watch(t)
			const path = "/usr/sbin/haproxy"
			breaks, mends := stashed(path, `#!/bin/bash\ncase " $* " in *" -sf "*) `+row.instead+`;; esac\nexec -a `+path+` `+path+`.away "$@"\n`)
			sh(t, p.second, breaks)
			t.Cleanup(func() { try(t, p.second, mends) })
			master, since := mainPID(t, p.second, "haproxy"), sh(t, p.second, "date +%T")
			p.edit(t, p.second, p.cluster+extraService)
			if row.kill {
				eventually(t, "the master executes itself", func() bool { return strings.HasPrefix(sh(t, p.second, "cat /proc/"+master+"/cmdline"), "/bin/bash") })
				sh(t, p.second, "kill -KILL "+master)
			}
			p.says(t, p.second, "that the master has ended", func(said string, code int) bool {
				return code == 0 && containsAll(said, "extra", "HAProxy ended and was started again, it was not reloaded")
			})
			if told := sh(t, p.second, "lbsup events --since "+since+" --kind daemon"); !strings.Contains(told, row.told) {
				t.Errorf("lbsup events does not tell of the end: %s", told)
			}
			sh(t, p.second, mends)
			p.restore(t)
			w.undisturbed(t)
		})
	}
}

// workerDies brings a configuration that HAProxy's check accepts and with which each worker ends as soon as it runs. The master then ends what it has,
// the old worker too, and ends itself: on the node that stands by nobody misses it until the way back.
func (p *pair) workerDies(t *testing.T) {
	p.well(t)
	w := p.watch(t)
	write(t, p.second, "/etc/haproxy/ends.lua", "core.register_task(function() os.exit(3) end)\n", 0o644)
	p.edit(t, p.second, p.cluster+"\nhaproxy: {global: [\"lua-load /etc/haproxy/ends.lua\"]}\n")
	p.says(t, p.second, "that the change was taken back", func(said string, code int) bool {
		return code == 1 && containsAll(said, "rolled back: it did not prove itself", "haproxy.service is")
	})
	if history := sh(t, p.second, "lbsup history"); !containsAll(history, "rolled back", "nothing shows that a new worker serves") {
		t.Errorf("history does not tell it: %s", history)
	}
	p.restore(t)
	w.undisturbed(t)
}

// masterFallsSilent has the master take the order to reload and never come back from executing itself. Its worker serves on.
func (p *pair) masterFallsSilent(t *testing.T) {
	p.well(t)
	w := p.watch(t)
	const path = "/usr/sbin/haproxy"
	breaks, mends := stashed(path, `#!/bin/bash\ncase " $* " in *" -sf "*) exec sleep 1000;; esac\nexec -a `+path+` `+path+`.away "$@"\n`)
	sh(t, p.second, breaks)
	master := mainPID(t, p.second, "haproxy")
	t.Cleanup(func() { try(t, p.second, mends) }) // which has been done where the test has come so far
	p.edit(t, p.second, p.cluster+extraService)
	p.says(t, p.second, "that nothing shows that a new worker serves", func(said string, code int) bool {
		return code == 1 && containsAll(said, "rolled back", "nothing shows that a new worker serves")
	})
	sh(t, p.second, mends+"; kill -KILL "+master)
	p.restore(t)
	w.undisturbed(t)
}

// slowStart kills a HAProxy that takes its time to come back. The peer has the VIPs meanwhile, and keepalived is not told of the death again.
func (p *pair) slowStart(t *testing.T) {
	p.well(t)
	const path, told = "/usr/sbin/haproxy", "lbsup events --since 10m --kind priority"
	breaks, mends := stashed(path, `#!/bin/bash\ncase "$* " in *"-c "*|-v*) ;; *) sleep 3;; esac\nexec -a `+path+` `+path+`.away "$@"\n`)
	sh(t, p.first, breaks)
	t.Cleanup(func() { sh(t, p.first, mends) })
	faults := func() int { return strings.Count(sh(t, p.first, told), "is told FAULT") }
	before := faults()
	sh(t, p.first, "kill -KILL $(pidof haproxy)")
	eventually(t, "keepalived is told that HAProxy takes its time", func() bool { return strings.Contains(sh(t, p.first, told), "at the bottom") })
	if !p.holds(t, p.second) || p.holdsAny(t, p.first) {
		t.Error("the peer does not have the VIPs while HAProxy starts")
	}
	p.well(t)
	if now := faults() - before; now != 1 {
		t.Errorf("keepalived was told FAULT %d times:\n%s", now, sh(t, p.first, told))
	}
}
