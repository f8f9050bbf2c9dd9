package status

import "time"

// Moment is one thing that happened, as the timeline keeps it. Its JSON form is stable: keys are added, never changed.
type Moment struct {
	Time    time.Time         `json:"time"`
	Node    string            `json:"node,omitempty"`
	Kind    Kind              `json:"kind"`
	Subject string            `json:"subject,omitempty"` // the VIP, instance, check, unit or file that it happened to
	Text    string            `json:"text"`
	Reason  string            `json:"reason,omitempty"`
	By      string            `json:"by,omitempty"`     // who asked for it
	Fields  map[string]string `json:"fields,omitempty"` // the same for programs: from, to, here, instance, generation, …
	More    int               `json:"more,omitempty"`   // how many like it came just before and are not kept
}

// Kind says what a Moment is about.
type Kind string

// The kinds of Moment.
const (
	CheckKind      Kind = "check"      // a verdict changed
	PriorityKind   Kind = "priority"   // keepalived was told another number
	RoleKind       Kind = "role"       // keepalived changed the state of an instance
	VIPKind        Kind = "vip"        // an address came to this node or left it
	ChangeKind     Kind = "change"     // somebody asked for a change, or it ended
	ActivationKind Kind = "activation" // a daemon is made to run what is installed
	DaemonKind     Kind = "daemon"     // HAProxy or keepalived started, ended, was restarted
	LbsupKind      Kind = "lbsup"      // lbsup itself started or ended
	ClockKind      Kind = "clock"      // a timer fired late, or the clock was set
	DriftKind      Kind = "drift"      // an installed file was changed by hand
	OrphanKind     Kind = "orphan"     // a VIP is here, and no keepalived that owns it
	SplitBrainKind Kind = "split-brain"
	TroubleKind    Kind = "trouble" // lbsup cannot do its work
)

// Kinds lists them in the order in which help shows them.
func Kinds() []Kind {
	return []Kind{
		CheckKind, PriorityKind, RoleKind, VIPKind, ChangeKind, ActivationKind, DaemonKind, LbsupKind, ClockKind, DriftKind,
		OrphanKind, SplitBrainKind, TroubleKind,
	}
}

// Account answers why something is as it is.
type Account struct {
	Node    string    `json:"node,omitempty"` // the one that was asked
	About   string    `json:"about"`          // the instance or check
	What    string    `json:"what"`           // what happened to it
	When    time.Time `json:"when,omitzero"`  // and when; zero: it is not on record
	Because string    `json:"because"`        // the cause in one sentence
	Chain   []Moment  `json:"chain"`          // how the cause led to it, oldest first
	Note    string    `json:"note,omitempty"` // what else a person should know
}

// Line is the whole of a moment in one line, as a log has it.
func (m Moment) Line() string {
	text := m.Text
	if m.By != "" {
		text += " by " + m.By
	}
	return joined(": ", text, m.Reason)
}
