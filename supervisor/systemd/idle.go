package systemd

import (
	"context"
	"errors"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// Idle waits until systemd has no job for a unit any more, and for a bus that is away to come back. It is for who has lost sight of a job.
func (u Units) Idle(ctx context.Context, unit string) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	for {
		busy, err := u.busy(ctx, unit)
		if err == nil && !busy {
			return nil
		}
		if err == nil {
			err = errors.New("its job has not ended")
		}
		if !wait(ctx, soon) {
			return fmt.Errorf("cannot see what became of unit %q: %w", unit, err)
		}
	}
}

// busy tells whether a unit has a job: one that waits or one that runs.
func (u Units) busy(ctx context.Context, unit string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := u.open(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	path, err := conn.load(ctx, unit)
	if err != nil {
		return false, err
	}
	var job struct { // its number, 0 for none, and its object
		Number uint32
		Path   dbus.ObjectPath
	}
	if err := conn.call(ctx, path, "org.freedesktop.DBus.Properties.Get", []any{&job}, unitInterface, "Job"); err != nil {
		return false, fmt.Errorf("cannot read the job of unit %q: %w", unit, err)
	}
	return job.Number != 0, nil
}
