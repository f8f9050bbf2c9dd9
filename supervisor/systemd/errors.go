package systemd

import (
	"context"
	"errors"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// DeniedError says that lbsup may not do what it asked for: polkit has no rule for it.
type DeniedError struct {
	Verb, Unit string
}

func (e *DeniedError) Error() string {
	return fmt.Sprintf("cannot %s unit %q: access denied by polkit", e.Verb, e.Unit)
}

// JobError says that systemd did what it was asked to, in vain.
type JobError struct {
	Verb, Unit string
	Result     string // failed, timeout, dependency, canceled, skipped, …
}

func (e *JobError) Error() string {
	return fmt.Sprintf("cannot %s unit %q: systemd's job ended as %q", e.Verb, e.Unit, e.Result)
}

// LostError says that D-Bus went away after systemd had been asked: the job may go on all the same.
type LostError struct {
	Verb, Unit string
	Err        error
}

func (e *LostError) Error() string {
	return fmt.Sprintf("cannot %s unit %q: %v", e.Verb, e.Unit, e.Err)
}

// lost tells an error of the connection from an answer, and from a caller who waits no longer.
func lost(ctx context.Context, err error) bool {
	var reply dbus.Error
	return ctx.Err() == nil && !errors.As(err, &reply)
}

// denied are the names under which systemd and the bus refuse somebody.
var denied = []string{
	"org.freedesktop.DBus.Error.AccessDenied",
	"org.freedesktop.DBus.Error.InteractiveAuthorizationRequired",
	"org.freedesktop.PolicyKit1.Error.NotAuthorized",
}

func refusal(verb, unit string, err error) error {
	for _, reason := range denied {
		if named(err, reason) {
			return &DeniedError{Verb: verb, Unit: unit}
		}
	}
	return fmt.Errorf("cannot %s unit %q: %w", verb, unit, err)
}

func named(err error, name string) bool {
	var reply dbus.Error
	return errors.As(err, &reply) && reply.Name == name
}
