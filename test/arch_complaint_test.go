package test

import (
	"go/token"
	"strings"
	"testing"
)

// Each rule must be able to fail.
func TestComplaints(t *testing.T) {
	for _, row := range []struct{ name, pkg, imports, calls, want string }{
		{name: "a check that knows the supervisor", pkg: "checks/probe", imports: "supervisor/haproxy", want: "checks stand at the bottom"},
		{name: "a renderer that probes", pkg: "render/keepalived", imports: "checks/probe", want: "rendering needs the definition"},
		{name: "a renderer that knows what a check is", pkg: "render/keepalived", imports: "checks"},
		{name: "a supervisor that knows its command line", pkg: "supervisor/control", imports: "cmd/lbsup", want: "imports go down only"},
		{name: "a program with the lab in it", pkg: "cmd/lbsup", imports: "test/lab", want: "without the tests' machinery"},
		{name: "a script of the package that skips", pkg: "packaging/deb", imports: "test/need", want: "no place in what ships"},
		{name: "a set-up that several tests share", pkg: "test/bench/pairtest", imports: "test/need"},
		{name: "a need that knows the lab", pkg: "test/need", imports: "test/lab", want: "every test imports it"},
		{name: "a heavy check client", pkg: "cmd/lbsup-check", imports: "fmt", want: "keepalived starts it every second"},
		{name: "a light check client", pkg: "cmd/lbsup-check", imports: "syscall"},
		{name: "two adapters", pkg: "supervisor/haproxy", imports: "supervisor/kernel", want: "adapters do not know each other"},
		{name: "an adapter that calls its master", pkg: "supervisor/watch", imports: "supervisor", want: "adapters do not know each other"},
		{name: "control that carries status", pkg: "supervisor/control", imports: "supervisor/status"},
		{name: "control that does things itself", pkg: "supervisor/control", imports: "supervisor/apply", want: "control carries what status says"},
		{name: "state that looks for itself", pkg: "supervisor/state", imports: "supervisor/kernel", want: "knows no adapter"},
		{name: "apply that renders", pkg: "supervisor/apply", imports: "render/haproxy"},
		{name: "a renderer that reads files", pkg: "render/haproxy", imports: "os", want: "a pure decision has no I/O"},
		{name: "a renderer that runs programs", pkg: "render/haproxy", imports: "os/exec", want: "a pure decision has no I/O"},
		{name: "a renderer that looks names up", pkg: "render/haproxy", calls: "net.LookupHost", want: "asks no network"},
		{name: "a renderer that takes addresses apart", pkg: "render/haproxy", calls: "net.SplitHostPort"},
		{name: "a state with a clock", pkg: "supervisor/state", calls: "time.Now", want: "has no clock"},
		{name: "a check with a clock", pkg: "checks/probe", calls: "time.Now"},
		{name: "a renderer with addresses", pkg: "render/haproxy", imports: "net/netip"},
		{name: "a state that logs", pkg: "supervisor/state", imports: "github.com/rs/zerolog", want: "a pure decision has no I/O"},
		{name: "a probe with I/O", pkg: "checks/probe", imports: "net/http"},
		{name: "D-Bus elsewhere", pkg: "supervisor/keepalived", imports: "github.com/godbus/dbus/v5", want: "D-Bus goes away"},
		{name: "D-Bus at home", pkg: "supervisor/systemd", imports: "github.com/coreos/go-systemd/v22/dbus"},
		{name: "fsnotify elsewhere", pkg: "supervisor", imports: "github.com/fsnotify/fsnotify", want: "an event only means look again"},
		{name: "netlink elsewhere", pkg: "checks/probe", imports: "github.com/vishvananda/netlink", want: "lost netlink messages"},
		{name: "client-native elsewhere", pkg: "render/haproxy", imports: "github.com/haproxytech/client-native/v5/runtime", want: "its faults"},
		{name: "flags in a library", pkg: "supervisor/control", imports: "github.com/spf13/pflag", want: "in its parameters"},
		{name: "flags in a program", pkg: "cmd/lbsup", imports: "github.com/spf13/pflag"},
		{name: "an exit in the middle", pkg: "cmd/lbsup", calls: "os.Exit", want: "ends in its main.go"},
		{name: "a fatal", pkg: "supervisor", calls: "log.Fatalf", want: "for the caller to handle"},
		{name: "a sleep", pkg: "supervisor", calls: "time.Sleep", want: "cannot be cancelled"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := source{pkg: row.pkg}
			if row.imports != "" {
				s.imports = []use{{what: row.imports, where: row.pkg + "/file.go:3"}}
			}
			if row.calls != "" {
				s.calls = []use{{what: row.calls, where: row.pkg + "/file.go:3"}}
			}
			got := complaints(s)
			if row.want == "" && len(got) > 0 {
				t.Errorf("complains about what is good: %q", got)
			}
			if row.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], row.pkg+"/file.go:3: ") || !strings.Contains(got[0], row.want)) {
				t.Errorf("got %q, want one complaint with %q", got, row.want)
			}
		})
	}
}

func TestRead(t *testing.T) {
	s, err := read(token.NewFileSet(), "../cmd/lbsup-check/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if s.pkg != "cmd/lbsup-check" {
		t.Errorf("got package %q", s.pkg)
	}
	if len(s.imports) == 0 || len(s.calls) == 0 {
		t.Errorf("found no imports or no calls: %+v", s)
	}
}
