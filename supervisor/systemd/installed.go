package systemd

import (
	"context"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// Installed is how a unit is set up on this host.
type Installed struct {
	LoadState   string // loaded, not-found, masked, …
	ActiveState string
	FileState   string   // enabled, disabled, static, masked, …; empty: it has no file
	After       []string // units that it waits for
	DropIns     []string // paths
	NeedReload  bool     // its files on disk are not what systemd has loaded
}

// Installed asks how a unit is set up. One that does not exist has the LoadState "not-found" and is no error.
func (u Units) Installed(ctx context.Context, unit string) (Installed, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := u.open(ctx)
	if err != nil {
		return Installed{}, err
	}
	defer conn.Close()
	path, err := conn.load(ctx, unit)
	if err != nil {
		return Installed{}, err
	}
	var all map[string]dbus.Variant
	if err := conn.call(ctx, path, "org.freedesktop.DBus.Properties.GetAll", []any{&all}, unitInterface); err != nil {
		return Installed{}, fmt.Errorf("cannot read the state of unit %q: %w", unit, err)
	}
	return Installed{
		LoadState: property[string](all, "LoadState"), ActiveState: property[string](all, "ActiveState"), FileState: property[string](all, "UnitFileState"),
		After: property[[]string](all, "After"), DropIns: property[[]string](all, "DropInPaths"), NeedReload: property[bool](all, "NeedDaemonReload"),
	}, nil
}
