package timeline

import (
	"time"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// Turn is one step of the state: what was believed, what happened, what is believed since, and what is done about it.
type Turn struct {
	Before, After state.State
	Event         state.Event
	Actions       []state.Action
	At            time.Time // when it happened
}

// Derive tells what is worth telling of a turn, causes before effects.
func Derive(t Turn) []status.Moment {
	d := &deriving{Turn: t}
	d.started()
	d.clock()
	d.daemons()
	d.worker()
	d.checks()
	d.changes()
	d.priorities()
	d.roles()
	d.vips()
	d.splits()
	d.orphans()
	d.removals()
	d.drift()
	d.trouble()
	return d.told
}

// deriving is one Derive in the making.
type deriving struct {
	Turn
	told []status.Moment
}

// longest bounds a text that comes from elsewhere: a daemon's words, a file's name.
const longest = 500

func (d *deriving) tell(m status.Moment) {
	m.Time = d.At
	if local := d.After.Installed.Local; local != nil {
		m.Node = local.Node.Name
	}
	m.Text, m.Reason, m.Subject, m.By = clip(m.Text), clip(m.Reason), clip(m.Subject), clip(m.By)
	d.told = append(d.told, m)
}

// clip keeps what fits, cut between characters.
func clip(text string) string {
	if len(text) <= longest {
		return text
	}
	end := 0
	for i := range text {
		if i > longest-len("…") {
			break
		}
		end = i
	}
	return text[:end] + "…"
}
