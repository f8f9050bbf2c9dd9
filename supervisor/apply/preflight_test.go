package apply

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/need"
)

func TestPreflightOfTheGlobalSection(t *testing.T) {
	rows := []struct {
		name, line, message, hint, note string
	}{
		{name: "no chroot", line: "chroot DIR/none", message: `cannot chroot to "ROOT/none": there is no such directory`, hint: "mkdir -m 0755 ROOT/none"},
		{name: "chroot is a file", line: "chroot DIR/etc/lbsup/lbsup.yaml", message: `cannot chroot to "ROOT/etc/lbsup/lbsup.yaml": there is no such directory`,
			hint: "mkdir -m 0755 ROOT/etc/lbsup/lbsup.yaml"},
		{name: "no directory for the socket", line: "stats socket DIR/none/s", hint: "tmpfiles.d(5) makes directories that outlive a reboot",
			message: `cannot make the stats socket "ROOT/none/s": there is no directory "ROOT/none"`},
		{name: "a socket directory of somebody", line: "stats socket DIR/own/s", note: "under SELinux HAProxy may not start"},
		{name: "many connections", line: "maxconn 999999999", note: "maxconn 999999999 needs 1999999998 open files"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			need.That(t, row.name != "a socket directory of somebody" || os.Geteuid() == 0, "root")
			h := newHost(t)
			must(t, os.Mkdir(h.path("own"), 0o755))
			_ = os.Chown(h.path("own"), 12345, 12345)
			h.saves(clusterFile(80, fmt.Sprintf("haproxy: {global: [%q]}", strings.ReplaceAll(row.line, "DIR", h.dir))))
			if row.message == "" {
				if r := h.applied("reload"); !contains(r.Notes, row.note) {
					t.Errorf("notes: %q", r.Notes)
				}
				return
			}
			r := h.refused("reload", StagePreflight, row.message)
			if got := strings.ReplaceAll(r.Problems[0].Hint, h.dir, "ROOT"); got != row.hint {
				t.Errorf("hint: got %q, want %q", got, row.hint)
			}
		})
	}
}

func TestReadGlobals(t *testing.T) {
	got := readGlobals([]byte(`# chroot /no
global # here
  chroot "/var/lib/haproxy" # there
  maxconn 4000
  stats socket /run/a.sock mode 660
  stats socket unix@/run/b.sock
  stats socket ipv4@127.0.0.1:9999
  stats timeout 5s
defaults
  maxconn 10
  chroot /no
global
  maxconn nonsense
  stats
`))
	want := globals{chroot: "/var/lib/haproxy", sockets: []string{"/run/a.sock", "/run/b.sock"}, maxconn: 4000}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(globals{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzReadGlobals(f *testing.F) {
	f.Add([]byte("global\n chroot /x\n stats socket /run/s\n maxconn 5\n"))
	f.Add([]byte("global\nglobal global\n chroot\n stats socket\n maxconn -1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		g := readGlobals(text)
		for _, s := range g.sockets {
			if !strings.HasPrefix(s, "/") {
				t.Errorf("socket %q", s)
			}
		}
		if g.maxconn < 0 {
			t.Errorf("maxconn %d", g.maxconn)
		}
	})
}
