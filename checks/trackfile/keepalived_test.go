package trackfile

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/need"
)

// configuration has one instance that nobody competes with; the rest of it is what the renderer writes too.
const configuration = `global_defs {
    router_id test
    vrrp_notify_fifo %[1]s/fifo
}
vrrp_track_file VI_1 {
    file %[1]s/track/VI_1
    weight 1
}
vrrp_instance VI_1 {
    version 3
    state BACKUP
    interface veth0
    virtual_router_id 7
    priority 50
    advert_int 0.1
    virtual_ipaddress {
        192.0.2.7/24
    }
    track_file {
        VI_1
    }
}
`

// TestKeepalived writes numbers for a real keepalived in a network namespace of its own, and reads what it makes of them.
func TestKeepalived(t *testing.T) {
	need.Root(t)
	need.Programs(t, "ip", "keepalived")
	home := t.TempDir()
	dir := Dir{filepath.Join(home, "track")}
	if err := os.Mkdir(dir.Path, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(value int) {
		t.Helper()
		if err := dir.Write("VI_1", value); err != nil {
			t.Fatal(err)
		}
	}
	write(203)
	states := start(t, home)
	states.await("MASTER")
	write(Fault)
	states.await("FAULT")
	write(203)
	states.await("MASTER")
	write(0)
	write(Fault)
	states.await("FAULT")
}

// start runs keepalived until the test ends.
func start(t *testing.T, home string) transitions {
	t.Helper()
	ns := namespace(t)
	conf := filepath.Join(home, "keepalived.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, configuration, home), 0o600); err != nil {
		t.Fatal(err)
	}
	states := listen(t, filepath.Join(home, "fifo"))
	output, err := os.Create(filepath.Join(home, "log"))
	if err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command("ip", "netns", "exec", ns, "keepalived", "-n", "-l", "-D", "-P", "-G", "-f", conf,
		"-p", filepath.Join(home, "parent.pid"), "-r", filepath.Join(home, "vrrp.pid"))
	daemon.Stdout, daemon.Stderr = output, output
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = daemon.Process.Signal(syscall.SIGTERM)
		_ = daemon.Wait()
		if t.Failed() {
			text, _ := os.ReadFile(output.Name())
			t.Logf("keepalived said:\n%s", text)
		}
		_ = output.Close()
	})
	return states
}

// namespace makes a network namespace with a link in it.
func namespace(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("lbsup-track-%d", os.Getpid())
	ip := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			t.Fatalf("ip %v: %v: %s", args, err, out)
		}
	}
	ip("netns", "add", name)
	t.Cleanup(func() { ip("netns", "del", name) })
	ip("-n", name, "link", "set", "lo", "up")
	ip("-n", name, "link", "add", "veth0", "up", "type", "veth", "peer", "name", "veth1")
	ip("-n", name, "link", "set", "veth1", "up")
	ip("-n", name, "address", "add", "192.0.2.1/24", "dev", "veth0")
	return name
}

// transitions are the lines that keepalived writes into its notify FIFO.
type transitions struct {
	t     *testing.T
	lines chan string
}

func listen(t *testing.T, path string) transitions {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	fifo, err := os.OpenFile(path, os.O_RDWR, 0) // read-write: it does not end when a writer goes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = fifo.Close() })
	lines := make(chan string, 100)
	go func() {
		for scanner := bufio.NewScanner(fifo); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	return transitions{t, lines}
}

// await reads on until the instance is in this state.
func (s transitions) await(state string) {
	s.t.Helper()
	patience := time.After(20 * time.Second)
	var seen []string
	for {
		select {
		case line := <-s.lines:
			seen = append(seen, line)
			if strings.HasPrefix(line, `INSTANCE "VI_1" `+state+" ") {
				return
			}
		case <-patience:
			s.t.Fatalf("keepalived did not go to %s; it told %q", state, seen)
		}
	}
}
