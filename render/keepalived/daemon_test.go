package keepalived

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
)

// running is a real keepalived in a network namespace of its own, whose only interface is called eth0.
type running struct {
	pid    int
	dir    string // of its track files
	config string // the path of its configuration; beside it are .pid and .vrrp.pid

	mutex sync.Mutex
	log   bytes.Buffer
}

func (r *running) Write(b []byte) (int, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.log.Write(b)
}

// said counts how often keepalived has said something.
func (r *running) said(words string) int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return strings.Count(r.log.String(), words)
}

func (r *running) waitFor(t *testing.T, words string) {
	t.Helper()
	r.waitForTimes(t, words, 1)
}

func (r *running) waitForTimes(t *testing.T, words string, times int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if r.said(words) >= times {
			return
		}
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	t.Fatalf("keepalived did not say %q %d times:\n%s", words, times, r.log.String())
}

// track writes the track file as the supervisor does: a new file put in the place of the old one.
func (r *running) track(t *testing.T, value int) {
	t.Helper()
	path := filepath.Join(r.dir, "VI")
	if err := os.WriteFile(path+".new", fmt.Appendln(nil, value), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// start runs keepalived with a configuration. /bin/true stands in for the health question.
func start(t *testing.T, l *cluster.Local, secrets cluster.Secrets, value int) *running {
	t.Helper()
	keepalived := daemon(t)
	config, err := Render(l, secrets, installed)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{dir: t.TempDir(), config: filepath.Join(t.TempDir(), "keepalived.conf")}
	r.track(t, value)
	text := strings.NewReplacer(render.CheckClient, "/bin/true", render.NotifyFIFO, r.dir+"/fifo", render.TrackDir, r.dir).
		Replace(string(ForTest(config.Text)))
	if err := os.WriteFile(r.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	const script = `ip link set lo up && ip link add eth0 type veth peer name peer && ip link set peer up && ip link set eth0 up &&
		ip address add 192.0.2.1/24 dev eth0 && exec "$0" -n -l -D -f "$1" -p "$1.pid" -r "$1.vrrp.pid"`
	cmd := exec.CommandContext(context.Background(), "unshare", "-n", "sh", "-c", script, keepalived, r.config)
	cmd.Stdout, cmd.Stderr = r, r
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.pid = cmd.Process.Pid // unshare, sh and keepalived become each other
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	return r
}

// TestTrackFileMovesPriority has the real keepalived add up what the plan says, and go into FAULT.
func TestTrackFileMovesPriority(t *testing.T) {
	l := pair()
	first := NewPlan(l.Cluster).Instance("VI").Nodes[0]
	well := NewPlan(l.Cluster).Instance("VI").Value(first, nil, false)
	r := start(t, l, secrets, well.Value)
	r.waitFor(t, "(VI) Changing effective priority from 50 to 253")
	r.waitFor(t, "(VI) Entering MASTER STATE")
	r.track(t, 103)
	r.waitFor(t, "(VI) Changing effective priority from 253 to 153")
	r.track(t, faulted)
	r.waitFor(t, "(VI) Entering FAULT STATE")
	r.track(t, well.Value)
	r.waitFor(t, "(VI) Setting effective priority to 253")
}

// TestPasswordOnTheWire reads an advert of the real keepalived, so that no character of a password is a comment, a brace or a quote.
func TestPasswordOnTheWire(t *testing.T) {
	for i, password := range []string{`a!#{'}&b`, `#;()<>|?`, `!`, "@[]`^*=,"} {
		t.Run(fmt.Sprintf("password %d", i), func(t *testing.T) {
			t.Parallel()
			l := pair()
			l.VRRP.Version, l.VRRP.AdvertInterval = 2, time.Second
			l.VRRP.Instances[0].Auth = &cluster.Auth{Type: "pass", PasswordFile: "/p"}
			l.VRRP.Instances[0].Addresses[0].Address = netip.MustParsePrefix("192.0.2.10/24")
			r := start(t, l, cluster.Secrets{"/p": password}, 203)
			r.waitFor(t, "(VI) Entering MASTER STATE")
			if got := authOf(t, r.pid); got != password {
				t.Errorf("the advert says %q, want %q", got, password)
			}
		})
	}
}

// authOf waits for an advert in the network namespace of a process and returns its authentication data (RFC 2338, section 5.1).
func authOf(t *testing.T, pid int) string {
	t.Helper()
	type result struct {
		auth string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		runtime.LockOSThread() // and never unlock: the thread ends with the goroutine, since it is in another namespace
		auth, err := sniff(pid)
		done <- result{auth, err}
	}()
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	return got.auth
}

func sniff(pid int) (string, error) {
	ns, err := unix.Open(fmt.Sprintf("/proc/%d/ns/net", pid), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	defer unix.Close(ns)
	if err := unix.Setns(ns, unix.CLONE_NEWNET); err != nil {
		return "", err
	}
	const everything = unix.ETH_P_ALL<<8 | unix.ETH_P_ALL>>8 // in network byte order
	socket, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, everything&0xffff)
	if err != nil {
		return "", err
	}
	defer unix.Close(socket)
	if err := unix.SetsockoptTimeval(socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 30}); err != nil {
		return "", err
	}
	packet := make([]byte, 2048)
	for {
		n, _, err := unix.Recvfrom(socket, packet, 0)
		if err != nil {
			return "", err
		}
		const ipHeader, vrrpHeader, address, auth = 20, 8, 4, 8
		if n >= ipHeader+vrrpHeader+address+auth && packet[0] == 0x45 && packet[9] == 112 && packet[ipHeader+3] == 1 {
			data := packet[ipHeader+vrrpHeader+address:][:auth]
			return string(bytes.TrimRight(data, "\x00")), nil
		}
	}
}
