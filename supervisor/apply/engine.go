package apply

import (
	"context"
	"net/netip"
	"os"
	"os/user"
	"strconv"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/haproxy"
)

// Engine carries out requests. It is the only writer of daemon configuration on a host.
type Engine struct {
	ClusterFile      string
	HAProxyConfig    string
	KeepalivedConfig string
	StateDir         string

	Node  string // this node's name in the cluster file; empty: found by the host's name
	Group string // who may read reports, manifests and cluster files of generations
	Trust string // directories down to this one are taken as safe; empty on a host

	HAProxy     string // the programs
	Keepalived  string
	HAProxyUnit []string      // patterns of its files
	HAProxyDir  string        // that such a unit may load, too
	TrackDir    string        // of the files that keepalived tracks
	ScriptUser  string        // who asks lbsup for keepalived
	Deadline    time.Duration // for each run of a daemon
	LockWait    time.Duration // for another apply to end
	Keep        Retention

	// What the engine asks of the host.
	Disk     Disk
	Run      func(ctx context.Context, argv ...string) (Exit, error)
	Bind     func(at netip.AddrPort, nonLocal bool) error
	Hostname func() (string, error)
	Now      func() time.Time
	Links    func() (map[string][]netip.Addr, error) // this host's interfaces with their addresses

	Certificates Certificates // of the running HAProxy; nil: a renewed one needs a reload
}

// New returns an engine for this host.
func New() *Engine {
	return &Engine{
		ClusterFile:      render.ClusterFile,
		HAProxyConfig:    render.HAProxyConfig,
		KeepalivedConfig: render.KeepalivedConfig,
		StateDir:         render.StateDir,
		Group:            "lbsup",
		HAProxy:          "/usr/sbin/haproxy",
		Keepalived:       "/usr/sbin/keepalived",
		HAProxyUnit:      haproxy.UnitFiles(),
		HAProxyDir:       haproxy.ConfigDir,
		TrackDir:         render.TrackDir,
		ScriptUser:       render.ScriptUser,
		Deadline:         20 * time.Second,
		LockWait:         30 * time.Second,
		Keep:             Retention{Committed: 50, Rejected: 10, Bytes: 64 << 20},
		Disk:             HostDisk(),
		Run:              Run,
		Bind:             Bind,
		Hostname:         os.Hostname,
		Now:              time.Now,
		Links:            Links,
	}
}

// Apply carries out a request and leaves its report in the state directory.
func (e *Engine) Apply(ctx context.Context, request Request) Report {
	a := e.attempt(request)
	a.carryOut(ctx)
	return a.report
}

// Check does everything of a reload but the commit: it installs nothing, keeps no generation and leaves no report.
func (e *Engine) Check(ctx context.Context) Report {
	a := e.attempt(Request{Kind: Reload})
	a.checkOnly = true
	a.carryOut(ctx)
	return a.report
}

func (e *Engine) attempt(request Request) *attempt {
	return &attempt{
		Engine:  e,
		request: request,
		store:   Store{Dir: e.generationsDir()},
		report:  Report{Request: request.String(), ID: request.ID, Started: e.Now(), Outcome: Rejected},
	}
}

// group is the group that may read what is no secret. A host without it (nothing unprivileged runs there) is fine.
func (e *Engine) group() int {
	g, err := user.LookupGroup(e.Group)
	if err != nil {
		return noGroup
	}
	gid, err := strconv.Atoi(g.Gid)
	if err != nil {
		return noGroup
	}
	return gid
}
