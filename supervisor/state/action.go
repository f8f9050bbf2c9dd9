package state

import (
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/status"
)

// Action is one thing to be done. Each says why.
type Action interface{ action() }

// WriteTrack puts a number into the track file of an instance.
type WriteTrack struct {
	Instance string
	Value    int
	Reason   string
}

// Apply runs `lbsup apply` for a request: reload, overwrite or rollback-N.
type Apply struct{ Request, Reason string }

// Load reads what is installed.
type Load struct {
	Number int  // the answer bears it too
	AtOnce bool // before anything else happens
	Reason string
}

// FindDrift looks which installed files somebody else has changed.
type FindDrift struct{ Reason string }

// LookAgain has every check ask now and not when its turn comes.
type LookAgain struct{ Reason string }

// Watch makes the running probes and watched files those of the installed generation.
type Watch struct{ Reason string }

// Activate makes a daemon run what is installed.
type Activate struct {
	Unit   string
	How    How
	Digest string // for HAProxy: the configuration that the worker must name afterwards
	Reason string

	Generation int              // which one this is for
	Changes    []haproxy.Change // for RunTime
	Prove      bool             // who serves is to be known from before
	Was, Is    *cluster.Local   // the cluster that HAProxy runs, nil if it is not known, and the one that it is to run
}

// LookAtServers asks HAProxy for its servers and frontends.
type LookAtServers struct {
	Generation int
	Pause      time.Duration // to wait before
	Reason     string
}

// How a daemon is made to run what is installed, gentlest first.
type How string

// The ways to activate.
const (
	RunTime How = "change at run time"
	Reload  How = "reload"
	Start   How = "start"
	Restart How = "restart"
)

// Progress tells whoever asked for the running change how far it is.
type Progress struct {
	ID   int
	Text string
}

// Answer tells whoever asked how the change ended.
type Answer struct {
	ID     int
	Change status.Change
}

// Remember keeps a change that waits for its confirmation; the zero Pending forgets it.
type Remember struct{ Pending Pending }

// Promise keeps a change that has yet to prove itself; the zero Unproven forgets it.
type Promise struct{ Unproven Unproven }

// Record keeps what became of a change.
type Record struct {
	Change     status.Change
	Restored   int // the generation that a change which was taken back has made, 0: none
	Keepalived Running
}

func (WriteTrack) action()    {}
func (Apply) action()         {}
func (Load) action()          {}
func (FindDrift) action()     {}
func (LookAgain) action()     {}
func (LookAtServers) action() {}
func (Watch) action()         {}
func (Activate) action()      {}
func (Progress) action()      {}
func (Answer) action()        {}
func (Remember) action()      {}
func (Promise) action()       {}
func (Record) action()        {}
