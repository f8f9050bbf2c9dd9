// Package test holds what is tested about the whole: the import rules here, the lab of booted hosts and the data that several packages test with below.
package test

import (
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
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
	{from: []string{"*"}, to: []string{"test/need"}, except: []string{"test/... <-"},
		why: "what skips a test has no place in what ships"},
	{from: []string{"test/need"}, to: []string{"*"},
		why: "every test imports it: what it knew, all of them would depend on"},
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
	{from: []string{"supervisor/metrics"}, to: adaptersBut("metrics"), except: []string{"supervisor/status"},
		why: "metrics tell what status says; otherwise: " + onlySupervisor},
	{from: []string{"supervisor/page"}, to: adaptersBut("page"), except: []string{"supervisor/status"},
		why: "the page shows what status says; otherwise: " + onlySupervisor},
	{from: []string{"supervisor/peers"}, to: adaptersBut("peers"), except: []string{"supervisor/status"},
		why: "nodes tell each other what status says; otherwise: " + onlySupervisor},
	{from: []string{"supervisor/notify"}, to: adaptersBut("notify"), except: []string{"supervisor/status"},
		why: "who is told, is told what status says; otherwise: " + onlySupervisor},
	{from: []string{"supervisor/state", "supervisor/apply", "render/...", "checks/..."}, to: []string{"supervisor/peers", "supervisor/notify"},
		why: "nothing is decided by what peers tell, nor by whether somebody can be told"},
	{from: []string{"supervisor/wire"}, to: adaptersBut("wire"), why: onlySupervisor},
	{from: []string{"supervisor/host"}, to: adaptersBut("host"), why: onlySupervisor},
	{from: []string{"supervisor/doctor/..."}, to: adaptersBut("doctor"), why: "doctor judges facts: who sees them is the command's business"},
	{from: []string{"supervisor/state"}, to: adaptersBut("state"), except: []string{"supervisor/status"},
		why: "state decides in the words of status, and knows no adapter: what they saw comes to it as events"},
	{from: []string{"supervisor/timeline/..."}, to: adaptersBut("timeline"), except: []string{"supervisor/status", "supervisor/state"},
		why: "the timeline tells of what state went through in the words of status, and knows no adapter"},

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
	{from: []string{"*"}, to: []string{"github.com/prometheus/..."}, except: []string{"supervisor/metrics <-"},
		why: "what is counted, and how it is called, stands in one place"},
	{from: []string{"*"}, to: []string{"github.com/spf13/pflag"}, except: []string{"cmd/... <-"},
		why: "what a library can be told stands in its parameters, not in flags"},
}

const onlySupervisor = "adapters do not know each other; only supervisor translates between them"

var clocks = []string{"time.Now", "time.Since", "time.Until", "time.After", "time.AfterFunc", "time.NewTimer", "time.NewTicker", "time.Tick"}

var pure = []string{"render/...", "checks", "supervisor/state", "supervisor/timeline"}

func adaptersBut(own string) []string {
	var others []string
	for _, name := range []string{"apply", "haproxy", "keepalived", "systemd", "kernel", "watch", "control", "status", "state", "timeline", "metrics", "page", "wire", "host", "doctor", "peers", "notify"} {
		if name != own {
			others = append(others, "supervisor/"+name+"/...")
		}
	}
	return append(others, "supervisor")
}

// ruled are the folders whose files go into a package, and the one that every test imports. Their own tests may import what they need.
var ruled = []string{"cmd", "supervisor", "render", "checks", "packaging", "test/need"}

func TestImports(t *testing.T) {
	files := token.NewFileSet()
	count := 0
	for _, top := range ruled {
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
