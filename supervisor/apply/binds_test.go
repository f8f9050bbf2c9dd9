package apply

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/need"
)

func TestPreflightBinds(t *testing.T) {
	rows := []struct {
		name string
		err  error
		want Problem
	}{
		{"a stranger's", syscall.EADDRINUSE, Problem{Path: "services.web.bind", Message: "cannot bind 0.0.0.0:80: another program holds it",
			Hint: "end that program, or give the service another address or port"}},
		{"not local", syscall.EADDRNOTAVAIL, Problem{Path: "services.web.bind", Message: "cannot bind 0.0.0.0:80: this host has no such address",
			Hint: "bind *, a VIP of this cluster, or an address of this host"}},
		{"forbidden", syscall.EACCES, Problem{Path: "services.web.bind", Message: "cannot bind 0.0.0.0:80: permission denied",
			Hint: "a security policy forbids this port: see the audit log"}},
		{"anything else", errors.New("odd"), Problem{Path: "services.web.bind", Message: "cannot bind 0.0.0.0:80: odd"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			h.busy = map[netip.AddrPort]error{netip.MustParseAddrPort("0.0.0.0:80"): row.err}
			r := h.apply("reload")
			if len(r.Problems) == 1 && strings.HasSuffix(r.Problems[0].Message, "holds it") {
				r.Problems[0].Message = "cannot bind 0.0.0.0:80: another program holds it" // or whoever has it on this host
			}
			if diff := cmp.Diff([]Problem{row.want}, r.Problems); diff != "" || r.Stage != StagePreflight {
				t.Errorf("at %s (-want +got):\n%s", r.Stage, diff)
			}
			if len(h.ran) > 0 {
				t.Error("the daemons were asked nevertheless")
			}
		})
	}
}

func TestBindsOfAClusterFile(t *testing.T) {
	h := newHost(t)
	tried := map[string]bool{}
	h.Bind = func(at netip.AddrPort, nonLocal bool) error { tried[at.String()] = nonLocal; return nil }
	h.savesWithPassword("x")
	h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), `["*:80"]`, `["192.0.2.10:80", "192.0.2.11:80", "[::1]:80"]`, 1))
	h.applied("reload")
	want := map[string]bool{"192.0.2.10:80": true, "192.0.2.11:80": false, "[::1]:80": false, "0.0.0.0:1936": false}
	if diff := cmp.Diff(want, tried); diff != "" {
		t.Errorf("binds, true for a VIP (-want +got):\n%s", diff)
	}
}

// The real bind(2), against real sockets.
func TestBind(t *testing.T) {
	stranger, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer stranger.Close()
	taken := netip.MustParseAddrPort(stranger.Addr().String())
	if err := Bind(taken, false); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a stranger's port: got %v", err)
	}
	if got, want := holder(taken), fmt.Sprintf("(process %d)", os.Getpid()); !strings.HasSuffix(got, want) {
		t.Errorf("the holder is %q, want %s", got, want)
	}
	if got, want := holder(netip.AddrPortFrom(netip.IPv4Unspecified(), taken.Port())), fmt.Sprintf("(process %d)", os.Getpid()); !strings.HasSuffix(got, want) {
		t.Errorf("the holder in the way of * is %q, want %s", got, want)
	}
	stranger.Close()
	if err := Bind(taken, false); err != nil {
		t.Errorf("a free port: got %v", err)
	}
	if err := Bind(netip.MustParseAddrPort("192.0.2.10:8080"), true); err != nil {
		t.Errorf("a VIP that another node holds: got %v", err)
	}
	if data, err := os.ReadFile("/proc/sys/net/ipv4/ip_nonlocal_bind"); err == nil && string(data) == "0\n" {
		if err := Bind(netip.MustParseAddrPort("192.0.2.10:8080"), false); !errors.Is(err, syscall.EADDRNOTAVAIL) {
			t.Errorf("a foreign address: got %v", err)
		}
	}
}

func TestListening(t *testing.T) {
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0000 100 0 0 10 0
   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1 0000 100 0 0 10 0
   2: 0100007F:0051 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 333 1 0000 100 0 0 10 0
   3: 00000000000000000000000001000000:0052 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 444 1 0 1
`
	rows := []struct{ at, want string }{
		{"127.0.0.1:8080", "111"}, {"0.0.0.0:8080", "111"}, {"10.0.0.1:8080", ""}, {"10.0.0.1:80", "222"},
		{"127.0.0.1:81", ""}, {"[::1]:82", "444"}, {"[::2]:82", ""}, {"[::]:82", "444"},
	}
	for _, row := range rows {
		if got := listening(table, netip.MustParseAddrPort(row.at)); got != row.want {
			t.Errorf("%s: got %q, want %q", row.at, got, row.want)
		}
	}
}

func FuzzListening(f *testing.F) {
	f.Add("   0: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0 0 0 111 1", uint16(8080))
	f.Add("0: zz:1F90 x 0A 1 2 3 4 5 6 7", uint16(80))
	f.Add("0: 0100:0050 x 0A 1 2 3 4 5 6 7", uint16(80))
	f.Fuzz(func(t *testing.T, table string, port uint16) {
		if got := listening(table, netip.AddrPortFrom(netip.IPv4Unspecified(), port)); got != "" && !strings.Contains(table, got) {
			t.Errorf("%q is not in the table", got)
		}
	})
}

// A port that HAProxy itself holds is no obstacle, and trying it takes no connection away.
func TestBindBesideHAProxy(t *testing.T) {
	program, err := exec.LookPath("haproxy")
	need.NoError(t, err)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	at := netip.MustParseAddrPort(free.Addr().String())
	free.Close()
	h := newHost(t)
	h.writes("h.cfg", fmt.Sprintf("defaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\nfrontend f\n bind %s\n monitor-uri /\n", at))
	daemon := exec.Command(program, "-db", "-f", h.path("h.cfg"))
	must(t, daemon.Start())
	t.Cleanup(func() { _ = daemon.Process.Kill(); _ = daemon.Wait() })
	url := fmt.Sprintf("http://%s/", at)
	answers := func() bool {
		answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(url)
		if err != nil {
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	}
	until(t, "HAProxy to answer", answers)
	for range 50 {
		if err := Bind(at, false); err != nil {
			t.Fatalf("HAProxy's own port: %v", err)
		}
		if !answers() {
			t.Fatal("a connection was lost")
		}
	}
}
