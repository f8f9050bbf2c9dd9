package timeline

import (
	"fmt"
	"strconv"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// splits tells of VIPs that two nodes have, and of the end of that.
func (d *deriving) splits() {
	for _, i := range instances(d.After) {
		before, after := d.Before.Split(i.Name), d.After.Split(i.Name)
		yielded, yields := d.Before.Conflicts[i.Name].Yields, d.After.Conflicts[i.Name].Yields
		if before == after && yielded == yields {
			continue
		}
		m := status.Moment{Kind: status.SplitBrainKind, Subject: i.Name, Fields: map[string]string{"to": strconv.FormatBool(after)}}
		switch {
		case yields:
			m.Text, m.Reason = fmt.Sprintf("split brain: this node lets go of the VIPs of %s, which another one has too", i.Name), d.After.Cause(i)
			m.Fields["yields"] = "true"
		case yielded && !after:
			m.Text = fmt.Sprintf("this node stands by for the VIPs of %s again, which it had let go of", i.Name)
		case after:
			m.Text, m.Reason = fmt.Sprintf("split brain: another node has the VIPs of %s too", i.Name), d.After.Cause(i)
		default:
			m.Text = fmt.Sprintf("the split brain of %s is over", i.Name)
		}
		d.tell(m)
	}
}

// removals tells of VIPs without an owner that are taken off.
func (d *deriving) removals() {
	for _, action := range d.Actions {
		if a, ok := action.(state.RemoveOrphans); ok && d.Before.Orphans.Asked.IsZero() {
			d.tell(status.Moment{Kind: status.OrphanKind, Subject: state.KeepalivedUnit, Text: "root is asked to take orphaned VIPs off this node", Reason: a.Reason})
		}
	}
	if e, ok := d.Event.(state.OrphansRemoved); ok && e.Err != "" {
		d.tell(status.Moment{Kind: status.TroubleKind, Subject: state.KeepalivedUnit, Text: "orphaned VIPs could not be taken off this node", Reason: e.Err})
	}
}
