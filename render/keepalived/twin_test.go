package keepalived

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
)

// twin is a real keepalived in a network namespace, connected to its peer by eth0. Its VIP is on eth1.
type twin struct {
	*running
	node, namespace string
}

// twins starts a pair that has the given instance, every track file saying 0.
func twins(t *testing.T, change func(*cluster.Instance)) (InstancePlan, []*twin) {
	t.Helper()
	keepalived := daemon(t)
	c := pair().Cluster
	c.VRRP.AdvertInterval = 100 * time.Millisecond
	i := &c.VRRP.Instances[0]
	i.Addresses = []cluster.VIP{{Address: netip.MustParsePrefix("198.51.100.10/24"), Interface: "eth1"}}
	i.Track.Checks = rated().VRRP.Instances[0].Track.Checks
	change(i)
	plan := NewPlan(c).Instance("VI")
	var both []*twin
	for _, node := range plan.Nodes {
		w := &twin{running: &running{dir: t.TempDir(), config: filepath.Join(t.TempDir(), "keepalived.conf")}, node: node,
			namespace: fmt.Sprintf("lbsup-%d-%s-%s", os.Getpid(), strings.ReplaceAll(t.Name(), "/", "-"), node)}
		ip(t, "netns", "add", w.namespace)
		t.Cleanup(func() { _ = exec.Command("ip", "netns", "delete", w.namespace).Run() })
		both = append(both, w)
	}
	ip(t, "link", "add", "eth0", "netns", both[0].namespace, "type", "veth", "peer", "name", "eth0", "netns", both[1].namespace)
	for n, w := range both {
		ip(t, "-n", w.namespace, "link", "add", "eth1", "type", "veth", "peer", "name", "far1")
		for _, link := range []string{"lo", "eth0", "eth1", "far1"} {
			ip(t, "-n", w.namespace, "link", "set", link, "up")
		}
		ip(t, "-n", w.namespace, "address", "add", fmt.Sprintf("192.0.2.%d/24", n+1), "dev", "eth0")
		w.start(t, keepalived, local(t, c, w.node))
	}
	return plan, both
}

func ip(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

func (w *twin) start(t *testing.T, keepalived string, l *cluster.Local) {
	t.Helper()
	config, err := Render(l, secrets, installed)
	if err != nil {
		t.Fatal(err)
	}
	w.track(t, 0)
	text := strings.NewReplacer(render.CheckClient, "/bin/true", render.NotifyFIFO, w.dir+"/fifo", render.TrackDir, w.dir).
		Replace(string(ForTest(config.Text)))
	if err := os.WriteFile(w.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.Background(), "ip", "netns", "exec", w.namespace, keepalived, "-n", "-l", "-D",
		"-f", w.config, "-p", w.config+".pid", "-r", w.config+".vrrp.pid")
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.pid = cmd.Process.Pid // ip becomes keepalived
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
}

// link sets the carrier of eth1.
func (w *twin) link(t *testing.T, up bool) {
	t.Helper()
	ip(t, "-n", w.namespace, "link", "set", "far1", map[bool]string{true: "up", false: "down"}[up])
}

func (w *twin) holds(t *testing.T) bool {
	t.Helper()
	out, err := exec.Command("ip", "-n", w.namespace, "-o", "address", "show", "to", "198.51.100.10").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return len(out) > 0
}

// settles waits until the nodes named, and no others, have the VIP, and have had it for longer than a backup waits for adverts.
func settles(t *testing.T, both []*twin, want string) {
	t.Helper()
	const often = 8
	same := 0
	var got string
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		got = ""
		for _, w := range both {
			if w.holds(t) {
				got += w.node
			}
		}
		if same++; got != want {
			same = 0
		}
		if same == often {
			return
		}
	}
	t.Fatalf("the VIP is on %q, want %q", got, want)
}
