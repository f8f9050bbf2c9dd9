package keepalived

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The states that a VRRP instance goes through. keepalived writes others too (MASTER_RX_LOWER_PRI, BACKUP_PRIORITY, …),
// which are events and not states.
const (
	Master = "MASTER"
	Backup = "BACKUP"
	Fault  = "FAULT"
	Stop   = "STOP"

	// HeardLower is one of those events: a MASTER has heard an advert of lower priority, whose sender does not hear it.
	HeardLower = "MASTER_RX_LOWER_PRI"
)

// Transition is one line of the notify FIFO.
type Transition struct {
	Group    bool // of a sync group, not of an instance
	Name     string
	State    string
	Priority int
	At       time.Time // when it was read
	Old      bool      // it was written while nobody read: how long ago is not known, and later ones may have found no room
}

// ParseLine reads one line without its newline: INSTANCE "VI_1" MASTER 150 (keepalived.conf(5), vrrp_notify_fifo).
func ParseLine(line string) (Transition, error) {
	kind, rest, _ := strings.Cut(line, " ")
	if kind != "INSTANCE" && kind != "GROUP" {
		return Transition{}, fmt.Errorf("cannot read keepalived's line %q: it starts with neither INSTANCE nor GROUP", line)
	}
	// keepalived quotes without escaping, so the name ends at the last quote.
	open, end := strings.IndexByte(rest, '"'), strings.LastIndexByte(rest, '"')
	if open != 0 || end <= 1 {
		return Transition{}, fmt.Errorf("cannot read keepalived's line %q: it has no quoted name", line)
	}
	fields := strings.Fields(rest[end+1:])
	if len(fields) != 2 {
		return Transition{}, fmt.Errorf("cannot read keepalived's line %q: got %d words after the name, want a state and a priority", line, len(fields))
	}
	priority, err := strconv.Atoi(fields[1])
	if err != nil || priority < 0 || priority > 255 {
		return Transition{}, fmt.Errorf("cannot read keepalived's line %q: got priority %q, want 0 to 255", line, fields[1])
	}
	return Transition{Group: kind == "GROUP", Name: rest[1:end], State: fields[0], Priority: priority}, nil
}
