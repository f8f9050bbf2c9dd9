package supervisor

import (
	"context"

	"github.com/lbsup/lbsup/render/cluster"
	renderhaproxy "github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/status"
)

// look adds to a snapshot what only a person's question is worth: HAProxy's own words, and what lbsup may not see.
func (n *node) look(ctx context.Context, snap *status.Snapshot) {
	n.servers(ctx, snap)
	n.workers.add(ctx, snap)
	if local := n.local(); local != nil && len(local.CertificateFiles()) > 0 {
		addCertificates(ctx, n.runtime.Certificates, snap)
	}
	snap.Findings = append(snap.Findings, n.showing.findings()...)
	snap.Findings = append(snap.Findings, toldFindings(n.notifier.Reports())...)
	n.addPeers(snap)
	snap.Findings = sorted(append(snap.Findings, ownAccess.findings(n.clusterFile, n.local())...))
	snap.Well = len(snap.Findings) == 0
}

// servers adds HAProxy's own opinion of its servers to a snapshot. Without an answer the snapshot stays as it is: that
// HAProxy does not answer is told by its check.
func (n *node) servers(ctx context.Context, snap *status.Snapshot) {
	local := n.local()
	if local == nil || len(snap.Services) == 0 {
		return
	}
	servers, err := n.runtime.Servers(ctx)
	if err != nil {
		return
	}
	seen := map[string]haproxy.Server{}
	for _, s := range servers {
		seen[s.Backend+"/"+s.Name] = s
	}
	for i := range snap.Services {
		service, ok := serviceNamed(local, snap.Services[i].Name)
		if !ok {
			continue
		}
		for j := range snap.Services[i].Pools {
			opine(&snap.Services[i].Pools[j], renderhaproxy.BackendName(service, service.Pools[j]), seen)
		}
	}
}

func opine(pool *status.Pool, backend string, seen map[string]haproxy.Server) {
	for i := range pool.Servers {
		if s, ok := seen[backend+"/"+pool.Servers[i].Name]; ok {
			pool.Servers[i].Status, pool.Servers[i].Detail = s.Status, s.CheckReason
		}
	}
}

func serviceNamed(local *cluster.Local, name string) (cluster.Service, bool) {
	for _, s := range local.Services {
		if s.Name == name {
			return s, true
		}
	}
	return cluster.Service{}, false
}
