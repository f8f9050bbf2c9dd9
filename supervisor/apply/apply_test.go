package apply

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lbsup/lbsup/test/need"
)

func TestApplyInstalls(t *testing.T) {
	h := newHost(t)
	got := h.applied("reload")

	want := Report{Request: "reload", Number: 1, Outcome: Committed, HAProxy: true, Keepalived: true}
	ignore := cmpopts.IgnoreFields(Report{}, "Started", "Took", "Digest", "Notes", "Version")
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if !strings.Contains(h.haproxy(), "bind *:80") || !strings.Contains(h.haproxy(), got.Digest) || got.Digest == "" {
		t.Errorf("digest %q, haproxy.cfg:\n%s", got.Digest, h.haproxy())
	}
	if !strings.Contains(h.keepalived(), "VI_1") {
		t.Errorf("keepalived.conf:\n%s", h.keepalived())
	}
	if h.current() != 1 {
		t.Errorf("current is %d, want 1", h.current())
	}
	left, err := ReadReport(h.StateDir)
	must(t, err)
	if diff := cmp.Diff(got, left); diff != "" {
		t.Errorf("the report that was left differs from the one that was returned:\n%s", diff)
	}
	h.clean()
}

func TestApplyAsksTheDaemonsAboutWhatItStaged(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	want := [][]string{
		{"/usr/sbin/haproxy", "-c", "-f", h.path("etc/haproxy/.haproxy.cfg.lbsup-new")},
		{"/usr/sbin/keepalived", "-t", "-f", h.path("etc/keepalived/.keepalived.conf.lbsup-try")},
	}
	if diff := cmp.Diff(want, h.ran); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
}

func TestModes(t *testing.T) {
	h := newHost(t)
	h.writes("etc/haproxy/haproxy.cfg", "# by hand\n")
	h.applied("reload")
	want := map[string]fs.FileMode{
		"etc/haproxy/haproxy.cfg":                 0o640,
		"etc/keepalived/keepalived.conf":          0o640,
		"var/lbsup":                               fs.ModeDir | 0o750,
		"var/lbsup/report.json":                   0o640,
		"var/lbsup/generations":                   fs.ModeDir | 0o750,
		"var/lbsup/generations/1/haproxy.cfg":     0o600,
		"var/lbsup/generations/2":                 fs.ModeDir | 0o750,
		"var/lbsup/generations/2/lbsup.yaml":      0o640,
		"var/lbsup/generations/2/manifest.json":   0o640,
		"var/lbsup/generations/2/haproxy.cfg":     0o600,
		"var/lbsup/generations/2/keepalived.conf": 0o600,
	}
	for name, mode := range want {
		info, err := os.Stat(h.path(name))
		must(t, err)
		if info.Mode() != mode {
			t.Errorf("%s: got mode %v, want %v", name, info.Mode(), mode)
		}
	}
}

func TestTheGroupMayReadWhatIsNoSecret(t *testing.T) {
	need.Root(t)
	group, err := user.LookupGroup("daemon")
	need.That(t, err == nil, "the group daemon")
	h := newHost(t)
	h.Group = "daemon"
	h.applied("reload")
	rows := map[string]bool{
		"var/lbsup": true, "var/lbsup/report.json": true, "var/lbsup/generations": true, "var/lbsup/generations/1": true,
		"var/lbsup/generations/1/lbsup.yaml": true, "var/lbsup/generations/1/manifest.json": true,
		"var/lbsup/generations/1/haproxy.cfg": false, "var/lbsup/generations/1/keepalived.conf": false,
		"var/lbsup/lock": false, "etc/haproxy/haproxy.cfg": false, "etc/keepalived/keepalived.conf": false,
	}
	for name, want := range rows {
		info, err := os.Stat(h.path(name))
		must(t, err)
		gid := strconv.Itoa(int(info.Sys().(*syscall.Stat_t).Gid))
		if may := gid == group.Gid && info.Mode()&0o040 != 0; may != want {
			t.Errorf("%s (%v, group %s): the group may read it: %v, want %v", name, info.Mode(), gid, may, want)
		}
	}
}

func TestUnchanged(t *testing.T) {
	h := newHost(t)
	first := h.applied("reload")
	h.ran = nil
	got := h.apply("reload")
	if got.Outcome != Unchanged || got.Number != 1 || got.HAProxy || got.Keepalived || got.Digest != first.Digest {
		t.Errorf("got %+v, want unchanged", got)
	}
	if len(h.ran) != 0 {
		t.Errorf("a daemon was asked about what it runs already: %v", h.ran)
	}
	h.clean()
}

func TestOnlyWhatChangedIsInstalled(t *testing.T) {
	rows := []struct {
		name                string
		edit                func(string) string
		haproxy, keepalived bool
	}{
		{"comment", func(s string) string { return "# hello\n" + s }, false, false},
		{"service", func(s string) string { return strings.Replace(s, "192.0.2.21:80", "192.0.2.22:80", 1) }, true, false},
		{"instance", func(s string) string { return strings.Replace(s, "router_id: 81", "router_id: 82", 1) }, false, true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			h.applied("reload")
			oldHAProxy, oldKeepalived := h.haproxy(), h.keepalived()
			h.saves(row.edit(clusterFile(80)))
			got := h.applied("reload")
			if got.Number != 2 || got.Previous != 1 || got.HAProxy != row.haproxy || got.Keepalived != row.keepalived {
				t.Errorf("got %+v", got)
			}
			if (h.haproxy() != oldHAProxy) != row.haproxy || (h.keepalived() != oldKeepalived) != row.keepalived {
				t.Error("the files and the report disagree")
			}
			if drifted, err := h.store().Drift(manifest(t, h, 2)); err != nil || len(drifted) > 0 {
				t.Errorf("drift right after an apply: %v %v", drifted, err)
			}
		})
	}
}

func TestFirstStartAdopts(t *testing.T) {
	h := newHost(t)
	h.writes("etc/haproxy/haproxy.cfg", "# by hand\n")
	got := h.applied("reload")
	if got.Number != 2 || got.Previous != 1 {
		t.Fatalf("got %+v, want generation 2 after the found one", got)
	}
	found := manifest(t, h, 1)
	if found.Origin != OriginFound || found.Outcome != Committed {
		t.Errorf("got %+v", found)
	}
	back := h.applied("rollback-1")
	if h.haproxy() != "# by hand\n" || h.keepalived() != "(absent)" {
		t.Errorf("after the rollback: %q, %q", h.haproxy(), h.keepalived())
	}
	if back.Number != 3 || !back.HAProxy || !back.Keepalived {
		t.Errorf("got %+v", back)
	}
	if drifted, err := h.store().Drift(manifest(t, h, 3)); err != nil || len(drifted) > 0 {
		t.Errorf("drift after the rollback: %v %v", drifted, err)
	}
	h.applied("reload")
	h.clean()
}

func TestARefusedFirstStartStillAdopts(t *testing.T) {
	h := newHost(t)
	h.writes("etc/haproxy/haproxy.cfg", "# by hand\n")
	h.saves("nonsense: [")
	if got := h.apply("reload"); got.Outcome != Rejected || got.Stage != StageParse || got.Number != 2 {
		t.Errorf("got %+v", got)
	}
	if m := manifest(t, h, 1); m.Origin != OriginFound {
		t.Errorf("got %+v", m)
	}
	if text, err := h.store().Cluster(2); err != nil || string(text) != "nonsense: [" {
		t.Errorf("the refused input is kept as %q, %v", text, err)
	}
	if h.haproxy() != "# by hand\n" {
		t.Errorf("haproxy.cfg is %q", h.haproxy())
	}
}

func TestRollback(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	one := h.haproxy() + h.keepalived()
	h.saves(clusterFile(81))
	h.applied("reload")
	back := h.applied("rollback-1")
	if got := h.haproxy() + h.keepalived(); got != one {
		t.Error("the rollback did not put generation 1 back")
	}
	m := manifest(t, h, 3)
	if back.Number != 3 || back.Previous != 2 || m.Request != "rollback-1" || m.Origin != "generation 1" || m.Digest() != back.Digest {
		t.Errorf("got %+v, %+v", back, m)
	}
	if text, err := h.store().Cluster(3); err != nil || string(text) != clusterFile(80) {
		t.Errorf("the cluster file of the rollback: %q %v", text, err)
	}
	if h.reads("etc/lbsup/lbsup.yaml") != clusterFile(81) {
		t.Error("a rollback must not touch the cluster file")
	}
	if again := h.apply("rollback-1"); again.Outcome != Unchanged || again.Number != 3 {
		t.Errorf("the same rollback again: %+v", again)
	}
	if forward := h.applied("reload"); forward.Number != 4 {
		t.Errorf("forward again: %+v", forward)
	}
	h.clean()
}

func TestRollbackRefused(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.saves("nonsense: [")
	h.apply("reload")
	h.refused("rollback-7", StageRead, "cannot roll back to generation 7: there is no such generation")
	h.refused("rollback-2", StageRead, "cannot roll back to generation 2: it was rejected (parse) and never installed")
}

func TestRollbackIsValidated(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.saves(clusterFile(81))
	h.applied("reload")
	two := h.haproxy()
	h.exit = func([]string) (Exit, error) { return Exit{Code: 1, Output: "[ALERT] no"}, nil }
	h.refused("rollback-1", StageHAProxy, `HAProxy refuses "ROOT/etc/haproxy/haproxy.cfg": it found errors (exit code 1)`)
	if h.haproxy() != two || h.current() != 2 {
		t.Error("a refused rollback changed something")
	}
}

func TestCheckChangesNothing(t *testing.T) {
	h := newHost(t)
	h.writes("etc/haproxy/haproxy.cfg", "# by hand\n")
	got := h.Check(t.Context())
	if got.Outcome != Accepted || !got.HAProxy || !got.Keepalived || len(h.ran) != 2 {
		t.Errorf("got %+v after %v", got, h.ran)
	}
	if h.haproxy() != "# by hand\n" || h.keepalived() != "(absent)" {
		t.Error("a check installed something")
	}
	if _, err := h.store().Current(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a check made a generation: %v", err)
	}
	if _, err := ReadReport(h.StateDir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a check left a report: %v", err)
	}
	h.applied("reload")
	if again := h.Check(t.Context()); again.Outcome != Unchanged {
		t.Errorf("got %+v, want unchanged", again)
	}
	h.saves("nonsense: [")
	if bad := h.Check(t.Context()); bad.Outcome != Rejected || bad.Stage != StageParse {
		t.Errorf("got %+v", bad)
	}
	if all, err := h.store().List(); err != nil || len(all) != 2 {
		t.Errorf("a check kept generations: %v %v", all, err)
	}
	h.clean()
}

func TestForceInstallsLikeReload(t *testing.T) {
	h := newHost(t)
	if got := h.applied("force"); got.Request != "force" || got.Number != 1 {
		t.Errorf("got %+v", got)
	}
}

func manifest(t *testing.T, h *host, n int) Manifest {
	t.Helper()
	m, err := h.store().Get(n)
	must(t, err)
	return m
}

func (h *host) generationFile(n int, name string) string {
	return h.reads(filepath.Join("var/lbsup/generations", filepath.Base(h.generation(n)), name))
}
