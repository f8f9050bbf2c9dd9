package status

import (
	"fmt"
	"strconv"
	"strings"
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
	if n := len(h.OldWorkers); n > 0 {
		pids := make([]string, n)
		for i, pid := range h.OldWorkers {
			pids[i] = strconv.Itoa(pid)
		}
		noun := "old worker "
		if n > 1 {
			noun = "old workers "
		}
		parts = append(parts, noun+strings.Join(pids, " ")+" still serving")
	}
	return strings.Join(parts, ", ")
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
