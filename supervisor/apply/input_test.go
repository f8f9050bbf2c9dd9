package apply

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

const withStats = `stats: {bind: "*:1936", uri: /stats, user: admin, password_file: PASSWORD}` + "\n"

func (h *host) savesWithPassword(password string) {
	h.writes("etc/lbsup/stats.password", password)
	h.saves(clusterFile(80, strings.ReplaceAll(withStats, "PASSWORD", h.path("etc/lbsup/stats.password"))))
}

func TestInputRefused(t *testing.T) {
	rows := []struct {
		name    string
		set     func(h *host)
		stage   Stage
		message string
		kept    bool // as a generation
	}{
		{"missing", func(h *host) { must(h.t, os.Remove(h.ClusterFile)) }, StageRead,
			`cannot read cluster file "ROOT/etc/lbsup/lbsup.yaml": it does not exist`, false},
		{"huge", func(h *host) { h.saves(strings.Repeat("#", 10<<20)) }, StageRead,
			`cannot read cluster file "ROOT/etc/lbsup/lbsup.yaml": it is larger than 1024 KiB`, false},
		{"password missing", func(h *host) { h.savesWithPassword("x"); must(h.t, os.Remove(h.path("etc/lbsup/stats.password"))) }, StageRead,
			`cannot read password file "ROOT/etc/lbsup/stats.password": it does not exist`, true},
		{"password unsafe", func(h *host) {
			h.savesWithPassword("x")
			must(h.t, os.Chmod(h.path("etc/lbsup/stats.password"), 0o666))
		}, StageRead,
			`cannot read password file "ROOT/etc/lbsup/stats.password": it is not safe: "ROOT/etc/lbsup/stats.password" (mode 0666) can be written by others than root`, true},
		{"password of two lines", func(h *host) { h.savesWithPassword("tell\nnobody\n") }, StageParse,
			"", true},
		{"another node", func(h *host) { h.Node = "lb9" }, StageParse,
			`cannot find this node "lb9" among the nodes of cluster "web"`, true},
		{"the host is no node", func(h *host) { h.Node = ""; h.Hostname = func() (string, error) { return "lb9", nil } }, StageParse,
			"", true},
		{"the host has no name", func(h *host) { h.Node = ""; h.Hostname = func() (string, error) { return "", errors.New("no") } }, StageParse,
			"cannot find out this host's name: no", true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			row.set(h)
			r := h.apply("reload")
			if row.message == "" && len(r.Problems) > 0 {
				row.message = strings.ReplaceAll(r.Problems[0].Message, h.dir, "ROOT") // another package's words
			}
			h.wantRefusal(r, row.stage, row.message)
			all, err := h.store().List()
			if err != nil || (len(all) == 1) != row.kept || (r.Number == 1) != row.kept {
				t.Errorf("kept %v, %v", all, err)
			}
			if h.haproxy() != "(absent)" {
				t.Error("something was installed")
			}
			h.clean()
		})
	}
}

func TestProblemsKeepTheirPlace(t *testing.T) {
	h := newHost(t)
	h.saves(strings.Replace(clusterFile(80), "mode: tcp", "mode: udp", 1))
	r := h.apply("reload")
	if len(r.Problems) == 0 || r.Problems[0].Line != 14 || r.Problems[0].Column == 0 || r.Problems[0].Path != "services[0].mode" || r.Problems[0].File != h.ClusterFile {
		t.Errorf("got %+v", r.Problems)
	}
}

func TestNodeByTheHostsName(t *testing.T) {
	h := newHost(t)
	h.Node, h.Hostname = "", func() (string, error) { return "lb2.example.net", nil }
	h.applied("reload")
	if m := manifest(t, h, 1); m.Node != "lb2" {
		t.Errorf("got node %q", m.Node)
	}
	h.Node = "lb1"
	if r := h.applied("reload"); r.Number != 2 {
		t.Errorf("another node is another generation: %+v", r)
	}
}

func TestSecretsStayInside(t *testing.T) {
	const secret = "Tr0ub4dor&3"
	h := newHost(t)
	h.savesWithPassword(secret + "\n")
	h.exit = func(argv []string) (Exit, error) {
		return Exit{Code: 1, Output: "[ALERT] parsing [" + argv[3] + ":7]: unmatched quote in\n stats auth admin:" + secret + " x " + secret}, nil
	}
	r := h.refused("reload", StageHAProxy, `HAProxy refuses "ROOT/etc/haproxy/haproxy.cfg": it found errors (exit code 1)`)
	if !strings.Contains(r.Words, "["+h.HAProxyConfig+":7]") {
		t.Errorf("the words name a file that nobody knows: %s", r.Words)
	}
	h.exit = nil
	h.applied("reload")
	if !strings.Contains(h.haproxy(), secret) {
		t.Error("the password is not where it belongs")
	}
	// Everything that the group may read.
	out, err := exec.Command("find", h.StateDir, "-type", "f", "-perm", "/040", "-exec", "cat", "{}", "+").Output()
	must(t, err)
	if len(out) == 0 || strings.Contains(string(out), secret) {
		t.Errorf("the password is in %s", out)
	}
	if note := "can be read by everybody"; contains(r.Notes, note) {
		t.Errorf("unwanted note: %v", r.Notes)
	}
	must(t, os.Chmod(h.path("etc/lbsup/stats.password"), 0o644))
	if r := h.apply("reload"); !contains(r.Notes, "can be read by everybody: chmod 600") {
		t.Errorf("notes: %v", r.Notes)
	}
}

func TestGivingUp(t *testing.T) {
	h := newHost(t)
	ctx, cancel := context.WithCancel(t.Context())
	h.exit = func([]string) (Exit, error) { cancel(); return Exit{}, nil }
	r := h.Apply(ctx, Request{Kind: Reload})
	h.wantRefusal(r, StageKeepalived, "cannot go on: context canceled")
	if h.haproxy() != "(absent)" {
		t.Error("installed behind the back of who gave up")
	}
	h.clean()
}

func TestLock(t *testing.T) {
	h := newHost(t)
	entered, release := make(chan struct{}), make(chan struct{})
	h.exit = func(argv []string) (Exit, error) {
		if argv[0] == h.HAProxy {
			close(entered)
			<-release
		}
		return Exit{}, nil
	}
	first := make(chan Report)
	go func() { first <- h.Apply(t.Context(), Request{Kind: Reload}) }()
	<-entered
	second := *h.Engine
	second.Now = time.Now
	r := second.Apply(t.Context(), Request{Kind: Rollback, Number: 1})
	if r.Outcome != Rejected || r.Stage != StageLock || !strings.Contains(r.Problems[0].Message, "another apply runs: process ") ||
		!strings.Contains(r.Problems[0].Message, ", reload, since 2026-03-01T12:00:0") {
		t.Errorf("got %+v", r)
	}
	left, err := ReadReport(h.StateDir)
	if err != nil || left.Stage != StageLock {
		t.Errorf("the refused one left %+v, %v", left, err)
	}
	second.LockWait = time.Minute
	waiting := make(chan Report)
	go func() { waiting <- second.Apply(t.Context(), Request{Kind: Reload}) }()
	close(release)
	if r := <-first; r.Outcome != Committed {
		t.Errorf("the first: %+v", r)
	}
	if r := <-waiting; r.Outcome != Unchanged {
		t.Errorf("the one that waited: %+v", r)
	}
	h.clean()
}
