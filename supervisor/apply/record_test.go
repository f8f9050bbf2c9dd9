package apply

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lbsup/lbsup/render"
)

func TestNewIsForThisHost(t *testing.T) {
	e := New()
	got := []string{e.ClusterFile, e.HAProxyConfig, e.KeepalivedConfig, e.StateDir, e.generationsDir(), e.Group, e.Trust, e.Node}
	want := []string{render.ClusterFile, render.HAProxyConfig, render.KeepalivedConfig, render.StateDir, render.GenerationsDir, "lbsup", "", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A refused change that cannot even be kept is still refused for its own reason.
func TestARefusedChangeThatCannotBeKept(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.saves("nonsense: [")
	disk := HostDisk()
	h.Disk.Mkdir = func(name string, mode fs.FileMode, gid int) error {
		if strings.HasSuffix(name, freshSuffix) {
			return &fs.PathError{Op: "mkdir", Path: name, Err: syscall.ENOSPC}
		}
		return disk.Mkdir(name, mode, gid)
	}
	r := h.apply("reload")
	if r.Stage != StageParse || r.Number != 0 && r.Number != 1 || !contains(r.Notes, "the refused change could not be kept: ") {
		t.Errorf("got %+v", r)
	}
	h.clean()
}

func TestAReportThatCannotBeLeft(t *testing.T) {
	h := newHost(t)
	disk := HostDisk()
	h.Disk.Create = func(name string, data []byte, mode fs.FileMode, gid int) error {
		if strings.Contains(name, reportName) {
			return &fs.PathError{Op: "open", Path: name, Err: syscall.ENOSPC}
		}
		return disk.Create(name, data, mode, gid)
	}
	if r := h.applied("reload"); !contains(r.Notes, "this report could not be left for the supervisor: ") {
		t.Errorf("got %+v", r)
	}
}

// A commit that cannot be taken back says so, and the next apply puts everything right.
func TestACommitThatCannotBeTakenBack(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	was := h.pair()
	h.saves(clusterFile(81))
	disk := HostDisk()
	h.Disk.Rename = func(oldname, newname string) error {
		if newname == h.KeepalivedConfig || strings.HasSuffix(oldname, ".lbsup-old") {
			return &os.LinkError{Op: "rename", Old: oldname, New: newname, Err: syscall.EIO}
		}
		return disk.Rename(oldname, newname)
	}
	r := h.apply("reload")
	if r.Outcome != Rejected || r.Stage != StageCommit || !strings.HasSuffix(r.Problems[0].Message, later) {
		t.Errorf("got %+v", r)
	}
	h.Disk = disk
	h.saves("nonsense: [")
	r = h.apply("reload")
	if r.Stage != StageParse || h.pair() != was || !contains(r.Notes, "what was there before is put back") {
		t.Errorf("got %+v", r)
	}
	h.clean()
}

// What a newer or older lbsup cannot parse any more can still be put back.
func TestRollbackToAClusterFileThatIsNoLongerUnderstood(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	one := h.pair()
	h.saves(clusterFile(81))
	h.applied("reload")
	h.writes("var/lbsup/generations/1/lbsup.yaml", "from: another version\n")
	r := h.applied("rollback-1")
	if h.pair() != one || !contains(r.Notes, "the cluster file of generation 1 is no longer understood") {
		t.Errorf("got %+v", r)
	}
}

func TestRollbackRefusesOverAnEdit(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.saves(clusterFile(81))
	h.applied("reload")
	h.writes("etc/haproxy/haproxy.cfg", "# edited\n")
	r := h.refused("rollback-1", StageDrift, `cannot replace "ROOT/etc/haproxy/haproxy.cfg": it was edited by hand since generation 2 installed it`)
	if h.haproxy() != "# edited\n" || h.generationFile(r.Number, foundPrefix+haproxyName) != "# edited\n" {
		t.Errorf("got %+v", r)
	}
}

func TestRollbackToADamagedGeneration(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.saves(clusterFile(81))
	h.applied("reload")
	two := h.pair()
	must(t, os.Remove(filepath.Join(h.generation(1), keepalivedName)))
	r := h.apply("rollback-1")
	if r.Outcome != Rejected || r.Stage != StageRead || !strings.HasPrefix(r.Problems[0].Message, "cannot read keepalived.conf of generation 1: ") {
		t.Errorf("got %+v", r)
	}
	if h.pair() != two || h.current() != 2 {
		t.Error("a refused rollback changed something")
	}
	h.clean()
}

func TestLockFile(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	must(t, os.Remove(h.path("var/lbsup/lock")))
	must(t, os.Symlink(h.path("victim"), h.path("var/lbsup/lock")))
	r := h.apply("reload")
	if r.Stage != StageLock || !strings.HasPrefix(r.Problems[0].Message, "cannot open the lock file: ") {
		t.Errorf("a link: got %+v", r)
	}
	if _, err := os.Lstat(h.path("victim")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the link was followed")
	}
}

func TestStateDirectoriesAreMade(t *testing.T) {
	h := newHost(t)
	must(t, os.RemoveAll(h.StateDir))
	h.applied("reload")
	h = newHost(t)
	must(t, os.RemoveAll(h.path("var")))
	h.writes("var", "not a directory")
	r := h.apply("reload")
	if r.Outcome != Rejected || r.Stage != StageRecover || !strings.HasPrefix(r.Problems[0].Message, fmt.Sprintf("cannot make %q: ", h.StateDir)) {
		t.Errorf("got %+v", r)
	}
}

func FuzzGet(f *testing.F) {
	f.Add([]byte(`{"number":1,"files":[{"name":"haproxy.cfg","state":"installed","inode":5,"mtime":"2026-03-01T12:00:00Z"}]}`))
	f.Add([]byte(`{"number":2}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := Store{Dir: t.TempDir()}
		must(t, os.Mkdir(s.dir(1), 0o755))
		must(t, os.WriteFile(s.file(1, manifestName), data, 0o600))
		m, err := s.Get(1)
		if err == nil && m.Number != 1 {
			t.Errorf("got generation %d", m.Number)
		}
		_, _ = s.Drift(m)
	})
}
