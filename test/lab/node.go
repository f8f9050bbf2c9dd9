package lab

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const hostPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// Node is one host of the lab. Its methods may be called from several goroutines, except Boot and PowerOff.
type Node struct {
	Name string

	lab  *Lab
	host Host
	dir  string // a tmpfs that holds the root
	root string // the overlay

	running atomic.Pointer[container] // nil while the power is off
}

type container struct {
	leader int // PID 1 as the machine sees it
	exited chan struct{}
}

func (n *Node) namespace() string { return n.lab.network.namespace(n.Name) }

// machine names the container and its cgroups. Labs run side by side, so the lab's id is part of it.
func (n *Node) machine() string { return n.namespace() }

func (n *Node) consoleFile() string { return filepath.Join(n.lab.claim.dir, n.Name+".console") }

// Run runs a command as root inside the host and returns what it printed. The error carries what it printed as errors, and wraps
// *exec.ExitError.
func (n *Node) Run(ctx context.Context, argv ...string) (string, error) { return n.run(ctx, nil, argv) }

// Script runs a shell script as root inside the host.
func (n *Node) Script(ctx context.Context, script string, args ...string) (string, error) {
	return n.run(ctx, []byte(script), append([]string{"/bin/sh", "-s", "--"}, args...))
}

func (n *Node) run(ctx context.Context, input []byte, argv []string) (string, error) {
	running := n.running.Load()
	if running == nil {
		return "", fmt.Errorf("cannot run %q on %q: its power is off", strings.Join(argv, " "), n.Name)
	}
	cmd := exec.CommandContext(ctx, "nsenter", append(Enter(running.leader), argv...)...)
	cmd.Env = []string{"PATH=" + hostPath, "HOME=/root", "LC_ALL=C", "SYSTEMD_PAGER=cat"}
	cmd.Dir = "/"
	cmd.Stdin = bytes.NewReader(input)
	// nsenter forks to enter the PID namespace: its child is reached by their common process group only.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("cannot run %q on %q: %w: %s", strings.Join(argv, " "), n.Name, err, strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), nil
}

// Enter are the arguments of nsenter that lead into the host whose PID 1 is leader.
func Enter(leader int) []string {
	return []string{"--target", strconv.Itoa(leader), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--"}
}

// Write puts a file of root's into the running host, over an older one by rename, as an editor would.
func (n *Node) Write(ctx context.Context, path string, data []byte, mode fs.FileMode) error {
	const script = `set -e; umask 077; mkdir -p "$(dirname "$1")"; cat >"$1.new~"; chmod "$2" "$1.new~"; mv -f "$1.new~" "$1"`
	_, err := n.run(ctx, data, []string{"/bin/sh", "-c", script, "sh", path, fmt.Sprintf("%o", mode.Perm())})
	return err
}

// Holds says whether the host has the address on a link.
func (n *Node) Holds(vip netip.Addr) (bool, error) {
	if !n.Running() {
		return false, nil
	}
	to := netip.PrefixFrom(vip, vip.BitLen()).String()
	out, err := exec.Command("ip", "-n", n.namespace(), "-oneline", "address", "show", "to", to).Output()
	if err != nil {
		return false, fmt.Errorf("cannot list addresses of %q: %v", n.Name, err)
	}
	return len(bytes.TrimSpace(out)) > 0, nil
}

// Cut pulls the cable of an interface: the host sees its carrier go.
func (n *Node) Cut(ctx context.Context, iface string) error {
	return n.lab.network.setPort(ctx, n.Name, iface, "down")
}

// Heal plugs it in again.
func (n *Node) Heal(ctx context.Context, iface string) error {
	return n.lab.network.setPort(ctx, n.Name, iface, "up")
}

// Journal is what a unit and systemd about it logged, oldest first.
func (n *Node) Journal(ctx context.Context, unit string) (string, error) {
	return n.Run(ctx, "journalctl", "--unit", unit, "--output", "cat", "--no-pager")
}

// Running says whether the power is on.
func (n *Node) Running() bool { return n.running.Load() != nil }

// PID is the process ID that the machine gives to a process of the host, for a signal from outside. It is 0 for one that has gone.
func (n *Node) PID(inside int) int {
	if !n.Running() {
		return 0
	}
	for _, pid := range inNamespace(context.Background(), n.namespace()) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(status)) {
			if f := strings.Fields(line); len(f) == 3 && f[0] == "NSpid:" && f[2] == strconv.Itoa(inside) {
				return pid
			}
		}
	}
	return 0
}
