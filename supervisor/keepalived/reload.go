package keepalived

import (
	"context"
	"fmt"
	"syscall"
)

// Units is what a reload needs of systemd.
type Units interface {
	// MainPID is 0 for a unit that is not active.
	MainPID(ctx context.Context, unit string) (int, error)
	Reload(ctx context.Context, unit string) error
	Kill(ctx context.Context, unit string, signal syscall.Signal) error
}

// Reload makes keepalived read its configuration again: by the unit's own reload or, where the unit has none or systemd
// refuses, by the signal that it stands for. It returns an error unless the same process is there afterwards: on some
// configurations keepalived ends in the middle of a reload and leaves its addresses behind. That it took what it read is not
// shown by this; only addresses, adverts and the FIFO show it.
func Reload(ctx context.Context, units Units, unit string) error {
	before, err := units.MainPID(ctx, unit)
	if err != nil {
		return err
	}
	if before == 0 {
		return fmt.Errorf("cannot reload unit %q: it is not active", unit)
	}
	if refused := units.Reload(ctx, unit); refused != nil {
		if ctx.Err() != nil {
			return refused
		}
		if err := units.Kill(ctx, unit, syscall.SIGHUP); err != nil {
			return fmt.Errorf("%w; %w", refused, err)
		}
	}
	after, err := units.MainPID(ctx, unit)
	if err != nil {
		return err
	}
	switch after {
	case before:
		return nil
	case 0:
		return fmt.Errorf("cannot reload unit %q: its process %d ended", unit, before)
	default:
		return fmt.Errorf("cannot reload unit %q: its process %d ended, %d took its place", unit, before, after)
	}
}
