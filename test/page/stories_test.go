package page

import (
	"context"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/supervisor/page"
	"github.com/lbsup/lbsup/supervisor/status"
)

// now is the moment at which every story is told.
var now = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

const day = 24 * time.Hour

// story is a node in one state; it is the source of its page.
type story struct {
	snap status.Snapshot
	past page.Past
}

func (s story) Status(context.Context) (status.Snapshot, error) { return s.snap, nil }
func (s story) Past() (page.Past, error)                        { return s.past, nil }
func (s story) News() <-chan struct{}                           { return nil }

// well is a pair that is well, seen from the node that holds the VIPs. Each call makes a new one.
func well() story {
	return story{status.Snapshot{
		Time: now, Version: "0.1.0", Started: ago(12 * day), Cluster: "ocp0", Node: "loadbalancer-1", Well: true,
		Nodes: []status.Node{{Name: "loadbalancer-1", Address: "10.129.0.1"}, {Name: "loadbalancer-2", Address: "10.130.0.1"}},
		Instances: []status.Instance{{Name: "VI_1", RouterID: 1, State: "MASTER", Since: ago(3 * day), Priority: 253, Wanted: 253,
			VIPs:   []status.VIP{{Address: "172.18.100.100/16", Interface: "enc6", Here: true}, {Address: "10.131.0.1/14", Interface: "enc5", Here: true}},
			Prefer: []string{"loadbalancer-1", "loadbalancer-2"}, Holder: "loadbalancer-1", Why: "this node is the preferred one and is well"}},
		Checks: []status.Check{
			{Name: "haproxy", Kind: "haproxy", Health: "healthy", Reason: "worker 4711 answers", Since: ago(3 * day), Moves: []string{"VI_1"}},
			{Name: "gateway", Kind: "exec", Health: "healthy", Reason: "exit 0", Since: ago(9 * day), Moves: []string{"VI_1"}},
			{Name: "supervisor", Kind: "supervisor", Health: "healthy", Reason: "lbsup is at work", Since: ago(12 * day), Moves: []string{"VI_1"}}},
		Services: []status.Service{
			service("api-server", 6443, "bootstrap MAINT", "control0 UP", "control1 UP", "control2 UP"),
			service("machine-config-server", 22623, "control0 UP", "control1 UP", "control2 UP"),
			service("ingress-router-http", 80, "compute0 UP", "compute1 UP"),
			service("ingress-router-https", 443, "compute0 UP", "compute1 UP")},
		HAProxy: status.HAProxy{Unit: status.Unit{Unit: "haproxy.service", Active: "active", Sub: "running", MainPID: 4702, Since: ago(3 * day)},
			Version: "2.6.12", Worker: 4711, Connections: 132},
		Keepalived: status.Unit{Unit: "keepalived.service", Active: "active", Sub: "running", MainPID: 833, Since: ago(12 * day)},
		Generation: status.Generation{Number: 14, Installed: ago(2 * time.Hour)},
		Change:     &status.Change{Request: "reload", By: "anna", Asked: ago(2 * time.Hour), Took: 0.41, Phase: "done", Outcome: status.Live, Generation: 14},
	}, past()}
}

func service(name string, port int, servers ...string) status.Service {
	pool := status.Pool{Name: name}
	for i, s := range servers {
		var server, word string
		_, _ = fmt.Sscanf(s, "%s %s", &server, &word)
		pool.Servers = append(pool.Servers, status.Server{Name: server, Address: fmt.Sprintf("10.128.0.%d:%d", 10+i, port), Status: word})
	}
	return status.Service{Name: name, Mode: "tcp", Bind: []string{fmt.Sprintf("*:%d", port)}, Pools: []status.Pool{pool}}
}

func moment(before time.Duration, kind status.Kind, subject, text, reason string, fields ...string) status.Moment {
	m := status.Moment{Time: ago(before), Node: "loadbalancer-1", Kind: kind, Subject: subject, Text: text, Reason: reason, Fields: map[string]string{}}
	for i := 0; i < len(fields); i += 2 {
		m.Fields[fields[i]] = fields[i+1]
	}
	return m
}

func past() page.Past {
	d := 3 * day
	p := page.Past{Moments: []status.Moment{
		moment(d+4*time.Second, status.DaemonKind, "haproxy.service", "haproxy.service failed (signal)", "", "to", "failed"),
		moment(d+4*time.Second, status.CheckKind, "haproxy", "check haproxy failed", "process 4633 has ended", "to", "failed"),
		moment(d+4*time.Second, status.PriorityKind, "VI_1", "keepalived is told FAULT for VI_1, no longer priority 253", "haproxy failed (process 4633 has ended)"),
		moment(d+4*time.Second, status.VIPKind, "172.18.100.100", "172.18.100.100 left this node", "", "here", "false"),
		moment(d+4*time.Second, status.RoleKind, "VI_1", "VI_1 went from MASTER to FAULT", "", "to", "FAULT"),
		moment(d+3*time.Second, status.DaemonKind, "haproxy.service", "haproxy.service runs as process 4702", "", "to", "active"),
		moment(d+2*time.Second, status.CheckKind, "haproxy", "check haproxy is healthy", "worker 4711 answers", "to", "healthy"),
		moment(d+2*time.Second, status.PriorityKind, "VI_1", "keepalived is told priority 253 for VI_1, no longer FAULT", ""),
		moment(d+1*time.Second, status.RoleKind, "VI_1", "VI_1 went from BACKUP to MASTER", "", "to", "MASTER"),
		moment(d+1*time.Second, status.VIPKind, "172.18.100.100", "172.18.100.100 came to this node", "", "here", "true"),
		moment(2*time.Hour, status.ChangeKind, "reload", "reload was asked for", "", "phase", "asked"),
		moment(2*time.Hour, status.ActivationKind, "haproxy.service", "reload of haproxy.service, for generation 14", "service ingress-router-http is new"),
		moment(2*time.Hour, status.ChangeKind, "reload", "reload is live: generation 14", "", "outcome", "live"),
	}}
	p.Moments[10].By, p.Moments[12].By = "anna", "anna"
	for i, seconds := range []float64{0.9, 0.021, 0.62, 0.034, 1.4, 0.018, 0.61, 0, 0.6, 0.026, 0.588} {
		p.Moves = append(p.Moves, status.Move{Time: ago(time.Duration(60-5*i)*day + time.Hour), Instance: "VI_1", Here: i%2 == 0, Known: seconds > 0, Took: seconds,
			Cause: map[bool]string{true: "keepalived is told priority 253 for VI_1, no longer FAULT", false: "check haproxy failed: process 4633 has ended"}[i%2 == 0]})
	}
	p.Moves[7].Cause = ""
	return p
}

// haproxyDead has no HAProxy, and has given the VIPs to the other node.
func haproxyDead() story {
	s := well()
	n := &s.snap
	n.Well = false
	in := &n.Instances[0]
	in.State, in.Since, in.Priority, in.Holder = "FAULT", ago(12*time.Second), 0, "loadbalancer-2"
	in.VIPs[0].Here, in.VIPs[1].Here = false, false
	in.Why = "HAProxy or another check that this node cannot do without has failed here"
	n.Checks[0].Health, n.Checks[0].Since, n.Checks[0].Reason = "failed", ago(12*time.Second), "the HAProxy master process 4702 has ended and unit haproxy.service is failed"
	for i := range n.Services {
		for j := range n.Services[i].Pools[0].Servers {
			n.Services[i].Pools[0].Servers[j].Status = ""
		}
	}
	n.HAProxy = status.HAProxy{Unit: status.Unit{Unit: "haproxy.service", Active: "failed", Sub: "failed", Since: ago(12 * time.Second)}, Version: "2.6.12"}
	n.Findings = []status.Finding{
		{Severity: status.Failing, What: "haproxy.service is failed", Hint: "`journalctl -u haproxy.service` has its last words"},
		{Severity: status.Failing, What: "check haproxy: the HAProxy master process 4702 has ended and unit haproxy.service is failed"}}
	s.past.Moments = append(s.past.Moments,
		moment(12*time.Second, status.DaemonKind, "haproxy.service", "haproxy.service failed (exit-code)", "", "to", "failed"),
		moment(12*time.Second, status.CheckKind, "haproxy", "check haproxy failed", "the HAProxy master process 4702 has ended", "to", "failed"),
		moment(12*time.Second, status.VIPKind, "172.18.100.100", "172.18.100.100 left this node", "", "here", "false"))
	return s
}

// splitBrain has the VIPs, and so has the other node.
func splitBrain() story {
	s := well()
	s.snap.Well = false
	s.snap.Findings = []status.Finding{{Severity: status.Failing, What: "loadbalancer-2 has the VIPs of VI_1 too: adverts do not get through between the nodes",
		Hint: "`lbsup doctor` looks at firewalls and switches on the way"}}
	s.past.Moments = append(s.past.Moments, moment(4*time.Second, status.SplitBrainKind, "VI_1", "loadbalancer-2 has the VIPs of VI_1 too", "its adverts are not heard", "to", "true"))
	return s
}

// verifying has a change under way.
func verifying() story {
	s := well()
	s.snap.Services[3].Pools[0].Servers[1].Status = "DOWN"
	s.snap.Change = &status.Change{Request: "reload", By: "anna", Asked: ago(2 * time.Second), Took: 2.2, Phase: "verifying", Generation: 15,
		Effects: []string{"reloaded HAProxy: service ingress-router-https has another bind"}}
	return s
}

// many is a node with 200 services and 2,000 servers, and two instances on two nodes.
func many() story {
	s := well()
	words := []string{"UP", "UP", "UP", "UP", "UP", "UP", "UP", "UP", "UP", "UP"}
	s.snap.Services = nil
	for i := range 200 {
		var servers []string
		for j, w := range words {
			if i%40 == 7 && j < 4 || i == 90 {
				w = "DOWN"
			}
			servers = append(servers, fmt.Sprintf("server-%02d %s", j, w))
		}
		s.snap.Services = append(s.snap.Services, service(fmt.Sprintf("customer-%03d.shop.example.net", i), 8000+i, servers...))
	}
	s.snap.Instances = append(s.snap.Instances, status.Instance{Name: "INSIDE", State: "BACKUP", Priority: 240, Wanted: 250, Holder: "loadbalancer-2",
		VIPs: []status.VIP{{Address: "2001:db8:85a3:8d3:1319:8a2e:370:7348/64"}}, Why: "this node stands by and is lowered", Reason: "gateway is in doubt"})
	s.snap.Checks[1].Health, s.snap.Checks[1].Reason = "in doubt", "exit 1: no route to host"
	s.snap.Findings = []status.Finding{{Severity: status.Warning, What: "check gateway is in doubt: exit 1: no route to host"}}
	return s
}

// empty is a node on which nothing was installed yet.
func empty() story {
	return story{snap: status.Snapshot{Time: now, Version: "0.1.0", Started: ago(40 * time.Second),
		Findings: []status.Finding{{Severity: status.Failing, What: "no cluster file was installed yet", Hint: "write /etc/lbsup/lbsup.yaml; examples are in /usr/share/doc/lbsup/examples"}},
		HAProxy:  status.HAProxy{Unit: status.Unit{Active: "active"}}}}
}
