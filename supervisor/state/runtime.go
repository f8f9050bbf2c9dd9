package state

import (
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
)

// know remembers the cluster behind what the worker runs, as long as that is what is installed.
func (t *turn) know() {
	if t.Worker.Digest != "" && t.Worker.Digest == t.Installed.HAProxy && t.Known.Digest != t.Worker.Digest {
		t.Known = Known{Digest: t.Worker.Digest, Local: t.Installed.Local}
	}
}

// Runs returns the cluster that HAProxy is known to run. Where no worker answers, that is the installed one, which the next
// worker will run.
func (s State) Runs() (*cluster.Local, bool) {
	switch {
	case s.Worker.PID == 0 || s.Worker.Digest == s.Installed.HAProxy || s.Installed.HAProxy == "":
		return s.Installed.Local, true
	default:
		return s.Known.Local, s.Known.Local != nil && s.Known.Digest == s.Worker.Digest
	}
}

// KeepalivedIsBehind tells that keepalived runs something else than what is installed.
func (s State) KeepalivedIsBehind() bool {
	return s.Units[KeepalivedUnit].Running() && s.keepalivedRuns() != s.Installed.Keepalived.Generation
}

// atRunTime returns the changes that bring a running HAProxy to what is installed, or the reasons for a reload.
func (t *turn) atRunTime() ([]haproxy.Change, string) {
	news := t.Job.News
	switch {
	case t.Installed.Local == nil || t.Known.Local == nil || t.Known.Digest != t.Worker.Digest:
		return nil, "HAProxy runs another configuration"
	case t.Job.Back:
		return nil, "a change is taken back"
	case !news.Explained:
		return nil, "a file that HAProxy loads, a password, or HAProxy itself changed"
	case news.Version != t.Worker.Version:
		return nil, "the installed HAProxy is " + news.Version + ", the running one " + t.Worker.Version
	}
	build, err := haproxy.ParseBuild("HAProxy version " + t.Worker.Version)
	if err != nil {
		return nil, err.Error()
	}
	plan := t.difference(build)
	var reasons []string
	for _, r := range plan.Reload {
		reasons = append(reasons, r.String())
	}
	return plan.Changes, strings.Join(reasons, "; ")
}

// Compared is what is between the cluster that HAProxy ran and the one that was read then.
type Compared struct {
	From    string // the digest of the former; empty: nobody compared
	Version string // of the running HAProxy
	Plan    haproxy.Plan
}

// difference is what came with the reading, unless HAProxy runs something else by now.
func (t *turn) difference(build haproxy.Build) haproxy.Plan {
	if c := t.Compared; c.From != "" && c.From == t.Known.Digest && c.Version == t.Worker.Version {
		return c.Plan
	}
	return haproxy.Difference(t.Known.Local, t.Installed.Local, build)
}

// change asks for changes at run time.
func (t *turn) change(changes []haproxy.Change) {
	t.waiting(with(t.Job.Waiting, HAProxyUnit, true))
	for _, c := range changes {
		t.note("%s: %s", RunTime, c)
	}
	if len(changes) == 0 {
		t.note("%s: only an order that makes no difference", RunTime)
	}
	job := *t.Job
	job.Settling = Settling{Changed: targets(changes)}
	t.Job = &job
	t.do(Activate{
		Unit: HAProxyUnit, How: RunTime, Digest: t.Installed.HAProxy, Generation: t.Installed.Number, Changes: changes, Reason: "no reload is needed",
		Was: t.Known.Local, Is: t.Installed.Local, Prove: !harmless(changes) && !t.Job.Back,
	})
}
