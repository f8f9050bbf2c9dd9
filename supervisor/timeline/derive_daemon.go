package timeline

import (
	"fmt"
	"strconv"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// started tells of lbsup itself.
func (d *deriving) started() {
	if _, ok := d.Event.(state.Started); ok {
		d.tell(status.Moment{Kind: status.LbsupKind, Subject: "lbsup", Text: "lbsup started", Fields: map[string]string{"to": running}})
	}
}

// daemons tells what systemd says of HAProxy and keepalived. What was up when lbsup came is no news.
func (d *deriving) daemons() {
	for _, name := range []string{state.HAProxyUnit, state.KeepalivedUnit} {
		before, seen := d.Before.Units[name]
		after, there := d.After.Units[name]
		if !there || !seen && after.Running() {
			continue
		}
		if text := d.daemon(name, before, after, seen); text != "" {
			d.tell(status.Moment{Kind: status.DaemonKind, Subject: name, Text: text, Fields: map[string]string{
				"from": before.Active, "to": after.Active, "result": after.Result, "main_pid": strconv.Itoa(after.MainPID),
			}})
		}
	}
}

func (d *deriving) daemon(name string, before, after state.Unit, seen bool) string {
	switch {
	case after.Active == "reloading" && before.Active != "reloading" && before.Running() && !d.ours(name):
		return name + " reloads, and lbsup has not asked for it"
	case after.Running() && before.Running() && after.MainPID != before.MainPID && after.MainPID != 0:
		return fmt.Sprintf("%s was restarted: process %d instead of %d", name, after.MainPID, before.MainPID)
	case after.Running() && !before.Running():
		return fmt.Sprintf("%s runs as process %d", name, after.MainPID)
	case !after.Running() && (!seen || ending(before) != ending(after)):
		return name + " " + ending(after)
	default:
		return ""
	}
}

// ours tells whether lbsup itself is at a unit.
func (d *deriving) ours(unit string) bool {
	return d.After.Job != nil && d.After.Job.Waiting[unit]
}

// ending is how a daemon is on its way down or up again, "" when it runs.
func ending(u state.Unit) string {
	switch {
	case u.Running():
		return ""
	case u.ByHand:
		return "was stopped by hand"
	case u.Active == "failed" || u.Result != "success" && u.Result != "":
		return "failed (" + u.Result + ")"
	case u.Active == "activating":
		return "is being started"
	case u.Active == "deactivating":
		return "is being stopped"
	default:
		return "does not run"
	}
}

// worker tells of a new process that serves: after a reload, or in the place of one that died.
func (d *deriving) worker() {
	before, after := d.Before.Worker, d.After.Worker
	if after.PID == 0 || after.PID == before.PID {
		return
	}
	text := fmt.Sprintf("HAProxy serves with worker process %d", after.PID)
	if before.PID != 0 {
		text += fmt.Sprintf(" instead of %d", before.PID)
	}
	d.tell(status.Moment{Kind: status.DaemonKind, Subject: state.HAProxyUnit, Text: text,
		Fields: map[string]string{"worker": strconv.Itoa(after.PID), "digest": after.Digest}})
}
