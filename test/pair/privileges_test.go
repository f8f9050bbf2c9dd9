package pair

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

const (
	root  = "0"
	check = "/usr/libexec/keepalived/lbsup-check"
)

// rights are the programs that may start as root, and where. A pattern is one of path.Match for the unit.
var rights = []struct{ program, unit string }{
	{"/usr/sbin/haproxy", "haproxy.service"},
	{"/usr/sbin/keepalived", "keepalived.service"},
	{"/usr/bin/lbsup", "lbsup-apply@*.service"},
	{"/usr/sbin/haproxy", "lbsup-apply@*.service"},    // haproxy -c
	{"/usr/sbin/keepalived", "lbsup-apply@*.service"}, // keepalived -t
	{"/usr/bin/lbsup", "lbsup-recover.service"},       // a change that was cut off
	{"/usr/bin/lbsup", "lbsup-orphans.service"},       // VIPs of a keepalived that is gone
}

// mayBeRoot says whether a program may be started by root: systemd's own programs may, those of rights, and the loader of each.
func mayBeRoot(s start) bool {
	if strings.Contains(s.program, "/systemd/") || strings.HasPrefix(path.Base(s.program), "ld-") {
		return true
	}
	return slices.ContainsFunc(rights, func(r struct{ program, unit string }) bool {
		matches, _ := path.Match(r.unit, s.unit)
		return r.program == s.program && matches
	})
}

// mayRun says whether a program may be started in one of the pair's units by anybody else.
func mayRun(s start, scriptUser string) bool {
	switch s.unit {
	case "keepalived.service":
		return s.program == check && s.user == scriptUser
	case "haproxy.service":
		return s.program == "/usr/sbin/haproxy"
	case "lbsup.service":
		return s.program == "/usr/bin/lbsup"
	default:
		return !strings.HasPrefix(s.unit, "lbsup-apply@")
	}
}

func judge(t *testing.T, n *lab.Node, seen map[start]int, applied bool) {
	t.Helper()
	scriptUser, lbsupUser := sh(t, n, "id -u keepalived_script"), sh(t, n, "id -u lbsup")
	checks, applies := 0, 0
	for s, count := range seen {
		t.Logf("%s: %d × %s as user %s in %s", n.Name, count, s.program, s.user, s.unit)
		switch {
		case s.user == root && !mayBeRoot(s), s.user != root && !mayRun(s, scriptUser), s.unit == "lbsup.service" && s.user != lbsupUser:
			t.Errorf("%s: user %s has started %q in %q", n.Name, s.user, s.program, s.unit)
		}
		if s.program == check {
			checks += count
		}
		if matches, _ := filepath.Match("lbsup-apply@*.service", s.unit); matches && s.program == "/usr/bin/lbsup" {
			applies += count
		}
	}
	if checks == 0 || applied && applies == 0 {
		t.Errorf("%s: saw %d checks and %d applies: this test looks in the wrong place", n.Name, checks, applies)
	}
}

func TestRights(t *testing.T) {
	for _, row := range []struct {
		name       string
		s          start
		root, runs bool
	}{
		{"HAProxy", start{"/usr/sbin/haproxy", root, "haproxy.service"}, true, true},
		{"haproxy -c", start{"/usr/sbin/haproxy", root, "lbsup-apply@reload.service"}, true, false},
		{"apply", start{"/usr/bin/lbsup", root, "lbsup-apply@rollback-3.service"}, true, false},
		{"the loader", start{"/usr/lib64/ld-linux-x86-64.so.2", root, "haproxy.service"}, true, false},
		{"systemd's executor", start{"/usr/lib/systemd/systemd-executor", root, ""}, true, true},
		{"the check", start{check, "994", "keepalived.service"}, false, true},
		{"the check as root", start{check, root, "keepalived.service"}, false, false},
		{"a check by systemctl", start{"/usr/bin/systemctl", "994", "keepalived.service"}, false, false},
		{"a shell of keepalived's", start{"/usr/bin/dash", root, "keepalived.service"}, false, false},
		{"sudo in the supervisor", start{"/usr/bin/sudo", "995", "lbsup.service"}, false, false},
		{"the supervisor as root", start{"/usr/bin/lbsup", root, "lbsup.service"}, false, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := mayBeRoot(row.s); got != row.root {
				t.Errorf("may be root: got %v, want %v", got, row.root)
			}
			if got := mayRun(row.s, "994"); got != row.runs {
				t.Errorf("may run: got %v, want %v", got, row.runs)
			}
		})
	}
}
