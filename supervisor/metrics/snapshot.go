package metrics

import (
	"strings"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

func (r reading) node(s status.Snapshot) {
	r.tell(buildInfo, 1, s.Version, s.Node, s.Cluster)
	r.tell(well, truth(s.Well))
	count := map[string]int{status.Failing: 0, status.Warning: 0}
	for _, f := range s.Findings {
		count[f.Severity]++
	}
	for severity, n := range count {
		r.tell(wrong, float64(n), severity)
	}
}

// roles are keepalived's states; "unknown" until it has told one.
var roles = []string{"MASTER", "BACKUP", "FAULT", "STOP", "unknown"}

func (r reading) vrrp(all []status.Instance) {
	for _, i := range all {
		state := i.State
		if state == "" {
			state = "unknown"
		}
		r.oneOf(role, i.Name, state, roles)
		r.tell(priority, float64(i.Priority), i.Name)
		r.tell(wanted, float64(i.Wanted), i.Name)
		for _, v := range i.VIPs {
			r.tell(held, truth(v.Here), i.Name, v.Address)
		}
	}
}

var verdicts = []string{"healthy", "doubtful", "failed", "unknown"}

func (r reading) checks(all []status.Check) {
	for _, c := range all {
		health := c.Health
		if health == "in doubt" {
			health = "doubtful"
		}
		r.oneOf(verdict, c.Name, health, verdicts)
		r.moment(since, c.Since, c.Name)
	}
}

// serverStates are what HAProxy's words for a server come down to.
var serverStates = []string{"up", "down", "drain", "maint", "unchecked", "unknown"}

func (r reading) services(all []status.Service) {
	for _, s := range all {
		count := map[string]int{}
		for _, pool := range s.Pools {
			for _, server := range pool.Servers {
				count[serverState(server.Status)]++
			}
		}
		for _, state := range serverStates {
			r.tell(servers, float64(count[state]), s.Name, state)
		}
	}
}

// serverState reads HAProxy's word, see "status" in chapter 9.1 of its management guide: "UP 1/3" is on its way down and
// still serves, "DOWN 1/2" is on its way up and does not yet.
func serverState(word string) string {
	if word == "no check" {
		return "unchecked"
	}
	first, _, _ := strings.Cut(strings.ToLower(word), " ")
	for _, state := range serverStates {
		if first == state {
			return state
		}
	}
	return "unknown"
}

func (r reading) daemons(s status.Snapshot) {
	for daemon, unit := range map[string]status.Unit{"haproxy": s.HAProxy.Unit, "keepalived": s.Keepalived} {
		r.tell(running, truth(unit.Active == "active" || unit.Active == "reloading"), daemon)
	}
	r.tell(connections, float64(s.HAProxy.Connections))
	r.tell(oldWorkers, float64(len(s.HAProxy.OldWorkers)))
	var memory int64
	var age float64
	for _, w := range s.HAProxy.Draining {
		memory, age = memory+w.Memory, max(age, w.Draining)
	}
	r.tell(oldMemory, float64(memory))
	r.tell(oldest, age)
}

// certificates of one file differ by their algorithm; the first one to end counts.
func (r reading) certificates(all []status.Certificate) {
	first := map[string]time.Time{}
	for _, c := range all {
		if ends, known := first[c.File]; !known || c.Ends.Before(ends) {
			first[c.File] = c.Ends
		}
	}
	for file, ends := range first {
		r.moment(certificates, ends, file)
	}
}

func (r reading) change(s status.Snapshot) {
	r.tell(generation, float64(s.Generation.Number))
	r.moment(installed, s.Generation.Installed)
	r.tell(drift, float64(len(s.Generation.Drift)))
	r.tell(changing, truth(s.Change != nil && s.Change.Outcome == ""))
	if s.Change != nil {
		r.tell(lastTook, s.Change.Took)
	}
}
