package lab

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const bootLimit = 60 * time.Second

// Boot starts the host: its namespace with all cables plugged, then PID 1. It returns when the boot is finished.
func (n *Node) Boot(ctx context.Context) error {
	if n.running.Load() != nil {
		return fmt.Errorf("cannot boot %q: it is running", n.Name)
	}
	ctx, cancel := context.WithTimeout(ctx, bootLimit)
	defer cancel()
	if err := n.lab.network.addHost(ctx, n.host); err != nil {
		return err
	}
	if err := n.start(ctx); err != nil {
		return fmt.Errorf("cannot boot %q: %w%s", n.Name, err, n.console())
	}
	n.lab.saveRecord()
	return n.settle(ctx)
}

// start runs nspawn and waits for the two messages that it sends: who is PID 1, and that the boot is done.
func (n *Node) start(ctx context.Context) error {
	path := filepath.Join(n.dir, "notify")
	_ = os.Remove(path)
	notify, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return err
	}
	cmd, err := n.nspawn(path)
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	go func() {
		defer notify.Close()
		_ = cmd.Wait() // how it ended stands on its console
		close(exited)
	}()
	leader, err := awaitReady(ctx, notify)
	if err != nil {
		return err
	}
	n.running.Store(&container{leader: leader, exited: exited})
	return nil
}

// awaitReady returns PID 1 of a host that has booted.
func awaitReady(ctx context.Context, notify *net.UnixConn) (leader int, err error) {
	stop := context.AfterFunc(ctx, func() { notify.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	message := make([]byte, 4096)
	for {
		size, err := notify.Read(message)
		if err != nil {
			return 0, errors.Join(errors.New("it did not get ready"), ctx.Err())
		}
		for line := range strings.Lines(string(message[:size])) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			switch {
			case key == "X_NSPAWN_LEADER_PID":
				leader, _ = strconv.Atoi(value)
			case key == "READY" && value == "1" && leader != 0:
				go drain(notify)
				return leader, nil
			}
		}
	}
}

// drain keeps the socket's queue from filling, which would stop nspawn.
func drain(notify *net.UnixConn) {
	message := make([]byte, 4096)
	for {
		if _, err := notify.Read(message); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
	}
}

// settle waits for the last job of the boot. A vendor's unit that fails in a container is no reason to give up the host.
func (n *Node) settle(ctx context.Context) error {
	out, err := n.Run(ctx, "systemctl", "is-system-running", "--wait")
	if state := strings.TrimSpace(out); state == "running" {
		return nil
	} else if state != "degraded" {
		return fmt.Errorf("cannot boot %q: the system is %q: %v", n.Name, state, err)
	}
	failed, err := n.Run(ctx, "systemctl", "--failed", "--no-legend", "--plain")
	n.lab.say("%s is up, but failed: %s", n.Name, strings.TrimSpace(failed))
	return err
}

// nspawn is the container's command line, behind a shell that first steps into the container's cgroups where there are any.
func (n *Node) nspawn(notify string) (*exec.Cmd, error) {
	args := []string{"systemd-nspawn", "--quiet", "--boot", "--directory=" + n.root, "--register=no", "--settings=no",
		"--machine=" + n.machine(), "--hostname=" + n.Name, "--network-namespace-path=/run/netns/" + n.namespace(),
		"--kill-signal=SIGRTMIN+3", "--notify-ready=yes", "--console=pipe", "--suppress-sync=yes",
		"--link-journal=no", "--resolv-conf=off", "--timezone=off",
		// nspawn gives this and a writable /proc/sys/net only with a network of its own making.
		"--capability=CAP_NET_ADMIN",
		// keepalived locks itself into memory, on a real host too.
		"--capability=CAP_IPC_LOCK", "--rlimit=RLIMIT_NOFILE=1024:524288"}
	var groups []string
	if !systemdManagesMachine() {
		args = append(args, "--keep-unit")
		var err error
		if groups, err = makeCgroups(n.machine()); err != nil {
			return nil, err
		}
	}
	const step = `while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs" || exit 1; shift; done; shift; exec "$@"`
	shell := append([]string{"-c", step, "sh"}, groups...)
	cmd := exec.Command("/bin/sh", append(append(shell, "--"), args...)...)
	cmd.Env = []string{"PATH=" + hostPath, "NOTIFY_SOCKET=" + notify, "SYSTEMD_NSPAWN_API_VFS_WRITABLE=network",
		// Version 2 inside also where the machine mixes both, as all distributions of today have it.
		"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // an interrupt typed to the owner is the owner's business
	console, err := os.OpenFile(n.consoleFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = console, console
	return cmd, nil
}

// PowerOff is the plug pulled: the cables go dead first, so that nothing says goodbye, then everything is killed, and with the namespace go the
// addresses, which would else go on answering. Files stay.
func (n *Node) PowerOff(ctx context.Context) error {
	running := n.running.Load()
	if running == nil {
		return fmt.Errorf("cannot power off %q: it is not running", n.Name)
	}
	for _, port := range n.host.Ports {
		if err := n.Cut(ctx, port.Name); err != nil {
			return err
		}
	}
	if err := unix.Kill(running.leader, unix.SIGKILL); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("cannot power off %q: %v", n.Name, err)
	}
	select {
	case <-running.exited:
	case <-ctx.Done():
		return fmt.Errorf("cannot power off %q: %w", n.Name, ctx.Err())
	}
	n.running.Store(nil)
	n.lab.saveRecord()
	return n.lab.network.removeHost(ctx, n.Name)
}

// console is the end of what the host printed, for an error message.
func (n *Node) console() string {
	data, _ := os.ReadFile(n.consoleFile())
	if text := strings.TrimSpace(string(data[max(0, len(data)-2000):])); text != "" {
		return "\n" + text
	}
	return ""
}
