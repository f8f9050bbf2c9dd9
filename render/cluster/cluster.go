package cluster

import (
	"net/netip"
	"time"

	"github.com/lbsup/lbsup/checks"
)

// Cluster is a valid cluster file: typed, complete, every default filled in, free of contradictions.
type Cluster struct {
	Name     string
	Nodes    []Node // in order of preference
	VRRP     VRRP
	Checks   []checks.Definition // the built-in haproxy check first, then by name; every check refers to earlier ones only
	Services []Service
	Stats    *Stats
	Status   *Status
	Exchange *Exchange // between the nodes
	Notices  []Notice
	HAProxy  HAProxy
	Watch    bool        // apply edits of the cluster file without being asked
	Secrets  []SecretUse // every mention of a password file
}

// Node is one load balancer.
type Node struct {
	Name    string
	Address netip.Addr
}

// VRRP is everything that keepalived is told.
type VRRP struct {
	Version        int // 2 or 3
	AdvertInterval time.Duration
	Unicast        bool
	Mail           *Mail
	Yield          bool // of two nodes that hold the same VIP, the one that is worth less lets go
	KeepOrphans    bool // VIPs that a dead keepalived has left are only reported
	Instances      []Instance
}

// Mail is who is written to when an instance changes its state.
type Mail struct {
	To     []string
	From   string
	Server netip.AddrPort
}

// Instance is one VRRP instance and the VIPs that move with it.
type Instance struct {
	Name      string
	RouterID  int
	Interface string
	Addresses []VIP
	Auth      *Auth
	Prefer    []string // every node of the cluster, most preferred first
	Preempt   bool     // a preferred node that is well again takes the VIPs back
	Track     Track

	PreemptDelay time.Duration // how long such a node must have been well first
	Hold         bool          // a dead node keeps the VIPs when no other is better
}

// VIP is one virtual address.
type VIP struct {
	Address   netip.Prefix
	Interface string // never empty: the instance's own unless stated
	Label     string
}

// Auth is VRRPv2 authentication.
type Auth struct {
	Type         string // "pass" or "ah"
	PasswordFile string
}

// Track is what an instance's priority depends on.
type Track struct {
	Interfaces []string
	Checks     []TrackedCheck // in the order of Cluster.Checks
}

// TrackedCheck is one check that an instance tracks, with what it does to the instance when it is not healthy.
type TrackedCheck struct {
	Check  string
	Effect checks.Effect
	Weight int // for Lower: how far; 0 leaves it to the priority plan
}

// Stats is HAProxy's own statistics page.
type Stats struct {
	Bind         Bind
	URI          string
	Refresh      time.Duration
	Description  string
	User         string
	PasswordFile string
	Admin        bool
}

// HAProxy is what the cluster file says about HAProxy beside the services.
type HAProxy struct {
	Log      []LogTarget   // empty: the journal
	Global   []string      // raw lines for the global section
	Defaults []string      // raw lines for the defaults section
	Settle   time.Duration // how long a change is watched before it counts as good
	Files    []string      // hand-written configuration, used instead of Services
}

// LogTarget is a syslog server.
type LogTarget struct {
	Address  string // host:port or a socket's path
	Facility string
}
