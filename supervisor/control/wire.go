package control

import (
	"context"
	"errors"
	"fmt"

	"github.com/lbsup/lbsup/supervisor/status"
)

// The questions that the socket answers.
const (
	pathStatus  = "/v1/status"
	pathPlan    = "/v1/plan"
	pathHistory = "/v1/history"
	pathChange  = "/v1/change"
)

// The verbs of a Request.
const (
	Reload    = "reload"    // install and activate the cluster file as it is now
	Overwrite = "overwrite" // the same, also over a rendered file that somebody changed by hand
	Force     = "force"     // the same, also when the change takes away much

	OverwriteForce = "overwrite-force"
	Rollback       = "rollback" // put an earlier generation back
	Confirm        = "confirm"  // keep a change that would go back by itself
)

// Request asks for a change.
type Request struct {
	Verb string `json:"request"`
	To   int    `json:"to,omitempty"` // the generation for Rollback; 0: the one before the installed one
	// Confirm is how many seconds a change that is live waits to be confirmed before it goes back; 0: it need not be.
	Confirm int    `json:"confirm_seconds,omitempty"`
	By      string `json:"-"` // who asks, as the kernel says; what a client writes here is never read
}

// maxConfirm is a day: longer is a change that nobody meant to confirm.
const maxConfirm = 24 * 60 * 60

// Validate says what is wrong with the request.
func (r Request) Validate() error {
	if r.Confirm < 0 || r.Confirm > maxConfirm {
		return fmt.Errorf("cannot wait %d seconds for a confirmation: want at most %d", r.Confirm, maxConfirm)
	}
	switch r.Verb {
	case Confirm:
		if r.To != 0 || r.Confirm != 0 {
			return errors.New("cannot confirm a generation by number: the change that waits is the one that is meant")
		}
	case Reload, Overwrite, Force, OverwriteForce:
		if r.To != 0 {
			return fmt.Errorf("cannot %s to a generation: only a rollback names one, got %d", r.Verb, r.To)
		}
	case Rollback:
		if r.To < 0 {
			return fmt.Errorf("cannot roll back to generation %d: want a positive number, or 0 for the one before", r.To)
		}
	default:
		return fmt.Errorf("cannot do request %q: want %s, %s, %s, %s, %s or %s", r.Verb, Reload, Overwrite, Force, OverwriteForce, Rollback, Confirm)
	}
	return nil
}

// Backend is what the socket speaks for.
type Backend interface {
	Status(ctx context.Context) (status.Snapshot, error)
	Plan(ctx context.Context) (status.Plan, error)
	History(ctx context.Context) ([]status.Entry, error)
	// Change returns when the change has ended. It may be called while another change is under way. progress
	// never blocks.
	Change(ctx context.Context, r Request, progress func(string)) (status.Change, error)
}

// line is one line of the answer to a change: any number of Progress, then a Change or an Error.
type line struct {
	Progress string         `json:"progress,omitempty"`
	Change   *status.Change `json:"change,omitempty"`
	Error    string         `json:"error,omitempty"`
}

// Error is an answer that is a refusal.
type Error struct {
	Message string `json:"error"`
	Hint    string `json:"hint,omitempty"`
}

func (e *Error) Error() string { return e.Message }
