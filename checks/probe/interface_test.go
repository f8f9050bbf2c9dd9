package probe

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/test/need"
)

func TestInterfaceStates(t *testing.T) {
	const up, down = "0x1003\n", "0x1002\n"
	for _, tc := range []struct {
		name                      string
		flags, carrier, operstate string // "": the file is missing
		want                      checks.Result
	}{
		{"up", up, "1\n", "up\n", healthy("interface eth0 is up")},
		{"a driver without states", up, "1\n", "unknown\n", healthy("interface eth0 is up")},
		{"set down", down, "", "down\n", failed("interface eth0 is set down")},
		{"cable out", up, "0\n", "down\n", failed("interface eth0 has no carrier")},
		{"waiting for authentication", up, "1\n", "dormant\n", failed("interface eth0 is dormant")},
		{"its lower link is down", up, "1\n", "lowerlayerdown\n", failed("interface eth0 is lowerlayerdown")},
		{"not there", "", "", "", failed("there is no interface eth0")},
		{"flags that are no number", "up\n", "1\n", "up\n", doubtful("cannot read the flags of interface eth0")},
		{"set down between two looks", up, "", "up\n", doubtful("cannot read the carrier of interface eth0")},
		{"no state", up, "1\n", "", doubtful("cannot read the state of interface eth0")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range map[string]string{"flags": tc.flags, "carrier": tc.carrier, "operstate": tc.operstate} {
				if text != "" {
					write(t, filepath.Join(root, "eth0", name), text)
				}
			}
			f, err := newInterface("c", root, "eth0")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, f(t.Context())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// insideNamespace makes a copy of the test program print what a probe finds, where "ip netns exec" has put it.
const insideNamespace = "LBSUP_TEST_INTERFACE"

func TestMain(m *testing.M) {
	link, inside := os.LookupEnv(insideNamespace)
	if !inside {
		m.Run()
		return
	}
	fmt.Print(look(filepath.Join(sysClassNet, link), link).Reason)
}

// TestInterfaceOfTheKernel asks the real kernel, in a network namespace of its own.
func TestInterfaceOfTheKernel(t *testing.T) {
	need.Root(t)
	need.Programs(t, "ip")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ns := fmt.Sprintf("lbsup-probe-%d", os.Getpid())
	ip := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			t.Fatalf("ip %v: %v: %s", args, err, out)
		}
	}
	ip("netns", "add", ns)
	t.Cleanup(func() { ip("netns", "del", ns) })
	ip("-n", ns, "link", "add", "veth0", "up", "type", "veth", "peer", "name", "veth1")
	ip("-n", ns, "link", "add", "veth2", "up", "type", "veth", "peer", "name", "veth3")
	ip("-n", ns, "link", "set", "veth3", "up")
	for _, tc := range []struct{ link, want string }{
		{"lo", "interface lo is set down"},
		{"veth2", "interface veth2 is up"},
		{"veth0", "interface veth0 has no carrier"},
		{"veth1", "interface veth1 is set down"},
		{"eth9", "there is no interface eth9"},
	} {
		t.Run(tc.link, func(t *testing.T) {
			command := exec.Command("ip", "netns", "exec", ns, self)
			command.Env = append(os.Environ(), insideNamespace+"="+tc.link)
			out, err := command.CombinedOutput()
			if err != nil || string(out) != tc.want {
				t.Errorf("got %q, %v, want %q", out, err, tc.want)
			}
		})
	}
}
