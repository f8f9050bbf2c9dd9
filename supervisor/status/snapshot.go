package status

import "time"

// Snapshot is everything that `lbsup status` tells, at one moment. Its JSON form is stable: keys are added, never changed.
type Snapshot struct {
	Time         time.Time     `json:"time"`
	Version      string        `json:"version"` // of the supervisor
	Started      time.Time     `json:"started"` // when the supervisor started
	Cluster      string        `json:"cluster"` // empty until a cluster file was installed
	Node         string        `json:"node"`
	Nodes        []Node        `json:"nodes"`
	Well         bool          `json:"well"`
	Findings     []Finding     `json:"findings"` // what is wrong, worst first, each with what to do
	Instances    []Instance    `json:"instances"`
	Checks       []Check       `json:"checks"`
	Services     []Service     `json:"services"`
	Certificates []Certificate `json:"certificates"`
	HAProxy      HAProxy       `json:"haproxy"`
	Keepalived   Unit          `json:"keepalived"`
	Generation   Generation    `json:"generation"` // the installed one
	Change       *Change       `json:"change"`     // the one under way, or the last one
	Watching     bool          `json:"watching"`   // edits of the cluster file are applied without being asked
	Peers        []Peer        `json:"peers"`      // the other nodes, where the cluster file lets them tell of themselves
}

// Node is one load balancer of the cluster.
type Node struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// Finding is one thing that is wrong.
type Finding struct {
	Severity string `json:"severity"` // "failing" or "warning"
	What     string `json:"what"`
	Hint     string `json:"hint,omitempty"` // what to do
}

// The severities of a finding.
const (
	Failing = "failing"
	Warning = "warning"
)

// Instance is one VRRP instance on this node.
type Instance struct {
	Name     string    `json:"name"`
	RouterID int       `json:"router_id"`
	State    string    `json:"state"` // MASTER, BACKUP, FAULT, STOP or "" while unknown
	Since    time.Time `json:"since"`
	Priority int       `json:"priority"` // the effective one that lbsup asked for
	Wanted   int       `json:"wanted"`   // the effective one of this node when it is well
	Reason   string    `json:"reason"`   // why the priority is what it is
	Prefer   []string  `json:"prefer"`
	VIPs     []VIP     `json:"vips"`
	Holder   string    `json:"holder"` // the node that holds the VIPs as far as this node can tell; empty: unknown
	Why      string    `json:"why"`    // why the VIPs are where they are, in words
}

// VIP is one virtual address.
type VIP struct {
	Address   string `json:"address"`
	Interface string `json:"interface"`
	Here      bool   `json:"here"` // the kernel of this node has the address
}

// Check is one check with its verdict.
type Check struct {
	Name   string    `json:"name"`
	Kind   string    `json:"kind"`
	Health string    `json:"health"`
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
	Moves  []string  `json:"moves"` // instances that it moves
}

// Service is one service and its servers.
type Service struct {
	Name  string   `json:"name"`
	Mode  string   `json:"mode"`
	Bind  []string `json:"bind"`
	Pools []Pool   `json:"pools"`
}

// Pool is one group of servers.
type Pool struct {
	Name    string   `json:"name"`
	Servers []Server `json:"servers"`
}

// Server is one server as HAProxy sees it.
type Server struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	Status  string `json:"status"` // HAProxy's word: UP, DOWN, MAINT, DRAIN, "no check"; empty: not known
	Detail  string `json:"detail,omitempty"`
	Backup  bool   `json:"backup,omitempty"`
}

// Certificate is a certificate that the running HAProxy serves, which need not be the one on the disk.
type Certificate struct {
	File   string    `json:"file"`
	Serial string    `json:"serial"`
	Ends   time.Time `json:"ends"`
}

// Unit is one systemd unit.
type Unit struct {
	Unit    string    `json:"unit"`
	Active  string    `json:"active"`
	Sub     string    `json:"sub"`
	MainPID int       `json:"main_pid"`
	Since   time.Time `json:"since"`
}

// HAProxy is the HAProxy of this node.
type HAProxy struct {
	Unit
	Version     string   `json:"version"`
	Worker      int      `json:"worker"`
	OldWorkers  []int    `json:"old_workers"`
	Draining    []Worker `json:"draining"` // the same old workers, with what they cost
	Digest      string   `json:"digest"`   // of the configuration that the worker runs
	Connections int      `json:"connections"`
}

// Worker is a worker of HAProxy that a reload has replaced and that lives on for its last connections.
type Worker struct {
	PID         int     `json:"pid"`
	Draining    float64 `json:"draining_seconds"` // since it was replaced, or since lbsup knows it
	Connections int     `json:"connections"`      // -1: it does not say
	Memory      int64   `json:"memory_bytes"`
}

// Generation is a numbered, installed state of both configurations.
type Generation struct {
	Number    int       `json:"number"` // 0: nothing was installed yet
	Installed time.Time `json:"installed"`
	Digest    string    `json:"digest"` // of haproxy.cfg
	Drift     []string  `json:"drift"`  // rendered files that somebody changed by hand

	ClusterFile string `json:"cluster_file"` // digest of the cluster file that it was made from
}
