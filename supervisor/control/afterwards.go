package control

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// errCutOff says that the supervisor ended before the change did.
var errCutOff = errors.New("the supervisor closed the connection")

// waits is how long a client stays with a change whose supervisor has ended.
type waits struct {
	pause time.Duration // between two looks
	start time.Duration // until the next supervisor answers
	idle  time.Duration // while that knows nothing of the change
	end   time.Duration // until the change has ended
}

var usually = waits{pause: 250 * time.Millisecond, start: 30 * time.Second, idle: 5 * time.Second, end: 3 * time.Minute}

// afterwards tells how a change ended that was cut off: a restarted lbsup goes on with what was installed, and lbsup apply,
// which is a unit of its own, ends what it had begun.
func (c Client) afterwards(ctx context.Context, r Request, asked time.Time, progress func(string)) (status.Change, error) {
	wait, began, back := cmp.Or(c.waits, usually), time.Now(), time.Time{}
	ticker := time.NewTicker(wait.pause)
	defer ticker.Stop()
	progress("lbsup has ended meanwhile: waiting for it to be back")
	for {
		found, err := c.sequel(ctx, r, asked)
		switch now := time.Now(); {
		case found.Outcome != "":
			return found, nil
		case err != nil && ctx.Err() == nil && now.Sub(began) > wait.start:
			return found, cutOff("lbsup has ended and is not back", "systemctl status lbsup.service says why; lbsup history tells what was installed")
		case now.Sub(began) > wait.end:
			return found, cutOff("lbsup was restarted meanwhile, and the change still goes on", "lbsup status tells how far it is")
		case found.Phase != "":
			progress("lbsup is back: " + found.Phase)
			back = now
		case err == nil && back.IsZero():
			back = now
		case err == nil && now.Sub(back) > wait.idle:
			return c.again(ctx, r, progress)
		}
		select {
		case <-ctx.Done():
			return found, ctx.Err()
		case <-ticker.C:
		}
	}
}

// again asks once more for what left no trace: it was never begun, lbsup apply is still at it, which the next one waits for, or there
// was nothing to do. To reload twice is to reload; to go back twice is not.
func (c Client) again(ctx context.Context, r Request, progress func(string)) (status.Change, error) {
	if r.Verb == Rollback {
		return status.Change{}, cutOff("lbsup was restarted meanwhile and knows nothing of it", "lbsup history tells what is installed; if it was not begun, ask again")
	}
	progress("lbsup is back and knows nothing of it: asking again")
	change, err := c.change(ctx, r, progress)
	if errors.Is(err, errCutOff) {
		err = cutOff("lbsup was restarted twice meanwhile", "lbsup status tells what runs; ask again when lbsup stays")
	}
	return change, err
}

func cutOff(why, hint string) error {
	return &Error{Message: "cannot tell how the change ended: " + why, Hint: hint}
}

// sequel looks for the change: under way, ended, or refused by lbsup apply while nobody was there to be told.
func (c Client) sequel(ctx context.Context, r Request, asked time.Time) (status.Change, error) {
	snap, err := c.Status(ctx)
	if err != nil {
		return status.Change{}, err
	}
	if found := snap.Change; found != nil && r.ledTo(found.Request) && !found.Asked.Before(asked) {
		return unconfirmed(*found), nil
	}
	entries, err := c.History(ctx)
	if err != nil || len(entries) == 0 || entries[0].Outcome != rejected || entries[0].At.Before(asked) || !r.ledTo(entries[0].Request) {
		return status.Change{}, err
	}
	return status.Change{
		Request: entries[0].Request, Asked: asked, Outcome: status.Refused, Generation: entries[0].Generation,
		Problems: []status.Problem{{Message: entries[0].Reason, Hint: "lbsup validate tells all that is wrong with the cluster file"}},
	}, nil
}

// The words of others.
const (
	rejected   = "rejected"   // of an Entry that lbsup apply refused
	resumed    = "activate"   // of a Change that installed what nobody had activated
	confirming = "confirming" // of a Change that is live and waits
)

// ledTo tells whether a change may be what the request led to.
func (r Request) ledTo(request string) bool {
	return request == r.Verb || request == resumed || r.Verb == Rollback && strings.HasPrefix(request, Rollback+"-")
}

// unconfirmed ends where one who asks is answered: a change that waits for its confirmation is live.
func unconfirmed(c status.Change) status.Change {
	if c.Outcome == "" && c.Phase == confirming {
		c.Outcome = status.Unconfirmed
	}
	return c
}
