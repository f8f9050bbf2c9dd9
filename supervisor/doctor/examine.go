package doctor

import (
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/host"
)

// patient is what is being examined: the facts, what the cluster file says, and what it needs of the host.
type patient struct {
	Facts
	local *cluster.Local
	needs host.Needs
}

// parts are all examinations, in the order of the answer: what runs, what the host gives, what the wire says, what is left to clean up.
var parts = []func(*examination, patient){
	supervisor, rights, programs, units, configs,
	links, listeners, firewall, sysctls, selinux, names, certificates, clock, disks,
	adverts, claims, news, cloud, leftovers,
}

// Examine says what the facts mean.
func Examine(f Facts, l *cluster.Local) []Finding {
	e, p := &examination{}, patient{f, l, host.Of(l)}
	for _, part := range parts {
		part(e, p)
	}
	return e.findings
}

func supervisor(e *examination, p patient) {
	switch {
	case !p.Supervisor.Running:
		e.fail("supervisor", fix("systemctl start lbsup"), "the supervisor does not answer: no check is made, and nothing watches HAProxy")
	case !p.Supervisor.Well:
		e.warn("supervisor", see("lbsup status"), "the supervisor runs and says that something is wrong")
	default:
		e.ok("supervisor", "the supervisor runs and says that all is well")
	}
}

func rights(e *examination, p patient) {
	if !p.Root {
		e.warn("rights", fix("sudo lbsup doctor"), "not everything can be examined by this user: not the firewall, the wire, certificates, and who listens")
		return
	}
	e.ok("rights", "everything can be examined")
}
