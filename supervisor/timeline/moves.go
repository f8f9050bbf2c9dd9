package timeline

import (
	"strconv"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Moves works out from moments, told in order, when the VIPs of each instance moved and how long that took on this node.
// The zero value has seen nothing.
type Moves struct {
	doubt  status.Moment            // the first sign of trouble that no move has answered
	raised map[string]status.Moment // by instance: the first reason to take VIPs that no move has answered
	last   map[string]status.Move   // by instance
}

// answered is how long after a sign a move is taken for its effect: keepalived acts within master-down time, which is
// about three advert intervals.
const answered = 15 * time.Second

// Next takes the next moment and returns the move that it ends, if it ends one.
func (m *Moves) Next(now status.Moment) (status.Move, bool) {
	switch instance := now.Fields["instance"]; {
	case now.Kind == status.VIPKind && now.Fields["found"] == "":
		return m.moved(now, instance, now.Fields["here"] == "true")
	case lowering(now):
		m.doubt = earlier(m.doubt, now)
	case raising(now):
		if m.raised == nil {
			m.raised = map[string]status.Moment{}
		}
		m.raised[now.Subject] = earlier(m.raised[now.Subject], now)
	}
	return status.Move{}, false
}

// moved tells of the first VIP of an instance that came or went; the others follow it at once.
func (m *Moves) moved(now status.Moment, instance string, here bool) (status.Move, bool) {
	if last, before := m.last[instance]; before && last.Here == here && now.Time.Sub(last.Time) <= together {
		return status.Move{}, false
	}
	sign := m.doubt
	if here {
		sign = m.raised[instance]
	}
	move := status.Move{Time: now.Time, Instance: instance, Here: here}
	if fresh(sign, now) {
		move.Known, move.Took, move.Cause = true, now.Time.Sub(sign.Time).Seconds(), sign.Line()
	}
	delete(m.raised, instance)
	if m.last == nil {
		m.last = map[string]status.Move{}
	}
	m.last[instance] = move
	return move, true
}

// lowering is a sign that this node may lose VIPs.
func lowering(m status.Moment) bool {
	to := m.Fields["to"]
	switch m.Kind {
	case status.CheckKind:
		return to != "healthy"
	case status.DaemonKind:
		return to != "" && to != "active" && to != "reloading"
	case status.RoleKind:
		return to == "FAULT" || to == "BACKUP"
	case status.PriorityKind:
		return change(m) < 0
	default:
		return false
	}
}

// raising is a sign that this node is about to take VIPs.
func raising(m status.Moment) bool {
	return m.Kind == status.RoleKind && m.Fields["to"] == "MASTER" || m.Kind == status.PriorityKind && change(m) > 0
}

// change is by how much an instance's priority goes up.
func change(m status.Moment) int {
	from, err := strconv.Atoi(m.Fields["from"])
	to, err2 := strconv.Atoi(m.Fields["to"])
	if err != nil || err2 != nil {
		return 0
	}
	return to - from
}

// earlier keeps the first sign, while it can still be the reason for what comes.
func earlier(first, now status.Moment) status.Moment {
	if fresh(first, now) {
		return first
	}
	return now
}

func fresh(sign, now status.Moment) bool {
	age := now.Time.Sub(sign.Time)
	return !sign.Time.IsZero() && 0 <= age && age <= answered
}
