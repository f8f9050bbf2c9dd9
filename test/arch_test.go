// Package test holds what is tested about the whole: the import rules here, the lab of booted hosts and the data that several packages test with below.
package test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/lbsup/lbsup/"

// rule forbids the packages of from to import what matches to, unless except says otherwise. A pattern is an import path without our module's; it ends
// in "/..." where it means the packages below too. "*" is every package of ours.
type rule struct {
	from   []string
	to     []string
	except []string
	why    string
}

var rules = []rule{
	{from: []string{"checks/..."}, to: []string{"*"}, except: []string{"checks/..."},
		why: "checks stand at the bottom: they know probes and verdicts, not who asks"},
	{from: []string{"render/..."}, to: []string{"*"}, except: []string{"render/...", "checks"},
		why: "rendering needs the definition of a check and nothing else of the house"},
	{from: []string{"supervisor/..."}, to: []string{"*"}, except: []string{"supervisor/...", "render/...", "checks/..."},
		why: "imports go down only"},
	{from: []string{"cmd/..."}, to: []string{"*"}, except: []string{"supervisor/...", "render/...", "checks/..."},
		why: "programs ship without the tests' machinery"},
	{from: []string{"cmd/lbsup-check"}, to: []string{"..."}, except: []string{"syscall", "unsafe"},
		why: "keepalived starts it every second: each further import costs at every start"},

	{from: []string{"supervisor/apply"}, to: adaptersBut("apply"), why: onlySupervisor},
	{from: []string{"supervisor/haproxy"}, to: adaptersBut("haproxy"), why: onlySupervisor},
	{from: []string{"supervisor/keepalived"}, to: adaptersBut("keepalived"), why: onlySupervisor},
	{from: []string{"supervisor/systemd"}, to: adaptersBut("systemd"), why: onlySupervisor},
	{from: []string{"supervisor/kernel"}, to: adaptersBut("kernel"), why: onlySupervisor},
	{from: []string{"supervisor/watch"}, to: adaptersBut("watch"), why: onlySupervisor},
	{from: []string{"supervisor/status"}, to: adaptersBut("status"), why: onlySupervisor},
	{from: []string{"supervisor/control"}, to: adaptersBut("control"), except: []string{"supervisor/status"},
		why: "control carries what status says; otherwise: " + onlySupervisor},
	{from: []string{"supervisor/state"}, to: adaptersBut("state"), except: []string{"supervisor/status"},
		why: "state decides in the words of status, and knows no adapter: what they saw comes to it as events"},

	{from: pure, to: []string{"os/...", "net/http/...", "syscall", "log/...", "golang.org/x/sys/...", "github.com/rs/zerolog/..."},
		why: "a pure decision has no I/O and no logger: it is tested without root and without waiting"},

	{from: []string{"*"}, to: []string{"github.com/haproxytech/..."}, except: []string{"supervisor/haproxy <-"},
		why: "its faults are worked round in one place"},
	{from: []string{"*"}, to: []string{"github.com/godbus/...", "github.com/coreos/..."}, except: []string{"supervisor/systemd <-"},
		why: "D-Bus goes away and comes back: one package handles that"},
	{from: []string{"*"}, to: []string{"github.com/fsnotify/..."}, except: []string{"supervisor/watch <-"},
		why: "an event only means look again: one package makes it so"},
	{from: []string{"*"}, to: []string{"github.com/vishvananda/..."}, except: []string{"supervisor/kernel <-"},
		why: "lost netlink messages call for a new listing: one package sees to it"},
	{from: []string{"*"}, to: []string{"github.com/spf13/pflag"}, except: []string{"cmd/... <-"},
		why: "what a library can be told stands in its parameters, not in flags"},
}

const onlySupervisor = "adapters do not know each other; only supervisor translates between them"

var clocks = []string{"time.Now", "time.Since", "time.Until", "time.After", "time.AfterFunc", "time.NewTimer", "time.NewTicker", "time.Tick"}

var pure = []string{"render/...", "checks", "supervisor/state"}

func adaptersBut(own string) []string {
	var others []string
	for _, name := range []string{"apply", "haproxy", "keepalived", "systemd", "kernel", "watch", "control", "status", "state"} {
		if name != own {
			others = append(others, "supervisor/"+name+"/...")
		}
	}
	return append(others, "supervisor")
}

// source is one file that is shipped: its package and imports without our module's path.
type source struct {
	pkg     string
	imports []use
	calls   []use
}

type use struct {
	what  string
	where string // file:line
}

// complaints are the broken rules, one line each, beginning with the place.
func complaints(s source) []string {
	var all []string
	for _, use := range s.imports {
		for _, rule := range rules {
			if rule.forbids(s.pkg, use.what) {
				all = append(all, fmt.Sprintf("%s: %s must not import %s: %s", use.where, s.pkg, use.what, rule.why))
			}
		}
	}
	for _, use := range s.calls {
		if why := callForbidden(s.pkg, use); why != "" {
			all = append(all, fmt.Sprintf("%s: %s must not call %s: %s", use.where, s.pkg, use.what, why))
		}
	}
	return all
}

func (r rule) forbids(from, to string) bool {
	if !matchesAny(r.from, from) || !matchesAny(r.to, to) {
		return false
	}
	for _, exception := range r.except {
		if importer, ok := strings.CutSuffix(exception, " <-"); ok {
			if matches(importer, from) {
				return false
			}
		} else if matches(exception, to) {
			return false
		}
	}
	return true
}

func matchesAny(patterns []string, path string) bool {
	for _, pattern := range patterns {
		if matches(pattern, path) {
			return true
		}
	}
	return false
}

func matches(pattern, path string) bool {
	switch {
	case pattern == "...":
		return true
	case pattern == "*":
		return matchesAny([]string{"cmd/...", "supervisor/...", "render/...", "checks/...", "test/...", "packaging/..."}, path)
	}
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == base || strings.HasPrefix(path, base+"/")
	}
	return path == pattern
}

// callForbidden says why a call may not stand where it stands, or nothing.
func callForbidden(pkg string, call use) string {
	file, _, _ := strings.Cut(call.where, ":")
	if matchesAny(pure, pkg) && matchesAny(clocks, call.what) {
		return "a pure decision has no clock: time comes in with the event"
	}
	if function, ok := strings.CutPrefix(call.what, "net."); ok && matchesAny(pure, pkg) && function != "SplitHostPort" && function != "JoinHostPort" {
		return "a pure decision asks no network: of net it may use what takes texts apart"
	}
	inMain := strings.HasPrefix(pkg, "cmd/") && filepath.Base(file) == "main.go"
	switch call.what {
	case "os.Exit", "syscall.Exit":
		if !inMain {
			return "a program ends in its main.go, so that everything on the way out runs"
		}
	case "log.Fatal", "log.Fatalf", "log.Fatalln":
		return "bad input is an error for the caller to handle"
	case "time.Sleep":
		return "a sleep cannot be cancelled and makes its test slow"
	}
	return ""
}

// shipped are the folders whose files go into a package. The lab is not shipped, but may not leave its floor either.
var shipped = []string{"cmd", "supervisor", "render", "checks"}

func TestImports(t *testing.T) {
	files := token.NewFileSet()
	count := 0
	for _, top := range shipped {
		err := filepath.WalkDir(filepath.Join("..", top), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata") {
				return err
			}
			count++
			s, err := read(files, path)
			for _, complaint := range complaints(s) {
				t.Error(complaint)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if count == 0 {
		t.Error("no files found: this test looks in the wrong place")
	}
}

func read(files *token.FileSet, path string) (source, error) {
	parsed, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	relative := strings.TrimPrefix(filepath.ToSlash(path), "../")
	where := func(node ast.Node) string { return fmt.Sprintf("%s:%d", relative, files.Position(node.Pos()).Line) }
	s := source{pkg: filepath.ToSlash(filepath.Dir(relative))}
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, use{what: strings.TrimPrefix(name, module), where: where(spec)})
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if pkg, ok := selector.X.(*ast.Ident); ok {
				s.calls = append(s.calls, use{what: pkg.Name + "." + selector.Sel.Name, where: where(node)})
			}
		}
		return true
	})
	return s, nil
}

// Each rule must be able to fail.
func TestComplaints(t *testing.T) {
	for _, row := range []struct{ name, pkg, imports, calls, want string }{
		{name: "a check that knows the supervisor", pkg: "checks/probe", imports: "supervisor/haproxy", want: "checks stand at the bottom"},
		{name: "a renderer that probes", pkg: "render/keepalived", imports: "checks/probe", want: "rendering needs the definition"},
		{name: "a renderer that knows what a check is", pkg: "render/keepalived", imports: "checks"},
		{name: "a supervisor that knows its command line", pkg: "supervisor/control", imports: "cmd/lbsup", want: "imports go down only"},
		{name: "a program with the lab in it", pkg: "cmd/lbsup", imports: "test/lab", want: "without the tests' machinery"},
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
	if diff := cmp.Diff("cmd/lbsup-check", s.pkg); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(s.imports) == 0 || len(s.calls) == 0 {
		t.Errorf("found no imports or no calls: %+v", s)
	}
}
