package timeline

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// changes tells who asked for what, what was done for it, and how it ended.
func (d *deriving) changes() {
	d.edited()
	for _, action := range d.Actions {
		switch a := action.(type) {
		case state.Apply:
			d.applying(a)
		case state.Activate:
			d.tell(status.Moment{Kind: status.ActivationKind, Subject: a.Unit, Reason: a.Reason,
				Text:   fmt.Sprintf("%s of %s, for generation %d", a.How, a.Unit, a.Generation),
				Fields: map[string]string{"how": string(a.How), "generation": strconv.Itoa(a.Generation)}})
		case state.Record:
			d.ended(a.Change)
		case state.Answer:
			if !slices.ContainsFunc(d.Actions, recorded) {
				d.ended(a.Change) // refused at once, or live until somebody confirms it
			}
		}
	}
	if e, ok := d.Event.(state.Activated); ok && e.Err != "" {
		d.tell(status.Moment{Kind: status.ActivationKind, Subject: e.Unit, Text: fmt.Sprintf("%s of %s failed", e.How, e.Unit), Reason: e.Err,
			Fields: map[string]string{"how": string(e.How), "generation": strconv.Itoa(e.Generation), "outcome": "failed"}})
	}
}

func recorded(a state.Action) bool {
	_, is := a.(state.Record)
	return is
}

// applying tells of a change that begins, or of its way back.
func (d *deriving) applying(a state.Apply) {
	m := status.Moment{Kind: status.ChangeKind, Subject: a.Request, Text: a.Request + " was asked for", Fields: map[string]string{"phase": "asked"}}
	if job := d.After.Job; job != nil {
		m.By = job.By
		if job.Back {
			m.Text, m.Reason, m.By = fmt.Sprintf("going back to generation %d", job.GoBack), a.Reason, "lbsup"
			m.Fields["phase"] = "going back"
		}
	}
	d.tell(m)
}

func (d *deriving) ended(c status.Change) {
	m := status.Moment{Kind: status.ChangeKind, Subject: c.Request, By: c.By,
		Text: c.Request + outcomes[c.Outcome],
		Fields: map[string]string{
			"phase": "done", "outcome": string(c.Outcome), "generation": strconv.Itoa(c.Generation), "took_seconds": fmt.Sprintf("%.3f", c.Took),
		}}
	if c.Generation > 0 && c.Outcome != status.Refused {
		m.Text += fmt.Sprintf(": generation %d", c.Generation)
	}
	if len(c.Problems) > 0 {
		m.Reason = c.Problems[0].Message
	}
	d.tell(m)
}

var outcomes = map[status.Outcome]string{
	status.Live:        " is live",
	status.Unconfirmed: " is live and waits to be confirmed",
	status.Unchanged:   " had nothing to do",
	status.Refused:     " was refused",
	status.RolledBack:  " did not prove itself and was rolled back",
	status.TakenBack:   " was taken back",
	status.Broken:      " broke, and nothing was put back",
}

// edited tells of an edit that nobody applies yet.
func (d *deriving) edited() {
	if e, ok := d.Event.(state.InputChanged); ok && d.After.Edited && !d.Before.Edited && d.After.Job == nil {
		d.tell(status.Moment{Kind: status.ChangeKind, Subject: "edit", Text: e.Path + " was edited and waits for lbsup reload", Fields: map[string]string{"phase": "edited"}})
	}
}

// drift tells of installed files that somebody has changed, and of those that are again as they were written.
func (d *deriving) drift() {
	for _, file := range d.After.Drift {
		if !slices.Contains(d.Before.Drift, file) {
			d.tell(status.Moment{Kind: status.DriftKind, Subject: file, Text: file + " was changed by hand", Fields: map[string]string{"to": "true"}})
		}
	}
	for _, file := range d.Before.Drift {
		if !slices.Contains(d.After.Drift, file) {
			d.tell(status.Moment{Kind: status.DriftKind, Subject: file, Text: file + " is again as lbsup wrote it", Fields: map[string]string{"to": "false"}})
		}
	}
}

// trouble tells what lbsup itself cannot do.
func (d *deriving) trouble() {
	if err := d.After.LoadError; err != "" && d.Before.LoadError == "" {
		d.tell(status.Moment{Kind: status.TroubleKind, Subject: "lbsup", Text: "what is installed cannot be read", Reason: err})
	}
	if e, ok := d.Event.(state.TrackWritten); ok && e.Err != "" && d.Before.TrackErrors[e.Instance] == "" {
		d.tell(status.Moment{Kind: status.TroubleKind, Subject: e.Instance, Text: "keepalived cannot be told about " + e.Instance, Reason: e.Err})
	}
}
