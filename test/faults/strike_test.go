package faults

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// strikable lets strace run lbsup apply in its unit, with the arguments that a file holds. What is taken off the unit is what strace cannot do without.
const strikable = `set -e
mkdir -p /run/strike /etc/systemd/system/lbsup-apply@.service.d
cat >/usr/local/sbin/struck <<'.'
#!/bin/sh
[ -s /run/strike/arguments ] || exec "$@"
exec strace -f -qq -e signal=none -o /run/strike/trace $(cat /run/strike/arguments) "$@"
.
chmod 755 /usr/local/sbin/struck
cat >/etc/systemd/system/lbsup-apply@.service.d/strike.conf <<'.'
[Service]
ExecStart=
ExecStart=/usr/local/sbin/struck /usr/bin/lbsup apply --request %i
SystemCallFilter=
ReadWritePaths=-/run/strike
.
systemctl daemon-reload
`

// blow is what happens to a step in the place of itself.
type blow struct{ name, strace string }

var (
	killed     = blow{"kill -9 before", "signal=KILL"}
	noSpace    = blow{"ENOSPC at", "error=ENOSPC"}
	readOnly   = blow{"EROFS at", "error=EROFS"}
	inputError = blow{"EIO at", "error=EIO"}

	slow = blow{"long before", "delay_enter=2000000"} // lets a test do something before the step, on a busy machine too
)

// struck runs something while lbsup apply meets the blow, and says whether it did.
func (n *host) struck(t *testing.T, s step, b blow, do func()) bool {
	t.Helper()
	n.aim(t, s, b)
	do()
	trace := n.disarm(t)
	return strings.Contains(trace, "INJECTED") || strings.HasSuffix(trace, " = ?\n")
}

func (n *host) aim(t *testing.T, s step, b blow) {
	t.Helper()
	path := strings.ReplaceAll(s.path, "#", strconv.Itoa(n.upcoming(t)))
	n.arm(t, "-P "+path+" -e trace="+s.call+" -e inject="+s.call+":"+b.strace+":when="+strconv.Itoa(s.turn))
}

func (n *host) arm(t *testing.T, arguments string) {
	t.Helper()
	_ = os.Remove(n.root + "/run/strike/trace")
	if err := n.Write(context.WithoutCancel(t.Context()), "/run/strike/arguments", []byte(arguments), 0o600); err != nil {
		t.Fatal(err)
	}
}

// disarm returns what strace saw.
func (n *host) disarm(t *testing.T) string {
	t.Helper()
	if err := os.Remove(n.root + "/run/strike/arguments"); err != nil {
		t.Fatal(err)
	}
	trace, err := os.ReadFile(n.root + "/run/strike/trace")
	if err != nil {
		t.Fatalf("nothing was traced: %v", err)
	}
	return string(trace)
}

// stands waits until lbsup apply stands before the step at which it is held up.
func (n *host) stands(t *testing.T) {
	t.Helper()
	held := 0
	eventually(t, func() error {
		held++
		for _, file := range n.threads() {
			if state, _ := os.ReadFile(file); strings.Contains(string(state), ") t ") {
				if held < 3 { // each call is held up for an instant: only this one for long
					return errors.New("lbsup apply may only be passing by")
				}
				return nil
			}
		}
		held = 0
		return errors.New("lbsup apply is not held up")
	})
}

// threads are the files that tell the state of each thread of lbsup apply, see proc_pid_stat(5).
func (n *host) threads() []string {
	all, _ := filepath.Glob(n.root + "/proc/[0-9]*/cmdline") // the pattern is a constant and good
	for _, file := range all {
		if line, _ := os.ReadFile(file); strings.HasPrefix(string(line), "/usr/bin/lbsup\x00apply\x00") {
			files, _ := filepath.Glob(filepath.Dir(file) + "/task/*/stat")
			return files
		}
	}
	return nil
}

// upcoming is the number that the next generation will have.
func (n *host) upcoming(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir(n.store().Dir)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for _, entry := range entries {
		if number, err := strconv.Atoi(entry.Name()); err == nil {
			last = max(last, number)
		}
	}
	return last + 1
}
