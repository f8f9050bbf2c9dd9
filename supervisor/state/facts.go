package state

import (
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
)

// Installed is the generation on disk.
type Installed struct {
	Number     int // 0: none
	Previous   int // the one that a rollback without a number goes to; 0: none
	At         time.Time
	HAProxy    string // digest of haproxy.cfg; empty: lbsup does not write it
	Source     string // digest of the cluster file
	Keepalived Origin // of keepalived.conf
	Local      *cluster.Local
	Plan       keepalived.Plan
}

// Origin is the generation that keepalived.conf came with. The file has no digest that may be kept: a password of eight
// characters could be guessed from it.
type Origin struct {
	Generation int // 0: lbsup does not write it
	At         time.Time
	First      time.Time // when lbsup first wrote one over that of somebody else; zero: it never did
}

// Unit is what systemd says of a daemon.
type Unit struct {
	Active, Sub, Result string
	MainPID             int
	Since               time.Time
	ByHand              bool      // it was running under lbsup's eyes, and somebody stopped it
	Starting            time.Time // since when systemd starts it; zero while it does not
}

// Worker is what HAProxy's current worker says of itself.
type Worker struct {
	PID         int
	Version     string
	Digest      string
	Connections int
}

// Role is the state of a VRRP instance, as keepalived told it.
type Role struct {
	Name  string
	Since time.Time
}

// Known is the cluster behind a configuration that a worker names.
type Known struct {
	Digest string
	Local  *cluster.Local
}

// Running is a configuration that a process of keepalived is known to run.
type Running struct {
	Generation int `json:"generation"`
	MainPID    int `json:"main_pid"`
}

// Attempt is an activation, so that one that failed is not tried for ever.
type Attempt struct {
	Generation int
	HAProxy    string // what its worker ran: a reload that changes nothing makes a new process, and is no reason for the next
	Keepalived int    // its process
}
