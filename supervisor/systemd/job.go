package systemd

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"
)

// longest bounds a job in a context without a nearer deadline: systemd's own limit of a start is 90 s by default.
const longest = 2 * time.Minute

// Start starts a unit and waits until its job has ended. Errors are *DeniedError, *JobError and *LostError where they say so.
func (u Units) Start(ctx context.Context, unit string) error {
	return u.job(ctx, "start", "StartUnit", unit)
}

// Restart restarts a unit, or starts it, and waits until its job has ended.
func (u Units) Restart(ctx context.Context, unit string) error {
	return u.job(ctx, "restart", "RestartUnit", unit)
}

// Reload reloads a unit and waits until its job has ended. A job that is done is no proof that the service took what it
// found: ReloadUnit says "done" of an HAProxy that could not bind.
func (u Units) Reload(ctx context.Context, unit string) error {
	return u.job(ctx, "reload", "ReloadUnit", unit)
}

// Kill sends a signal to the main process of a unit.
func (u Units) Kill(ctx context.Context, unit string, signal syscall.Signal) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := u.open(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.call(ctx, manager, managerInterface+".KillUnit", nil, unit, "main", int32(signal)); err != nil {
		return refusal("signal", unit, err)
	}
	return nil
}

// job queues a job and waits for its end. The signal that tells it is subscribed to before the job is queued, since a job
// may end before the method that queued it has returned.
func (u Units) job(ctx context.Context, verb, method, unit string) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	conn, err := u.open(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	removed, err := conn.subscribe(ctx)
	if err != nil {
		return err
	}
	if err := conn.match(ctx, name, manager, managerInterface, "JobRemoved"); err != nil {
		return err
	}
	var queued dbus.ObjectPath
	if err := conn.call(ctx, manager, managerInterface+"."+method, []any{&queued}, unit, "replace"); err != nil {
		if lost(ctx, err) {
			return &LostError{Verb: verb, Unit: unit, Err: err}
		}
		return refusal(verb, unit, err)
	}
	result, err := await(ctx, removed, queued)
	switch {
	case err != nil && lost(ctx, err):
		return &LostError{Verb: verb, Unit: unit, Err: err}
	case err != nil:
		return fmt.Errorf("cannot %s unit %q: %w", verb, unit, err)
	}
	if result != "done" {
		return &JobError{Verb: verb, Unit: unit, Result: result}
	}
	return nil
}

// await returns the result of a job. JobRemoved is (number, path of the job, unit, result).
func await(ctx context.Context, removed <-chan *dbus.Signal, job dbus.ObjectPath) (string, error) {
	for {
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("its job has not ended: %w", ctx.Err())
		case signal, open := <-removed:
			if !open {
				return "", errors.New("the bus closed the connection before its job had ended")
			}
			if len(signal.Body) == 4 && signal.Body[1] == job {
				result, _ := signal.Body[3].(string)
				return result, nil
			}
		}
	}
}

// subscribe asks systemd for signals; match says which. The channel is closed with the connection.
func (b bus) subscribe(ctx context.Context) (<-chan *dbus.Signal, error) {
	signals := make(chan *dbus.Signal, 16)
	b.Signal(signals)
	// Without a subscriber systemd sends no signals at all.
	if err := b.call(ctx, manager, managerInterface+".Subscribe", nil); err != nil {
		return nil, fmt.Errorf("cannot subscribe to systemd's signals: %w", err)
	}
	return signals, nil
}

// match asks the bus to pass on the signals of a member of an interface that come from one object.
func (b bus) match(ctx context.Context, sender string, path dbus.ObjectPath, of, member string, more ...dbus.MatchOption) error {
	options := append(more, dbus.WithMatchSender(sender), dbus.WithMatchObjectPath(path),
		dbus.WithMatchInterface(of), dbus.WithMatchMember(member))
	if err := b.AddMatchSignalContext(ctx, options...); err != nil {
		return fmt.Errorf("cannot subscribe to the bus's signals: %w", plain(ctx, err))
	}
	return nil
}
