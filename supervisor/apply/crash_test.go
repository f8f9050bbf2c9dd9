package apply

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// memory is a directory of which fsync costs nothing, where there is one: these tests make tens of thousands.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "lbsup-apply-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// scene is a state of the host and a request, from one whole pair of files to another.
type scene struct {
	name    string
	request string
	set     func(h *host)
}

var scenes = []scene{
	{name: "first start on an empty host", request: "reload", set: func(*host) {}},
	{name: "first start over found files", request: "reload", set: func(h *host) {
		h.writes("etc/haproxy/haproxy.cfg", "# found haproxy\n")
		h.writes("etc/keepalived/keepalived.conf", "# found keepalived\n")
	}},
	{name: "a change of both files", request: "reload", set: func(h *host) {
		h.applied("reload")
		h.saves(clusterFile(81))
	}},
	{name: "over an edited file", request: "overwrite", set: func(h *host) {
		h.applied("reload")
		h.writes("etc/haproxy/haproxy.cfg", "# edited\n")
		h.saves(clusterFile(81))
	}},
	{name: "back to before lbsup", request: "rollback-1", set: func(h *host) {
		h.writes("etc/haproxy/haproxy.cfg", "# found haproxy\n")
		h.applied("reload")
	}},
	{name: "beside a hand-written file", request: "reload", set: func(h *host) {
		h.writes("etc/haproxy/haproxy.cfg", byHand)
		h.handsOver()
		h.applied("reload")
		h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), "router_id: 5", "router_id: 6", 1))
	}},
	{name: "with something to retain no more", request: "reload", set: func(h *host) {
		h.Keep = Retention{Committed: 1, Rejected: 1, Bytes: 1}
		for port := 81; port < 84; port++ {
			h.saves(clusterFile(port))
			h.applied("reload")
		}
		h.saves(clusterFile(84))
	}},
}

// pair is what must be whole: both installed files.
func (h *host) pair() string { return h.haproxy() + "\n----\n" + h.keepalived() }

// TestEveryFault breaks the disk at each single call of an apply, in each way, and looks at what is left.
func TestEveryFault(t *testing.T) {
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			total, halves, before, after := rehearse(t, sc)
			if total < 20 {
				t.Fatalf("an apply made only %d calls", total)
			}
			for _, f := range faults {
				for at := 1; at <= total; at++ {
					if f.half && !halves[at] {
						continue
					}
					sc.play(t, f, at, before, after)
				}
			}
		})
	}
}

func rehearse(t *testing.T, sc scene) (calls int, halves map[int]bool, before, after string) {
	h := hostIn(t, memory(t))
	sc.set(h)
	before = h.pair()
	b := &broken{halves: map[int]bool{}}
	if r, stopped := interrupted(h, b, sc.request); stopped || r.Outcome != Committed {
		t.Fatalf("without a fault: %+v", r)
	}
	after = h.pair()
	if before == after {
		t.Fatal("the scene changes nothing")
	}
	return b.calls, b.halves, before, after
}

func (sc scene) play(t *testing.T, f fault, at int, before, after string) {
	dir := memory(t)
	h := hostIn(t, dir)
	sc.set(h)
	// The digest and the generation do not depend on the directory, so neither does the pair.
	b := &broken{fault: f, at: at}
	report, stopped := interrupted(h, b, sc.request)
	where := fmt.Sprintf("%s at call %d (%s)", f.name, at, strings.ReplaceAll(b.last, dir, ""))

	if stopped {
		sc.recovers(t, h, where, before, after)
	} else {
		sc.looksHonest(t, h, report, where, before, after)
	}
	again := h.apply(sc.request)
	if again.Outcome != Committed && again.Outcome != Unchanged {
		t.Fatalf("%s: the next apply: %s at %s: %v", where, again.Outcome, again.Stage, again.Problems)
	}
	if diff := cmp.Diff(after, h.pair()); diff != "" {
		t.Fatalf("%s: after the next apply:\n%s", where, diff)
	}
	if left := h.litter(); len(left) > 0 {
		t.Fatalf("%s: left behind: %v", where, left)
	}
	sc.lostNothing(t, h, where, before)
	must(t, os.RemoveAll(dir))
}

// looksHonest is what must hold right after a failure that the apply has seen: the pair is whole, and the report says
// which.
func (sc scene) looksHonest(t *testing.T, h *host, r Report, where, before, after string) {
	t.Helper()
	want := before
	if r.Outcome == Committed {
		want = after
	}
	if f := strings.Contains(where, "from then on"); f && len(r.Problems) > 0 && strings.HasSuffix(r.Problems[0].Message, later) {
		sc.recovers(t, h, where, before, before)
		return
	}
	if got := h.pair(); got != want {
		t.Fatalf("%s: the report says %s (%v), but the files are not that:\n%s", where, r.Outcome, r.Problems, cmp.Diff(want, got))
	}
	sc.currentIsInstalled(t, h, where, before)
	if r.Outcome == Rejected && len(r.Problems) == 0 {
		t.Fatalf("%s: refused without a reason", where)
	}
}

// recovers is what must hold after a stop, before anything new is tried: recovery alone makes the pair whole again, and
// the current generation is the one that is installed.
func (sc scene) recovers(t *testing.T, h *host, where, before, after string) {
	t.Helper()
	a := h.attempt(Request{Kind: Reload})
	must(t, a.prepare(t.Context()))
	if err := a.recover(t.Context()); err != nil {
		t.Fatalf("%s: recovery: %v", where, err)
	}
	if got := h.pair(); got != before && got != after {
		t.Fatalf("%s: after recovery the files are neither old nor new:\n%s", where, got)
	}
	if left := h.litter(); len(left) > 0 {
		t.Fatalf("%s: left behind by recovery: %v", where, left)
	}
	sc.currentIsInstalled(t, h, where, before)
}

// currentIsInstalled looks whether the current generation is what is on the disk.
func (sc scene) currentIsInstalled(t *testing.T, h *host, where, before string) {
	t.Helper()
	m, err := h.store().Current()
	if _, gone := os.Lstat(h.path("var/lbsup/generations/current")); errors.Is(err, fs.ErrNotExist) && gone != nil && h.pair() == before {
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	for _, f := range m.Files {
		if f.State == FileHandWritten {
			continue // that it is never written is lostNothing's
		}
		want := "(absent)"
		if f.State == FileInstalled {
			want = h.generationFile(m.Number, f.Name)
		}
		if got := h.reads(strings.TrimPrefix(f.Path, h.dir+"/")); got != want && got != "# edited\n" {
			t.Fatalf("%s: generation %d is current, but %s is not its:\n%s", where, m.Number, f.Name, cmp.Diff(want, got))
		}
	}
}

// lostNothing looks for the files that were on the host before, somewhere among the generations.
func (sc scene) lostNothing(t *testing.T, h *host, where, before string) {
	t.Helper()
	if strings.HasPrefix(before, byHand) && h.haproxy() != byHand {
		t.Fatalf("%s: a hand-written file was written", where)
	}
	for _, text := range strings.Split(before, "\n----\n") {
		if !strings.HasPrefix(text, "# found") && !strings.HasPrefix(text, "# edited") {
			continue
		}
		all, err := h.store().List()
		must(t, err)
		kept := false
		for _, m := range all {
			for _, name := range []string{haproxyName, keepalivedName, foundPrefix + haproxyName} {
				kept = kept || h.generationFile(m.Number, name) == text
			}
		}
		if !kept {
			t.Fatalf("%s: %q is lost", where, text)
		}
	}
}

// TestEveryFaultOfARefusal breaks the disk while a refused change is kept with its reason: that is never worth more than a
// note, and nothing of it stands in the way of the next change.
func TestEveryFaultOfARefusal(t *testing.T) {
	refusing := func() *host {
		h := hostIn(t, memory(t))
		h.applied("reload")
		h.saves(clusterFile(81))
		h.exit = func([]string) (Exit, error) { return Exit{Code: 1, Output: "no"}, nil }
		return h
	}
	whole := &broken{}
	if r, _ := interrupted(refusing(), whole, "reload"); r.Outcome != Rejected || r.Number != 2 {
		t.Fatalf("without a fault: %+v", r)
	}
	for _, f := range faults {
		for at := 1; at <= whole.calls; at++ {
			h := refusing()
			before := h.pair()
			b := &broken{fault: f, at: at, halves: map[int]bool{}}
			r, stopped := interrupted(h, b, "reload")
			where := fmt.Sprintf("%s at call %d (%s)", f.name, at, strings.ReplaceAll(b.last, h.dir, ""))
			if !stopped && r.Outcome != Rejected || h.pair() != before || h.current() != 1 {
				t.Fatalf("%s: %+v", where, r)
			}
			h.exit = nil
			h.applied("reload")
			if _, err := h.store().List(); err != nil {
				t.Fatalf("%s: %v", where, err)
			}
			if left := h.litter(); len(left) > 0 {
				t.Fatalf("%s: left behind: %v", where, left)
			}
			must(t, os.RemoveAll(h.dir))
		}
	}
}

// TestStopDuringRecovery stops a second time while the first stop is being recovered from.
func TestStopDuringRecovery(t *testing.T) {
	sc := scenes[2]
	total, _, _, after := rehearse(t, sc)
	for first := total / 2; first <= total; first += 3 {
		for second := 1; second < 40; second += 2 {
			h := hostIn(t, memory(t))
			sc.set(h)
			interrupted(h, &broken{at: first}, sc.request)
			interrupted(h, &broken{at: second}, sc.request)
			h.apply(sc.request)
			if diff := cmp.Diff(after, h.pair()); diff != "" {
				t.Fatalf("stops at %d and %d:\n%s", first, second, diff)
			}
			h.clean()
		}
	}
}

// TestRecoveryLeavesAStrangersFile stops before the first file is installed where there was none, and then somebody
// else installs one.
func TestRecoveryLeavesAStrangersFile(t *testing.T) {
	h := newHost(t)
	b := &broken{halves: map[int]bool{}}
	for b.at = 1; !strings.HasPrefix(b.last, "rename "+h.path("etc/haproxy/.haproxy.cfg.lbsup-new")+" "); b.at++ {
		h = newHost(t)
		b.calls, b.stopped = 0, false
		if _, stopped := interrupted(h, b, "reload"); !stopped {
			t.Fatal("the file is never installed")
		}
	}
	h.writes("etc/haproxy/haproxy.cfg", "# somebody's\n")
	r := h.applied("reload")
	if h.generationFile(r.Previous, haproxyName) != "# somebody's\n" {
		t.Errorf("lost: %+v", r)
	}
	h.clean()
}

// TestAStaleBackup has a backup of long ago in the way, as after somebody removed a journal by hand: no undo may ever
// install it.
func TestAStaleBackup(t *testing.T) {
	for at, stopped := 1, true; stopped; at++ {
		h := hostIn(t, memory(t))
		h.applied("reload")
		before := h.pair()
		h.saves(clusterFile(81))
		h.writes("etc/haproxy/.haproxy.cfg.lbsup-old", "# ancient\n")
		_, stopped = interrupted(h, &broken{at: at}, "reload")
		a := h.attempt(Request{Kind: Reload})
		must(t, a.recover(t.Context()))
		if stopped && h.current() == 1 && h.pair() != before {
			t.Fatalf("a stop at call %d:\n%s", at, cmp.Diff(before, h.pair()))
		}
		if r := h.apply("reload"); r.Outcome == Rejected {
			t.Fatalf("a stop at call %d: %+v", at, r)
		}
		h.clean()
	}
}
