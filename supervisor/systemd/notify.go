package systemd

import (
	"fmt"
	"net"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"
)

// The words of sd_notify(3) that lbsup uses.
const (
	Ready    = daemon.SdNotifyReady
	Stopping = daemon.SdNotifyStopping
	Alive    = daemon.SdNotifyWatchdog
	Status   = "STATUS=" // and a phrase behind it, on the same line
)

// Notify tells systemd a state. Where nobody wants to know (no NOTIFY_SOCKET) it does nothing.
func Notify(state string) error {
	if _, err := daemon.SdNotify(false, state); err != nil {
		return fmt.Errorf("cannot notify systemd: %v", err)
	}
	return nil
}

// Watchdog returns the time within which systemd wants to hear Alive, and whether it does.
func Watchdog() (time.Duration, bool) {
	limit, err := daemon.SdWatchdogEnabled(false)
	return limit, err == nil && limit > 0
}

// Listeners returns the sockets that systemd holds for this service, by FileDescriptorName. It takes them: a second call
// returns none. go-systemd has a function for this too, which is silent about a socket that cannot be used.
func Listeners() (map[string][]net.Listener, error) {
	found := map[string][]net.Listener{}
	for _, file := range activation.Files(true) {
		listener, err := net.FileListener(file)
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("cannot take the socket %q that systemd holds: %v", file.Name(), err)
		}
		found[file.Name()] = append(found[file.Name()], listener)
	}
	return found, nil
}
