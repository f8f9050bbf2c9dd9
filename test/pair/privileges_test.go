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
