package systemd

import (
	"context"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
)

// Unit is what systemd says of a unit.
type Unit struct {
	Name        string
	LoadState   string    // loaded, not-found, masked, …
	ActiveState string    // active, reloading, inactive, failed, activating, deactivating
	SubState    string    // running, dead, auto-restart, …
	Result      string    // of a service's last run: success, exit-code, signal, watchdog, …
	MainPID     int       // 0: none
	StatusText  string    // what the service says of itself
	Since       time.Time // it has been up or down; a reload is no interruption
	NeedReload  bool      // its files on disk are not what systemd has loaded
}

// State asks for the state of a unit. One that does not exist has the LoadState "not-found" and is no error.
func (u Units) State(ctx context.Context, unit string) (Unit, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := u.open(ctx)
	if err != nil {
		return Unit{}, err
	}
	defer conn.Close()
	return conn.state(ctx, unit)
}

// MainPID asks for the main process of an active unit, 0 for any other unit.
func (u Units) MainPID(ctx context.Context, unit string) (int, error) {
	state, err := u.State(ctx, unit)
	if err != nil || state.ActiveState != "active" && state.ActiveState != "reloading" {
		return 0, err
	}
	return state.MainPID, nil
}

func (b bus) state(ctx context.Context, unit string) (Unit, error) {
	path, err := b.load(ctx, unit)
	if err != nil {
		return Unit{}, err
	}
	return b.stateAt(ctx, unit, path)
}

// load finds the object of a unit. LoadUnit and not GetUnit, which knows only units that are in memory: a stopped one is not.
func (b bus) load(ctx context.Context, unit string) (path dbus.ObjectPath, err error) {
	if err = b.call(ctx, manager, managerInterface+".LoadUnit", []any{&path}, unit); err != nil {
		return "", fmt.Errorf("cannot find unit %q: %w", unit, err)
	}
	return path, nil
}

func (b bus) stateAt(ctx context.Context, unit string, path dbus.ObjectPath) (Unit, error) {
	var general, service map[string]dbus.Variant
	const getAll = "org.freedesktop.DBus.Properties.GetAll"
	if err := b.call(ctx, path, getAll, []any{&general}, unitInterface); err != nil {
		return Unit{}, fmt.Errorf("cannot read the state of unit %q: %w", unit, err)
	}
	// A unit that is no service has no such properties.
	if err := b.call(ctx, path, getAll, []any{&service}, serviceInterface); err != nil && !named(err, "org.freedesktop.DBus.Error.UnknownInterface") {
		return Unit{}, fmt.Errorf("cannot read the state of unit %q: %w", unit, err)
	}
	return newUnit(unit, general, service), nil
}

func newUnit(unit string, general, service map[string]dbus.Variant) Unit {
	state := Unit{
		Name:      unit,
		LoadState: property[string](general, "LoadState"), ActiveState: property[string](general, "ActiveState"),
		SubState: property[string](general, "SubState"), NeedReload: property[bool](general, "NeedDaemonReload"),
		Result: property[string](service, "Result"), StatusText: property[string](service, "StatusText"),
		MainPID: int(property[uint32](service, "MainPID")),
	}
	stamp := "StateChangeTimestamp"
	if state.ActiveState == "active" || state.ActiveState == "reloading" {
		stamp = "ActiveEnterTimestamp"
	}
	if at := property[uint64](general, stamp); at > 0 {
		state.Since = time.UnixMicro(int64(at))
	}
	return state
}

// property is the zero value where systemd gives none, or one of another type.
func property[T any](from map[string]dbus.Variant, name string) T {
	value, _ := from[name].Value().(T)
	return value
}
