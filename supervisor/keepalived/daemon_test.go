package keepalived

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/lbsup/lbsup/test/need"
)

// configuration has one instance that nobody competes with.
const configuration = `global_defs {
	vrrp_notify_fifo %s
}
vrrp_instance VI_1 {
	version 3
	state BACKUP
	interface lbsup0
	virtual_router_id 77
	priority %d
	advert_int 0.05
	virtual_ipaddress {
		192.0.2.77/24
	}
}
`

// process drives a real keepalived without systemd: what systemd would do with its unit.
type process struct{ pid int }

func (p process) MainPID(context.Context, string) (int, error) { return p.pid, nil }
func (p process) Reload(context.Context, string) error {
	return fmt.Errorf("this unit cannot be reloaded")
}
func (p process) Kill(_ context.Context, _ string, signal syscall.Signal) error {
	return syscall.Kill(p.pid, signal)
}

func TestRealKeepalived(t *testing.T) {
	need.Root(t)
	need.Programs(t, "keepalived", "ip")
	space := namespace(t)
	h := listen(t)
	h.path = filepath.Join(filepath.Dir(h.path), "fifo")
	dir := t.TempDir()
	conf := filepath.Join(dir, "keepalived.conf")
	configure := func(priority int) {
		if err := os.WriteFile(conf, fmt.Appendf(nil, configuration, h.path, priority), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	configure(100)
	for range 2 { // the reader outlives one keepalived and hears the next
		command := keepalived(t, space, conf, dir)
		pid := command.Process.Pid
		h.want("VI_1 BACKUP", "VI_1 MASTER")
		configure(120)
		if err := Reload(t.Context(), process{pid}, "keepalived.service"); err != nil {
			t.Fatal(err)
		}
		run(t, "ip", "-n", space, "link", "set", "lbsup1", "down")
		h.want("VI_1 FAULT")
		run(t, "ip", "-n", space, "link", "set", "lbsup1", "up")
		h.want("VI_1 BACKUP", "VI_1 MASTER")
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		h.want("VI_1 STOP")
		if err := command.Wait(); err != nil {
			t.Error(err)
		}
	}
}

func run(t *testing.T, words ...string) {
	t.Helper()
	if output, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", strings.Join(words, " "), err, output)
	}
}

func namespace(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("lbsup-fifo-%d", os.Getpid())
	run(t, "ip", "netns", "add", name)
	t.Cleanup(func() { run(t, "ip", "netns", "del", name) })
	run(t, "ip", "-n", name, "link", "add", "lbsup0", "type", "veth", "peer", "name", "lbsup1")
	run(t, "ip", "-n", name, "address", "add", "192.0.2.1/24", "dev", "lbsup0")
	run(t, "ip", "-n", name, "link", "set", "lbsup0", "up")
	run(t, "ip", "-n", name, "link", "set", "lbsup1", "up")
	return name
}

// keepalived starts one; ip executes it in its own place, so the process is keepalived's.
func keepalived(t *testing.T, space, conf, dir string) *exec.Cmd {
	t.Helper()
	command := exec.Command("ip", "netns", "exec", space, "keepalived", "--dont-fork", "--log-console", "--vrrp",
		"--use-file", conf, "--pid", filepath.Join(dir, "pid"), "--vrrp_pid", filepath.Join(dir, "vrrp.pid"))
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if command.ProcessState == nil {
			syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
			command.Wait()
		}
		log.Close()
		if text, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("keepalived:\n%s", text)
		}
	})
	return command
}
