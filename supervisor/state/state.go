package state

import (
	"maps"
	"net/netip"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/status"
)

// The units of the two daemons.
const (
	HAProxyUnit    = "haproxy.service"
	KeepalivedUnit = "keepalived.service"
)

// State is what lbsup believes. The zero State is that of a supervisor that has not looked yet.
type State struct {
	WatchInput bool      // apply edits of the cluster file without being asked
	Started    time.Time // when this supervisor did

	Installed Installed
	Loaded    bool     // Installed was read at least once
	LoadError string   // why what is installed cannot be read
	LoadAsked int      // the number of the newest reading that was asked for
	LoadDone  int      // and of the one that Installed is from
	Edited    bool     // the cluster file differs from the one that Installed was made from
	Drift     []string // installed files that somebody else has changed

	Units      map[string]Unit
	Worker     Worker
	Trackers   map[string]checks.Tracker
	Good       map[string]time.Time      // when each check last had a healthy answer
	Composed   map[string]checks.Verdict // of any and all
	Addresses  map[netip.Addr]bool
	Roles      map[string]Role
	Questioned time.Time // when keepalived's track_script last asked

	Levels      map[string]keepalived.Level // what each track file was last told
	Told        map[string]time.Time        // and when
	Priorities  map[string]int              // what keepalived says it made of it
	Ill         map[string]time.Time        // when each instance was last not well
	TrackErrors map[string]string           // track files that could not be written
	Ticked      time.Time

	Wire      Wire
	Voices    map[string]Voices   // what is heard of each instance
	Conflicts map[string]Conflict // instances whose VIPs another node has too
	Orphans   Orphans

	Announcements int // how often the neighbours had to be told anew that the VIPs are here

	Known      Known    // what HAProxy's worker was last known to run
	Compared   Compared // what is between that and Installed
	Unloaded   int      // the generation whose files of another kind HAProxy has failed to load, 0: none
	Keepalived Running  // what keepalived is known to run
	Tried      Attempt  // the last activation that nobody asked for

	Pending  Pending  // what waits for its confirmation
	Unproven Unproven // what is to be taken up by the next lbsup if this one ends now

	Job   *Job
	Queue []Asked
	Again string // the input that changed while a job was running
	Last  *status.Change
}

// Report is what `lbsup apply` did.
type Report struct {
	Outcome    string // committed, unchanged or rejected
	Unreported bool   // lbsup apply left no report: only what is installed says what became of it
	Generation int
	HAProxy    bool     // HAProxy has something new to load, if only a certificate
	Keepalived bool     // keepalived has, if only in the place of somebody's edit
	Explained  bool     // the cluster file alone explains what HAProxy has to load
	Version    string   // of the installed HAProxy
	Reason     string   // why HAProxy has to load though its text is the same
	Renewed    []string // certificates that the running HAProxy was given
	Problems   []status.Problem
	Output     string
	Notes      []string
}

// The outcomes of a Report.
const (
	Committed = "committed"
	Same      = "unchanged"
	Rejected  = "rejected"
)

// turn is one Step in the making.
type turn struct {
	State
	now     time.Time
	tick    bool // this turn is a tick: what failed may be tried again
	halfway bool // a change at run time has failed in this turn: HAProxy runs what is Known, but for what of the change was made
	actions []Action
}

func (t *turn) do(a ...Action) { t.actions = append(t.actions, a...) }

// Step returns what is believed after an event, and what is to be done about it.
func Step(s State, e Event) (State, []Action) {
	t := &turn{State: s, now: e.when()}
	switch e := e.(type) {
	case Started:
		t.State.Started = t.now
		t.loadAtOnce("lbsup has started")
	case Probed:
		t.probed(e.Result)
	case ProbedTogether:
		for _, r := range e.Results {
			t.probed(r)
		}
	case WorkerSeen:
		t.workerSeen(e.Worker)
	case UnitChanged:
		t.unitChanged(e)
	case AddressesChanged:
		t.addressesChanged(e.Addresses)
	case RoleChanged:
		t.roleChanged(e)
	case PriorityTold:
		if t.knows(e.Instance) {
			t.Priorities = with(t.Priorities, e.Instance, e.Priority)
		}
	case Questioned:
		t.State.Questioned = t.now
	case InputChanged:
		t.inputChanged(e.Path)
	case OutputChanged:
		t.outputChanged()
	case Drifted:
		t.Drift = e.Files
	case Loaded:
		t.loaded(e)
	case LoadFailed:
		t.loadFailed(e)
	case Asked:
		t.asked(e)
	case Applied:
		t.applied(e.Report)
	case Activated:
		t.activated(e)
	case ServingSeen:
		t.servingSeen(e)
	case TrackWritten:
		t.trackWritten(e)
	case Tick:
		t.ticked()
	case WireSeen:
		t.wireSeen(e)
	case WireLost:
		t.Wire.Lost = e.Err
	case LowerHeard:
		t.lowerHeard(e.Instance)
	case OrphansDue:
		t.orphansDue(e)
	case OrphansRemoved:
		t.orphansRemoved(e)
	}
	t.contest(e)
	t.settle()
	return t.State, t.actions
}

// ticked tries again what failed and is nobody's job.
func (t *turn) ticked() {
	t.Ticked, t.tick = t.now, true
	if t.LoadError != "" && t.Job == nil && !t.loading() {
		t.load("it could not be read before")
	}
}

// settle draws the conclusions that hold after any event.
func (t *turn) settle() {
	t.know()
	t.compose()
	t.orphans()
	t.level()
	t.resume()
	t.verify()
	t.expire()
}

// without returns a copy of m that does not have the key.
func without[K comparable, V any](m map[K]V, k K) map[K]V {
	c := maps.Clone(m)
	delete(c, k)
	return c
}

// with returns a copy of m that also has the entry: a State that was handed out never changes.
func with[K comparable, V any](m map[K]V, k K, v V) map[K]V {
	c := maps.Clone(m)
	if c == nil {
		c = map[K]V{}
	}
	c[k] = v
	return c
}
