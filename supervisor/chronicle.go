package supervisor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/systemd"
	"github.com/lbsup/lbsup/supervisor/timeline"
	"github.com/lbsup/lbsup/supervisor/timeline/store"
)

// chronicle keeps the timeline of what the loop goes through, and answers what is asked about it.
type chronicle struct {
	keeper   *store.Keeper
	clock    func() time.Time
	snapshot func() status.Snapshot

	also func(before, after state.State, e state.Event, told []status.Moment) // is told of each step too

	others func(ctx context.Context, from, to time.Time) []status.Recalled // what the other nodes have on record
}

func newChronicle(dir string, clock func() time.Time, snapshot func() status.Snapshot, log zerolog.Logger) *chronicle {
	k := store.NewKeeper(dir)
	k.Fail = func(err error) { log.Error().Err(err).Msg("the timeline is not kept") }
	k.Told = journal(log)
	return &chronicle{keeper: k, clock: clock, snapshot: snapshot,
		also:   func(state.State, state.State, state.Event, []status.Moment) {},
		others: func(context.Context, time.Time, time.Time) []status.Recalled { return nil }}
}

// stepped tells of one step of the state. The loop calls it.
func (c *chronicle) stepped(before, after state.State, e state.Event, actions []state.Action) {
	now := c.clock()
	told := timeline.Derive(timeline.Turn{Before: before, After: after, Event: e, Actions: actions, At: now})
	c.keeper.Put(told...)
	c.also(before, after, e, told)
	if _, is := e.(state.Tick); is {
		c.keeper.Flush(now)
	}
}

// next reads on. What cannot be read is said in its place.
func (c *chronicle) next(r *store.Reader) ([]status.Moment, error) {
	ms, unread, err := r.Next()
	if unread > 0 {
		at := c.clock()
		if len(ms) > 0 {
			at = ms[len(ms)-1].Time
		}
		ms = append(ms, status.Moment{Time: at, Kind: status.TroubleKind, Subject: "timeline",
			Text: fmt.Sprintf("%d lines of the timeline cannot be read", unread)})
	}
	return ms, err
}

// journal writes moments to the journal with a field for each of their parts, or to the log where there is no journal.
func journal(log zerolog.Logger) func(status.Moment) {
	if systemd.InJournal() {
		return func(m status.Moment) {
			if err := systemd.Journal(m.Line(), grave(m), fieldsOf(m)); err != nil {
				log.Warn().Err(err).Msg(m.Line())
			}
		}
	}
	return func(m status.Moment) {
		e := log.Info()
		if grave(m) {
			e = log.Warn()
		}
		for name, value := range fieldsOf(m) {
			e = e.Str(name, value)
		}
		e.Msg(m.Text)
	}
}

// grave tells whether somebody should look.
func grave(m status.Moment) bool {
	switch m.Kind {
	case status.OrphanKind, status.SplitBrainKind, status.DriftKind:
		return m.Fields["to"] == "true"
	case status.TroubleKind, status.ClockKind:
		return true
	default:
		return slices.Contains([]string{"failed", "FAULT", "in doubt"}, m.Fields["to"]) ||
			m.Fields["outcome"] != "" && !status.Outcome(m.Fields["outcome"]).Good()
	}
}

func fieldsOf(m status.Moment) map[string]string {
	all := map[string]string{"kind": string(m.Kind), "subject": m.Subject, "node": m.Node, "by": m.By, "reason": m.Reason}
	for name, value := range m.Fields {
		all[name] = value
	}
	for name, value := range all {
		if value == "" {
			delete(all, name)
		}
	}
	return all
}
