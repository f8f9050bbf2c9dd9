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
}

// Change is what became of one request to change something.
type Change struct {
	Request    string    `json:"request"` // reload, overwrite, rollback-N
	By         string    `json:"by"`      // a user's name, or "an edit of …"
	Asked      time.Time `json:"asked"`
	Took       float64   `json:"took_seconds"`
	Settled    float64   `json:"settle_seconds"` // of these, how long only the health checks of servers were waited for
	Phase      string    `json:"phase"`          // applying, activating, verifying, rolling back, done
	Outcome    Outcome   `json:"outcome"`        // empty until done
	Generation int       `json:"generation"`
	Effects    []string  `json:"effects"` // what was done, each with its reason
	Problems   []Problem `json:"problems"`
	Output     string    `json:"output,omitempty"` // the daemon's own words
	Notes      []string  `json:"notes,omitempty"`  // what was left out or is worth a look
}

// Outcome says how a change ended.
type Outcome string

// The ways in which a change can end.
const (
	Live Outcome = "live" // installed, activated and verified

	// Unconfirmed is live, and goes back by itself unless somebody confirms it in time.
	Unconfirmed Outcome = "live, to be confirmed"
	Unchanged   Outcome = "unchanged"   // there was nothing to do
	Refused     Outcome = "refused"     // nothing was installed
	RolledBack  Outcome = "rolled back" // it was installed and did not prove itself
	TakenBack   Outcome = "taken back"  // it was live, and somebody took it back before it was confirmed
	Broken      Outcome = "broken"      // neither it nor the generation before it could be activated
)

// Good tells whether what was asked for is so.
func (o Outcome) Good() bool {
	return o == Live || o == Unconfirmed || o == Unchanged || o == TakenBack
}

// Problem is one reason for a refusal, with its place in the cluster file where it has one.
type Problem struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Entry is one line of history.
type Entry struct {
	Generation int       `json:"generation"`
	At         time.Time `json:"at"`
	Request    string    `json:"request"`
	By         string    `json:"by,omitempty"`
	Outcome    string    `json:"outcome"` // an Outcome, or what `lbsup apply` alone knows: committed, rejected, found
	Took       float64   `json:"took_seconds"`
	Reason     string    `json:"reason,omitempty"`
	Installed  bool      `json:"installed"` // it is the one on disk now
}

// Plan is what a reload would do now.
type Plan struct {
	Problems []Problem   `json:"problems"` // not empty: a reload would be refused
	Effects  []Effect    `json:"effects"`  // empty: nothing would change
	VIPs     []VIPEffect `json:"vips"`     // those that would not stay as they are
	Notes    []string    `json:"notes"`
}

// VIPEffect is what VRRP would do with some VIPs of an instance.
type VIPEffect struct {
	Instance  string     `json:"instance"`
	Addresses []string   `json:"addresses"`
	Outcome   VIPOutcome `json:"outcome"`
	To        string     `json:"to"`       // the node that they move or come to; empty: the one that holds the instance
	Worst     float64    `json:"worst_ms"` // how long that takes at worst, from the moment when the last node has the new file
	Why       string     `json:"why"`
}

// VIPOutcome is what becomes of a VIP.
type VIPOutcome string

// The outcomes of a plan for a VIP.
const (
	VIPMoves VIPOutcome = "moves"
	VIPComes VIPOutcome = "comes"
	VIPGoes  VIPOutcome = "goes"
	VIPTwice VIPOutcome = "twice" // on several nodes for a while
)

// Effect is one thing that a reload would do.
type Effect struct {
	What   string `json:"what"` // "reload HAProxy", "reload keepalived", …
	Reason string `json:"reason"`
}
