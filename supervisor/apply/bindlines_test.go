package apply

import (
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/need"
)

func TestBindLines(t *testing.T) {
	for _, row := range []struct{ line, want string }{
		{"bind *:80", "0.0.0.0:80"},
		{"  bind :8080 name x", "0.0.0.0:8080"},
		{"bind 192.0.2.10:443 ssl crt /x transparent alpn h2", "192.0.2.10:443 elsewhere"},
		{"bind [2001:db8::1]:443", "[2001:db8::1]:443"},
		{"bind :::80 v6only", "[::]:80"},
		{"bind ipv4@192.0.2.1:80,ipv6@[::1]:81", "192.0.2.1:80 [::1]:81"},
		{"bind 'ipv4@127.0.0.1:80' # a comment", "127.0.0.1:80"},
		{"bind *:8000-8002", "0.0.0.0:8000 0.0.0.0:8001 0.0.0.0:8002"},
		{"bind *:80-", ""},
		{"bind *:9-8", ""},
		{"bind *:0", ""},
		{"bind *:70000", ""},
		{"bind unix@/run/x.sock", ""},
		{"bind /run/x.sock", ""},
		{"bind abns@x", ""},
		{"bind fd@3", ""},
		{"bind name.example:80", ""},
		{"bind \"${ADDRESS}:80\"", ""},
		{"bind", ""},
		{"# bind *:80", ""},
		{"use_backend bind if x", ""},
	} {
		t.Run(row.line, func(t *testing.T) {
			var got []string
			for _, w := range bindLines([]byte("frontend f\n" + row.line + "\n")) {
				text := w.at.String()
				if w.nonLocal {
					text += " elsewhere"
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(row.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Of a section that is disabled when HAProxy starts, HAProxy binds nothing.
func TestBindLinesOfADisabledSection(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"disabled", "frontend a\n  disabled\n  bind *:80\nlisten b\n  bind *:81\n", "0.0.0.0:81"},
		{"disabled behind its bind", "listen a\n  bind *:80\n  disabled # for now\n", ""},
		{"a server that is disabled", "listen a\n  bind *:80\n  server s 192.0.2.1:80 disabled\n", "0.0.0.0:80"},
		{"enabled again", "listen a\n  disabled\n  bind *:80\n  enabled\n", "0.0.0.0:80"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, w := range bindLines([]byte(row.text)) {
				got = append(got, w.at.String())
			}
			if diff := cmp.Diff(row.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestADisabledServiceIsNotBound(t *testing.T) {
	h := newHost(t)
	h.busy = map[netip.AddrPort]error{netip.MustParseAddrPort("0.0.0.0:80"): syscall.EADDRINUSE}
	h.saves(clusterFile(80, "    disabled: true\n"))
	h.applied("reload")
	h.saves(clusterFile(80))
	if r := h.apply("reload"); r.Stage != StagePreflight {
		t.Errorf("enabled, while a stranger has the port: got %s at %q", r.Outcome, r.Stage)
	}
}

// The real HAProxy starts beside a stranger who has the port of a disabled frontend, and listens where it is not disabled.
func TestHAProxyBindsNothingThatIsDisabled(t *testing.T) {
	program, err := exec.LookPath("haproxy")
	need.NoError(t, err)
	stranger, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer stranger.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	at := free.Addr().String()
	free.Close()
	h := newHost(t)
	h.writes("h.cfg", fmt.Sprintf("defaults\n mode tcp\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n"+
		"frontend a\n disabled\n bind %s\nlisten b\n bind %s\n server s 127.0.0.1:9\n", stranger.Addr(), at))
	daemon := exec.Command(program, "-db", "-f", h.path("h.cfg"))
	must(t, daemon.Start())
	t.Cleanup(func() { _ = daemon.Process.Kill(); _ = daemon.Wait() })
	until(t, "HAProxy to listen", func() bool {
		c, err := net.Dial("tcp", at)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

func TestALongRangeIsTriedInPart(t *testing.T) {
	if got := len(bindLines([]byte("bind *:1-65535"))); got != mostPorts {
		t.Errorf("got %d ports, want %d", got, mostPorts)
	}
}

// A raw bind that cannot be made would silence every frontend for two seconds.
func TestRawBindIsTriedToo(t *testing.T) {
	h := newHost(t)
	h.busy = map[netip.AddrPort]error{netip.MustParseAddrPort("203.0.113.9:6443"): syscall.EADDRNOTAVAIL}
	h.saves(clusterFile(80, "    raw: [\"bind 203.0.113.9:6443\"]\n"))
	r := h.refused("reload", StagePreflight, "cannot bind 203.0.113.9:6443: this host has no such address")
	if len(h.ran) > 0 {
		t.Errorf("the daemons were asked nevertheless: %v %+v", h.ran, r)
	}
}

func FuzzBindLines(f *testing.F) {
	for _, line := range []string{"bind *:80", "bind [::]:1-65535,:2 transparent", "bind ipv4@:::-"} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, w := range bindLines(text) {
			if !w.at.IsValid() || w.at.Port() == 0 {
				t.Error(fmt.Sprint(w))
			}
		}
	})
}
