package apply

import (
	"fmt"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
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
