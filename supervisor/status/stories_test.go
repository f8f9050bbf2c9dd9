package status

import "time"

// The moment at which every story of these tests is told.
var now = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

func before(d time.Duration) time.Time { return now.Add(-d) }

const day = 24 * time.Hour

// holder is a well pair seen from the node that holds the VIPs. Each call makes a new one.
func holder() Snapshot {
	return Snapshot{
		Time: now, Version: "0.1.0", Started: before(12 * day), Cluster: "ocp0", Node: "loadbalancer-1",
		Nodes: []Node{{"loadbalancer-1", "10.129.0.1"}, {"loadbalancer-2", "10.130.0.1"}}, Well: true,
		Instances: []Instance{{
			Name: "VI_1", RouterID: 1, State: "MASTER", Since: before(3 * day), Priority: 253, Wanted: 253,
			VIPs:   []VIP{{"172.18.100.100/16", "enc6", true}, {"10.131.0.1/14", "enc5", true}},
			Prefer: []string{"loadbalancer-1", "loadbalancer-2"}, Holder: "loadbalancer-1",
			Why: "this node is the first choice and is well",
		}},
		Checks: []Check{
			{"haproxy", "haproxy", "healthy", "worker 4711 answers in 0.3 ms", before(3 * day), []string{"VI_1"}},
			{"supervisor", "supervisor", "healthy", "the loop turns", before(12 * day), []string{"VI_1"}},
		},
		Services: []Service{
			service("api-server", "*:6443", "UP", "UP", "UP", "UP"),
			service("machine-config-server", "*:22623", "UP", "UP", "UP", "UP"),
			service("ingress-router-https", "*:443", "UP", "UP"),
			service("ingress-router-http", "*:80", "UP", "UP"),
		},
		HAProxy: HAProxy{Unit: Unit{"haproxy.service", "active", "running", 4702, before(3 * day)},
			Version: "2.6.12", Worker: 4711, Digest: "0123456789abcdef", Connections: 132},
		Keepalived: Unit{"keepalived.service", "active", "running", 833, before(12 * day)},
		Generation: Generation{Number: 14, Installed: before(2 * time.Hour), Digest: "0123456789abcdef"},
		Change: &Change{Request: "reload", By: "anna", Asked: before(2 * time.Hour), Took: 0.41, Phase: "done", Outcome: Live,
			Generation: 14, Effects: []string{"reloaded HAProxy: service ingress-router-http is new"}},
		Watching: true,
	}
}

func service(name, bind string, states ...string) Service {
	pool := Pool{Name: name}
	for i, s := range states {
		pool.Servers = append(pool.Servers, Server{
			Name: "control" + string(rune('0'+i)), Address: "10.128.0.1" + string(rune('0'+i)) + bind[1:], Status: s,
		})
	}
	return Service{Name: name, Mode: "tcp", Bind: []string{bind}, Pools: []Pool{pool}}
}

func standby() Snapshot {
	s := holder()
	s.Node = "loadbalancer-2"
	in := &s.Instances[0]
	in.State, in.Priority, in.Wanted = "BACKUP", 250, 250
	in.VIPs[0].Here, in.VIPs[1].Here = false, false
	in.Why = "loadbalancer-1 is preferred and sends adverts; this node takes over when they end"
	s.HAProxy.Connections = 1
	return s
}

func dead() Snapshot {
	s := holder()
	s.Well = false
	in := &s.Instances[0]
	in.State, in.Since, in.Priority, in.Holder = "FAULT", before(12*time.Second), 0, "loadbalancer-2"
	in.Reason = "check haproxy has failed"
	in.VIPs[0].Here, in.VIPs[1].Here = false, false
	in.Why = "this node gave them up because check haproxy has failed"
	s.Checks[0].Health, s.Checks[0].Since = "failed", before(12*time.Second)
	s.Checks[0].Reason = "the HAProxy master process 4702 has ended and unit haproxy.service is failed"
	for i := range s.Services {
		for j := range s.Services[i].Pools[0].Servers {
			s.Services[i].Pools[0].Servers[j].Status = ""
		}
	}
	s.HAProxy = HAProxy{Unit: Unit{"haproxy.service", "failed", "failed", 0, before(12 * time.Second)}, Version: "2.6.12"}
	s.Findings = []Finding{{Failing, "HAProxy is not running on this node; loadbalancer-2 serves the addresses",
		"see why with journalctl -u haproxy -n 20; systemd starts it again by itself"}}
	return s
}

func unconfigured() Snapshot {
	return Snapshot{
		Time: now, Version: "0.1.0", Started: before(40 * time.Second), Node: "loadbalancer-1",
		Keepalived: Unit{Unit: "keepalived.service", Active: "inactive", Sub: "dead"},
		HAProxy:    HAProxy{Unit: Unit{Unit: "haproxy.service", Active: "active", Sub: "running", MainPID: 612, Since: before(40 * time.Second)}},
		Findings: []Finding{{Failing, "there is no cluster file /etc/lbsup/lbsup.yaml",
			"write one (man lbsup.yaml has a complete example), then: lbsup validate && sudo lbsup reload"}},
	}
}

func refused() Snapshot {
	s := holder()
	s.Well = false
	s.Change = &Change{
		Request: "reload", By: "an edit of /etc/lbsup/lbsup.yaml", Asked: before(90 * time.Second), Took: 0.08, Phase: "done", Outcome: Refused,
		Problems: []Problem{
			{File: "/etc/lbsup/lbsup.yaml", Line: 12, Column: 9, Path: "vrrp.instances[0].router_idd",
				Message: "cannot use key: got router_idd, want a known one", Hint: "did you mean router_id?"},
			{File: "/etc/lbsup/lbsup.yaml", Line: 31, Column: 13, Path: "services[1].bind[0]",
				Message: "cannot take port: got 66443, want 1 to 65535"},
		},
	}
	s.Findings = []Finding{{Warning, "the last edit of the cluster file was refused: what runs is older than the file",
		"correct the file, check it with lbsup validate, and save it"}}
	return s
}

func refusedByDaemon() Snapshot {
	s := refused()
	s.Change.Problems = []Problem{{Message: "cannot use the rendered haproxy.cfg: haproxy -c refused it"}}
	s.Change.Output = "[NOTICE]   (812) : haproxy version is 2.6.12-1+deb12u2\n" +
		"[ALERT]    (812) : config : parsing [haproxy.cfg:41] : 'timeout' expects a time\x1b[31m!\n" +
		"[ALERT]    (812) : config : Fatal errors found in configuration.\n"
	s.Change.Notes = []string{"services[0].raw: this line is HAProxy's to judge"}
	return s
}

func drifted() Snapshot {
	s := holder()
	s.Generation.Drift = []string{"/etc/haproxy/haproxy.cfg"}
	s.Watching = false
	s.Findings = []Finding{{Warning, "/etc/haproxy/haproxy.cfg was changed by hand after lbsup installed it",
		"keep the edit by moving it to the cluster file, or drop it with sudo lbsup reload --overwrite"}}
	return s
}

func serverDown() Snapshot {
	s := holder()
	down := &s.Services[2].Pools[0].Servers[1]
	down.Status, down.Detail = "DOWN", "connection refused for 4 min"
	s.Services[0].Pools[0].Servers[0] = Server{Name: "bootstrap", Address: "10.128.0.10:6443", Status: "MAINT", Backup: true, Detail: "name does not resolve"}
	for i := range s.Services[3].Pools[0].Servers {
		s.Services[3].Pools[0].Servers[i].Status = "DOWN"
	}
	s.Well = false
	s.Findings = []Finding{
		{Failing, "service ingress-router-http has no server left", "look at the servers themselves: HAProxy cannot reach port 80 of any"},
		{Warning, "service ingress-router-https has lost control1", ""},
	}
	return s
}

func rolledBack() Snapshot {
	s := holder()
	s.Change = &Change{
		Request: "reload", By: "anna", Asked: before(5 * time.Minute), Took: 6.2, Phase: "done", Outcome: RolledBack, Generation: 15,
		Effects: []string{"reloaded HAProxy: bind of service api-server changed", "put generation 14 back: the new worker did not start"},
		Output:  "[ALERT] cannot bind socket (Address already in use) [0.0.0.0:6443]",
		Notes:   []string{"haproxy.global: fd-hard-limit is left out"},
	}
	s.Findings = []Finding{{Warning, "generation 15 did not prove itself and was taken back", "see lbsup history"}}
	return s
}

// ending is a holder whose certificates are good, end soon, and have ended.
func ending() Snapshot {
	s := holder()
	s.Certificates = []Certificate{
		{File: "/etc/lbsup/certs/app.pem", Serial: "0A", Ends: now.AddDate(0, 2, 0)},
		{File: "/etc/lbsup/certs/soon.pem", Serial: "0B", Ends: now.AddDate(0, 0, 5)},
		{File: "/etc/lbsup/certs/old.pem", Serial: "0C", Ends: now.AddDate(0, 0, -3)},
	}
	return s
}
