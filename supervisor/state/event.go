package state

import (
	"net/netip"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/status"
)

// Event is one thing that happened.
type Event interface{ when() time.Time }

// At is the moment of an event.
type At time.Time

func (a At) when() time.Time { return time.Time(a) }

// Started is the first event of a supervisor.
type Started struct{ At }

// Probed is the answer of one probe.
type Probed struct {
	At
	Result checks.Result
}

// ProbedTogether is the answer of one probe for several checks.
type ProbedTogether struct {
	At
	Results []checks.Result
}

// WorkerSeen is what HAProxy's worker said of itself on its runtime API.
type WorkerSeen struct {
	At
	Worker Worker
}

// UnitChanged is what systemd says of one of the two daemons.
type UnitChanged struct {
	At
	Name string
	Unit Unit
}

// AddressesChanged is every address that the kernel of this node has now.
type AddressesChanged struct {
	At
	Addresses []netip.Addr
}

// Questioned says that keepalived's track_script has asked: the dead man's switch is armed.
type Questioned struct{ At }

// RoleChanged is a transition that keepalived wrote to the notify FIFO.
type RoleChanged struct {
	At
	Instance string
	Role     string // MASTER, BACKUP, FAULT or STOP
	Old      bool   // it happened before lbsup listened
}

// PriorityTold is the effective priority that keepalived has an instance at.
type PriorityTold struct {
	At
	Instance string
	Priority int
}

// InputChanged says that the cluster file, a secret or a certificate is no longer what it was.
type InputChanged struct {
	At
	Path string
}

// OutputChanged says that an installed file or the pointer to the current generation is no longer what it was.
type OutputChanged struct{ At }

// Drifted lists the installed files that somebody else has changed; none when all are as they were written.
type Drifted struct {
	At
	Files []string
}

// Loaded is what is installed now, read from the store of generations.
type Loaded struct {
	At
	Number    int // of the Load
	Compared  Compared
	Installed Installed
	Edited    bool           // the cluster file is not the one that this generation was made from
	Untried   bool           // nor the one that was tried last, and refused or taken back
	Last      *status.Change // what is remembered of the change that installed it
}

// LoadFailed says that what is installed cannot be read.
type LoadFailed struct {
	At
	Number int
	Err    string
}

// Asked is a person's request for a change.
type Asked struct {
	At
	ID   int // whom to answer
	Verb string
	To   int
	By   string

	Confirm time.Duration // 0: the change need not be confirmed
}

// Applied is the end of one run of `lbsup apply`.
type Applied struct {
	At
	Report Report
}

// Activated is the end of a reload, start or restart of one daemon.
type Activated struct {
	At
	Unit       string
	How        How
	Generation int // that it was for
	Err        string
	Hint       string   // what to do about Err
	NoMaster   bool     // Err is that HAProxy has no master CLI that lbsup may use
	Unsure     bool     // Err leaves open which worker serves
	Worker     Worker   // who answers after an Err that leaves it open, nothing if nobody does
	Notes      []string // what else a person should know
	Before     Serving  // who served just before, nil where nobody knows
}

// ServingSeen is what HAProxy says of its servers and frontends after a change.
type ServingSeen struct {
	At
	Generation int // for which it was asked
	Serving    Serving
	Closed     []string // frontends that should take connections and do not
	Err        string
}

// TrackWritten is the end of writing one track file; Err is empty when it went well.
type TrackWritten struct {
	At
	Instance string
	Err      string
}

// Tick is time that passed, about once a second.
type Tick struct{ At }
