package timeline

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// checks tells of verdicts that changed. The first good answer of a check is no news.
func (d *deriving) checks() {
	for _, after := range d.After.Verdicts() {
		before := d.Before.Verdict(after.Check)
		first := before.Health == checks.Unknown && after.Health == checks.Healthy
		if before.Health == after.Health || after.Health == checks.Unknown || first {
			continue
		}
		d.tell(status.Moment{Kind: status.CheckKind, Subject: after.Check, Reason: after.Reason,
			Text:   fmt.Sprintf("check %s %s", after.Check, became(after.Health)),
			Fields: map[string]string{"from": before.Health.String(), "to": after.Health.String()}})
	}
}

func became(h checks.Health) string {
	if h == checks.Failed {
		return "failed"
	}
	return "is " + h.String()
}

// priorities tells what keepalived is told from now on.
func (d *deriving) priorities() {
	for _, action := range d.Actions {
		a, ok := action.(state.WriteTrack)
		if !ok {
			continue
		}
		before, told := d.Before.Levels[a.Instance]
		after := d.After.Levels[a.Instance]
		if told && before.Value == after.Value { // a write that failed is tried again
			continue
		}
		fields := map[string]string{"to": strconv.Itoa(after.Effective)}
		text := fmt.Sprintf("keepalived is told %s for %s", level(after), a.Instance)
		if told {
			text += ", no longer " + level(before)
			fields["from"] = strconv.Itoa(before.Effective)
		}
		d.tell(status.Moment{Kind: status.PriorityKind, Subject: a.Instance, Text: text,
			Reason: strings.TrimPrefix(a.Reason, "FAULT: "), Fields: fields})
	}
}

func level(l keepalived.Level) string {
	if l.Fault {
		return "FAULT"
	}
	return "priority " + strconv.Itoa(l.Effective)
}

// roles tells of keepalived's own transitions.
func (d *deriving) roles() {
	e, ok := d.Event.(state.RoleChanged)
	before := d.Before.Roles[e.Instance].Name
	if !ok || e.Old || before == e.Role {
		return
	}
	text := fmt.Sprintf("%s became %s", e.Instance, e.Role)
	if before != "" {
		text = fmt.Sprintf("%s went from %s to %s", e.Instance, before, e.Role)
	}
	reason := ""
	if e.Role == "FAULT" && !d.After.Levels[e.Instance].Fault {
		reason = "an interface that keepalived tracks is down"
	}
	d.tell(status.Moment{Kind: status.RoleKind, Subject: e.Instance, Text: text, Reason: reason,
		Fields: map[string]string{"from": before, "to": e.Role}})
}
