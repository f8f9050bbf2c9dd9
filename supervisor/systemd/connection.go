package systemd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"
)

// SystemBus is where the system bus listens.
const SystemBus = "/run/dbus/system_bus_socket"

const (
	name    = "org.freedesktop.systemd1"
	manager = dbus.ObjectPath("/org/freedesktop/systemd1")

	managerInterface = name + ".Manager"
	unitInterface    = name + ".Unit"
	serviceInterface = name + ".Service"
)

// patience bounds what is asked in a context without a nearer deadline, so that nothing here can hang.
const patience = 10 * time.Second

// Units speaks with systemd over the system bus. Each call has a connection of its own, a millisecond or two, so there is
// none to be found dead after D-Bus was restarted.
type Units struct {
	Bus     string      // the bus's socket; empty: SystemBus
	Trouble func(error) // what Watch stumbles over and survives; may be nil
}

// bus is one connection to the bus.
type bus struct {
	*dbus.Conn
}

// open connects to the bus. The deadline of ctx holds for the handshake too: a bus that accepts and says nothing (stopped,
// or overloaded) must not hold the caller up.
func (u Units) open(ctx context.Context) (bus, error) {
	path := u.Bus
	if path == "" {
		path = SystemBus
	}
	conn, err := u.handshake(ctx, path)
	if err != nil {
		return bus{}, fmt.Errorf("cannot reach D-Bus at %q: %w", path, plain(ctx, err))
	}
	return bus{conn}, nil
}

func (u Units) handshake(ctx context.Context, path string) (*dbus.Conn, error) {
	var dialer net.Dialer
	socket, err := dialer.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { socket.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	// In order, and without a limit: a signal that is dropped or overtaken would be a job that never ends.
	conn, err := dbus.DialUnix(socket.(*net.UnixConn), dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
	if err != nil {
		socket.Close()
		return nil, err
	}
	if err := conn.Auth([]dbus.Auth{dbus.AuthExternal(strconv.Itoa(os.Geteuid()))}); err != nil {
		conn.Close()
		return nil, err
	}
	if err := conn.Hello(); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// call calls a method of an object of systemd's and stores what it returns.
func (b bus) call(ctx context.Context, path dbus.ObjectPath, method string, into []any, args ...any) error {
	call := b.Object(name, path).CallWithContext(ctx, method, 0, args...)
	if call.Err != nil {
		return plain(ctx, call.Err)
	}
	return call.Store(into...)
}

// plain makes an error of net, os or godbus one that reads well after "cannot …:".
func plain(ctx context.Context, err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) {
		<-ctx.Done() // only its deadline makes a timeout here, and a dialer may notice that a moment before it does
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		return errno
	}
	if errors.Is(err, dbus.ErrClosed) {
		return errors.New("the bus closed the connection")
	}
	return err
}
