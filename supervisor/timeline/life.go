package timeline

import (
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// What becomes of lbsup, in the field "to" of its moments.
const (
	running = "running"
	gone    = "ended"
)

// Farewell is the last moment of a supervisor that was told to end.
func Farewell(now time.Time) status.Moment {
	return status.Moment{Time: now, Kind: status.LbsupKind, Subject: "lbsup", Text: "lbsup ends, as it was told to", Fields: map[string]string{"to": gone}}
}

// Gap tells what a supervisor that starts must say of the one before it, whose last moment is known: nothing if that one
// said that it ends.
func Gap(last status.Moment, now time.Time) []status.Moment {
	if last.Time.IsZero() || last.Kind == status.LbsupKind && last.Fields["to"] == gone {
		return nil
	}
	return []status.Moment{{Time: now, Node: last.Node, Kind: status.LbsupKind, Subject: "lbsup", Fields: map[string]string{"to": gone},
		Text: "lbsup had ended without a word: killed, crashed, or the host went down, after " + last.Time.In(now.Location()).Format(time.DateTime)}}
}
