package status

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// daemons says how HAProxy, keepalived and lbsup itself are.
func (p *page) daemons(s Snapshot) {
	p.title("Daemons")
	p.table(2, []row{
		p.daemon(joined(" ", "HAProxy", s.HAProxy.Version), s.HAProxy.Unit, s, work(s.HAProxy)),
		p.daemon("keepalived", s.Keepalived, s, pid(s.Keepalived)),
		p.daemon(joined(" ", "lbsup", s.Version), Unit{Active: "active", Sub: "running", Since: s.Started}, s, watching(s)),
	})
}

func (p *page) daemon(name string, u Unit, s Snapshot, detail string) row {
	word, t := unitState(u)
	if s.Cluster == "" && t == bad {
		t = faint // nothing was asked of it yet
	}
	return row{cells: []line{
		{p.mark(t), {name, plain}}, {{joined(" ", word, lasting(u.Since, s.Time)), toneOfText(t)}}, say(detail),
	}}
}

// unitState says a unit's ActiveState and SubState, see systemctl(1), as a person would.
func unitState(u Unit) (string, tone) {
	switch u.Active {
	case "active", "reloading":
		return "running", good
	case "activating":
		return "starting", warn
	case "deactivating":
		return "stopping", warn
	case "inactive":
		return "stopped", bad
	case "":
		return "state not known", faint
	default:
		return u.Active, bad
	}
}

func work(h HAProxy) string {
	var parts []string
	if h.Worker > 0 {
		parts = append(parts, fmt.Sprintf("worker %d", h.Worker), plural(h.Connections, "connection"))
	}
	if len(h.OldWorkers) > 0 {
		parts = append(parts, draining(h))
	}
	return strings.Join(parts, ", ")
}

// draining says which old workers live on, for what, and what that costs.
func draining(h HAProxy) string {
	pids := make([]string, len(h.OldWorkers))
	for i, pid := range h.OldWorkers {
		pids[i] = strconv.Itoa(pid)
	}
	text := "old worker "
	if len(pids) > 1 {
		text = "old workers "
	}
	text += strings.Join(pids, " ") + " still serving"
	connections, memory, longest := 0, int64(0), 0.0
	for _, w := range h.Draining {
		connections += max(0, w.Connections)
		memory += w.Memory
		longest = max(longest, w.Draining)
	}
	if len(h.Draining) == 0 {
		return text
	}
	return fmt.Sprintf("%s %s for %s with %d MB", text, plural(connections, "connection"), about(time.Duration(longest)*time.Second), memory>>20)
}

func pid(u Unit) string {
	if u.MainPID == 0 {
		return ""
	}
	return fmt.Sprintf("process %d", u.MainPID)
}

func watching(s Snapshot) string {
	switch {
	case s.Cluster == "":
		return ""
	case s.Watching:
		return "applies edits of the cluster file when they are saved"
	default:
		return "does not watch the cluster file: edits wait for lbsup reload"
	}
}

// configuration says which generation is installed, and which of its files are no longer what was installed.
func (p *page) configuration(s Snapshot) {
	if s.Generation.Number == 0 {
		return
	}
	p.title("Configuration")
	p.putMarked(2, good, say(joined(", installed ", fmt.Sprintf("generation %d", s.Generation.Number), ago(s.Generation.Installed, s.Time))))
	for _, file := range s.Generation.Drift {
		p.putMarked(2, warn, say(file+" was changed by hand"))
	}
}
