package systemd

import (
	"context"
	"errors"
	"time"

	"github.com/godbus/dbus/v5"
)

// How long Watch waits before it tries again to reach a bus or a systemd that is away: at first, and at most.
const (
	soon  = 100 * time.Millisecond
	later = 5 * time.Second
)

// Watch calls emit with the state of each unit, now and after each change, until ctx ends, which is no error. It outlives
// restarts of D-Bus and of systemd; what it cannot see meanwhile it tells to Trouble, and after it, what is new to emit.
func (u Units) Watch(ctx context.Context, units []string, emit func(Unit)) error {
	last := map[string]Unit{}
	changed := func(unit Unit) {
		if before, known := last[unit.Name]; !known || before != unit {
			last[unit.Name] = unit
			emit(unit)
		}
	}
	pause, told := soon, ""
	for {
		watched, err := u.session(ctx, units, changed)
		if ctx.Err() != nil {
			return nil
		}
		if watched {
			pause, told = soon, ""
		}
		if err != nil && err.Error() != told {
			told = err.Error()
			u.trouble(err)
		}
		if !wait(ctx, pause) {
			return nil
		}
		pause = min(2*pause, later)
	}
}

func (u Units) trouble(err error) {
	if u.Trouble != nil {
		u.Trouble(err)
	}
}

// session watches on one connection, until it breaks. It reports whether it came as far as to see every unit.
func (u Units) session(ctx context.Context, units []string, emit func(Unit)) (watched bool, err error) {
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := u.open(short)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	// A new systemd, or one that executed itself again, knows nothing of the old one's subscribers.
	err = conn.match(short, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged",
		dbus.WithMatchArg(0, name))
	if err != nil {
		return false, err
	}
	signals, err := conn.subscribe(short)
	if err != nil {
		return false, err
	}
	paths := map[dbus.ObjectPath]string{}
	for _, unit := range units {
		path, err := conn.begin(short, unit, emit)
		if err != nil {
			return false, err
		}
		paths[path] = unit
	}
	return true, conn.follow(ctx, signals, paths, emit)
}

// begin has the bus pass on what happens to a unit, and then tells how it is.
func (b bus) begin(ctx context.Context, unit string, emit func(Unit)) (dbus.ObjectPath, error) {
	path, err := b.load(ctx, unit)
	if err != nil {
		return "", err
	}
	if err := b.match(ctx, name, path, "org.freedesktop.DBus.Properties", "PropertiesChanged"); err != nil {
		return "", err
	}
	return path, b.tell(ctx, unit, path, emit)
}

// follow reads the state of a unit again after each signal about it: a signal only means "look again", and what it says of
// a unit is a part.
func (b bus) follow(ctx context.Context, signals <-chan *dbus.Signal, paths map[dbus.ObjectPath]string, emit func(Unit)) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case signal, open := <-signals:
			if !open {
				return errors.New("cannot watch units: the bus closed the connection")
			}
			if signal.Name == "org.freedesktop.DBus.NameOwnerChanged" {
				return errors.New("cannot watch units: systemd left the bus")
			}
			if unit, ours := paths[signal.Path]; ours {
				if err := b.tell(ctx, unit, signal.Path, emit); err != nil {
					return err
				}
			}
		}
	}
}

func (b bus) tell(ctx context.Context, unit string, path dbus.ObjectPath, emit func(Unit)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	state, err := b.stateAt(ctx, unit, path)
	if err == nil {
		emit(state)
	}
	return err
}

// wait returns false when ctx ended before the time had passed.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
