package supervisor

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/systemd"
)

// Run supervises this node until ctx ends.
func Run(ctx context.Context, c Config) error {
	sockets, err := systemd.Listeners()
	if err != nil {
		return err
	}
	healthSocket, err := socket(sockets, "health", render.HealthSocket)
	if err != nil {
		return err
	}
	controlSocket, err := socket(sockets, "control", render.ControlSocket)
	if err != nil {
		return err
	}
	n := newNode(ctx, c)
	tasks := []Task{
		{Name: "the owner loop", Run: n.loop.run, Ready: n.loop.ready},
		{Name: "the records", Run: n.clerk.run},
		{Name: "the health socket", Run: n.health(healthSocket)},
		{Name: "the control socket", Run: n.control(controlSocket)},
		{Name: "systemd's units", Run: n.watchUnits},
		{Name: "the kernel's addresses", Run: n.watchAddresses},
		{Name: "keepalived's notify FIFO", Run: n.watchTransitions},
		{Name: "the wire", Run: n.watchWire},
		{Name: "HAProxy's servers", Run: n.watchServers},
		{Name: "servers that went", Run: n.sweep},
		{Name: "what a lbsup before this one has left to HAProxy", Run: n.inherit},
		{Name: "watched files", Run: n.watchFiles},
		{Name: "probes", Run: n.probes.run},
		{Name: "the timeline", Run: n.chronicle.keeper.Run},
		{Name: "metrics and the page", Run: n.showing.site.Run},
		{Name: "the exchange with peers", Run: n.exchange.Run},
		{Name: "those who are told", Run: n.notifier.Run},
		{Name: "what systemctl shows", Run: n.announce},
	}
	n.loop.send(ctx, state.Started{At: n.loop.now()})
	defer n.notify(systemd.Stopping)
	return runTasks(ctx, tasks, func() {
		c.Log.Info().Str("version", c.Version).Msg("ready")
		n.notify(systemd.Ready)
	})
}

// socket returns the listener that systemd holds, or makes one where there is no systemd to hold it.
func socket(held map[string][]net.Listener, name, path string) (net.Listener, error) {
	if l := held[name]; len(l) > 0 {
		return l[0], nil
	}
	// One that is typed by hand beside lbsup.service would take its sockets from it, and keepalived's answers with them.
	if c, err := net.Dial("unix", path); err == nil {
		_ = c.Close()
		return nil, &control.Error{
			Message: fmt.Sprintf("cannot make the %s socket: another supervisor, or systemd for it, already listens at %q", name, path),
			Hint:    "lbsup.service runs lbsup on this node: lbsup status tells how it is",
		}
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("cannot make the %s socket: %w", name, err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("cannot make the %s socket: %w", name, err)
	}
	return l, nil
}

// seen is what is, but for what HAProxy alone knows.
func (n *node) seen() status.Snapshot { return snapshot(n.loop.State(), time.Now()) }
