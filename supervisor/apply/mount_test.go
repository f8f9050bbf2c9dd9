package apply

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/lbsup/lbsup/test/need"
)

// mounts puts something over a directory of the host and takes it away again.
func (h *host) mounts(source, name, kind string, flags uintptr, data string) {
	h.t.Helper()
	need.Root(h.t)
	if err := syscall.Mount(source, h.path(name), kind, flags, data); err != nil {
		need.That(h.t, false, "the right to mount: "+err.Error())
	}
	h.t.Cleanup(func() { _ = syscall.Unmount(h.path(name), syscall.MNT_DETACH) })
}

// TestAFullDisk applies with every amount of free space from none to enough, all on one small real file system.
func TestAFullDisk(t *testing.T) {
	const page = 4096
	outer := newHost(t)
	must(t, os.Mkdir(outer.path("small"), 0o755))
	outer.mounts("tmpfs", "small", "tmpfs", 0, "size=512k,mode=0755")
	h := hostIn(t, outer.path("small"))
	h.applied("reload")
	refusals, commits := 0, 0
	for room := range 24 {
		was := h.pair()
		h.saves(clusterFile(81 + room))
		h.fill(room * page)
		r := h.apply("reload")
		switch r.Outcome {
		case Committed:
			commits++
		case Rejected:
			refusals++
			if h.pair() != was {
				t.Fatalf("with room for %d: refused at %s, but the files changed", room, r.Stage)
			}
			if p := r.Problems[0]; p.Hint != "free some space on that file system and try again; nothing was changed" {
				t.Errorf("with room for %d: %s, hint %q", room, p.Message, p.Hint)
			}
		}
		must(t, os.Remove(h.path("filler")))
		if r := h.apply("reload"); r.Outcome == Rejected {
			t.Fatalf("after a refusal with room for %d: %+v", room, r)
		}
		h.clean()
	}
	if refusals == 0 || commits == 0 {
		t.Errorf("%d refusals and %d commits: the disk was never, or always, full", refusals, commits)
	}
}

// fill leaves so many bytes free.
func (h *host) fill(room int) {
	h.t.Helper()
	var free syscall.Statfs_t
	must(h.t, syscall.Statfs(h.dir, &free))
	size := int(free.Bavail)*int(free.Bsize) - room
	must(h.t, os.WriteFile(h.path("filler"), make([]byte, max(size, 0)), 0o600))
}

func TestReadOnlyDirectories(t *testing.T) {
	for _, name := range []string{"etc/haproxy", "etc/keepalived", "var/lbsup"} {
		t.Run(strings.ReplaceAll(name, "/", "_"), func(t *testing.T) {
			h := newHost(t)
			h.applied("reload")
			was := h.pair()
			h.saves(clusterFile(81))
			h.mounts(h.path(name), name, "", syscall.MS_BIND, "")
			must(t, syscall.Mount("", h.path(name), "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
			r := h.apply("reload")
			if r.Outcome != Rejected || r.Problems[0].Hint != "the file system is read-only; make it writable and try again" {
				t.Errorf("got %+v", r)
			}
			if h.pair() != was || h.current() != 1 {
				t.Error("something changed")
			}
			must(t, syscall.Unmount(h.path(name), syscall.MNT_DETACH))
			if r := h.applied("reload"); !r.HAProxy || !r.Keepalived {
				t.Errorf("got %+v", r)
			}
			h.clean()
		})
	}
}

// A file that is itself a mount point, as in some containers, cannot be renamed over.
func TestAMountedFile(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	was := h.pair()
	h.saves(clusterFile(81))
	h.mounts(h.HAProxyConfig, "etc/haproxy/haproxy.cfg", "", syscall.MS_BIND, "")
	r := h.apply("reload")
	if r.Outcome != Rejected || r.Stage != StageCommit {
		t.Errorf("got %+v", r)
	}
	if got := fmt.Sprint(r.Problems[0].Hint); got != "a file that is a mount point cannot be replaced: mount its directory instead" {
		t.Errorf("%s\nhint %q", r.Problems[0].Message, got)
	}
	if h.pair() != was || h.current() != 1 {
		t.Error("something changed")
	}
	h.clean()
}
