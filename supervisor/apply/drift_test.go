package apply

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDriftIsRefusedAndKept(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.writes("etc/haproxy/haproxy.cfg", "# edited\n")
	drifted, err := h.store().Drift(manifest(t, h, 1))
	if diff := cmp.Diff([]string{h.HAProxyConfig}, drifted); diff != "" || err != nil {
		t.Errorf("drift by stat: %s %v", diff, err)
	}
	h.saves(clusterFile(81))
	r := h.refused("reload", StageDrift, `cannot replace "ROOT/etc/haproxy/haproxy.cfg": it was edited by hand since generation 1 installed it`)
	if diff := cmp.Diff([]string{h.HAProxyConfig}, r.Drifted); diff != "" {
		t.Error(diff)
	}
	if h.haproxy() != "# edited\n" || h.generationFile(2, "found-haproxy.cfg") != "# edited\n" {
		t.Error("the edited file must stay, and be kept")
	}
	h.refused("force", StageDrift, `cannot replace "ROOT/etc/haproxy/haproxy.cfg": it was edited by hand since generation 1 installed it`)

	over := h.applied("overwrite")
	if over.Number != 4 || h.generationFile(4, "found-haproxy.cfg") != "# edited\n" || !contains(over.Notes, "overwritten as asked") {
		t.Errorf("got %+v", over)
	}
	if drifted, err := h.store().Drift(manifest(t, h, 4)); err != nil || len(drifted) > 0 {
		t.Errorf("drift after the overwrite: %v %v", drifted, err)
	}
	h.clean()
}

func TestDriftWithoutAChangeOfTheClusterFile(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	good := h.keepalived()
	h.writes("etc/keepalived/keepalived.conf", "# edited\n")
	h.refused("reload", StageDrift, `cannot replace "ROOT/etc/keepalived/keepalived.conf": it was edited by hand since generation 1 installed it`)
	r := h.applied("overwrite")
	if h.keepalived() != good || r.HAProxy || !r.Keepalived {
		t.Errorf("got %+v", r)
	}
}

func TestARemovedFileIsPutBack(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	good := h.haproxy()
	must(t, os.Remove(h.HAProxyConfig))
	if drifted, err := h.store().Drift(manifest(t, h, 1)); err != nil || len(drifted) != 1 {
		t.Errorf("got %v %v", drifted, err)
	}
	if r := h.applied("reload"); h.haproxy() != good || !contains(r.Notes, "was removed by somebody: it is put back") || !r.HAProxy {
		t.Errorf("got %+v", r)
	}
}

func TestAFileThatNobodyExpects(t *testing.T) {
	h := newHost(t)
	h.writes("etc/haproxy/haproxy.cfg", "# before\n")
	h.applied("reload")
	h.applied("rollback-1") // there was no keepalived.conf then
	h.writes("etc/keepalived/keepalived.conf", "# a new hand\n")
	if drifted, err := h.store().Drift(manifest(t, h, 3)); err != nil || len(drifted) != 1 {
		t.Errorf("got %v %v", drifted, err)
	}
	h.refused("reload", StageDrift, `cannot replace "ROOT/etc/keepalived/keepalived.conf": it was not written by lbsup`)
}

func TestTheSameContentIsNoDrift(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.writes("etc/haproxy/haproxy.cfg", h.haproxy())
	must(t, os.Chtimes(h.HAProxyConfig, time.Time{}, time.Unix(1, 0)))
	if drifted, _ := h.store().Drift(manifest(t, h, 1)); len(drifted) != 1 {
		t.Errorf("stat cannot know better, got %v", drifted)
	}
	if r := h.apply("reload"); r.Outcome != Unchanged {
		t.Errorf("got %+v", r)
	}
	if drifted, _ := h.store().Drift(manifest(t, h, 1)); len(drifted) != 0 {
		t.Errorf("the new identity was not noted: %v", drifted)
	}
	h.clean()
}

func TestALinkIsNotReplaced(t *testing.T) {
	h := newHost(t)
	h.writes("elsewhere.cfg", byHand)
	must(t, os.Symlink(h.path("elsewhere.cfg"), h.HAProxyConfig))
	h.refused("reload", StageDrift, `cannot replace "ROOT/etc/haproxy/haproxy.cfg": it is not a regular file`)
	if h.reads("elsewhere.cfg") != byHand {
		t.Error("the file behind the link was changed")
	}
}

func TestAnEditDuringTheCheckOfTheDaemons(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.saves(clusterFile(81))
	h.exit = func([]string) (Exit, error) {
		h.writes("etc/haproxy/haproxy.cfg", "# just now\n")
		return Exit{}, nil
	}
	h.refused("reload", StageCommit, `cannot replace "ROOT/etc/haproxy/haproxy.cfg": somebody changed it just now`)
	if h.haproxy() != "# just now\n" {
		t.Error("the edit is lost")
	}
	h.clean()
}

// byHand has what lbsup cannot do without.
const byHand = "global\n    stats socket /run/haproxy-lbsup.sock mode 660 group haproxy level admin\n"

const handWrittenFile = `cluster: web
nodes:
  - {name: lb1, address: 192.0.2.11}
  - {name: lb2, address: 192.0.2.12}
vrrp:
  instances:
    - {name: VI_1, router_id: 5, interface: enc1, addresses: [{address: 192.0.2.10/24}]}
haproxy:
  files: [FILE]
`

func (h *host) handsOver() {
	h.saves(replaceFile(handWrittenFile, h.HAProxyConfig))
}

func TestHandWrittenFilesAreNeverWritten(t *testing.T) {
	h := newHost(t)
	h.writes("etc/haproxy/haproxy.cfg", byHand)
	h.handsOver()
	r := h.applied("reload")
	if h.haproxy() != byHand || !r.HAProxy || r.Digest != "" {
		t.Errorf("got %+v", r)
	}
	want := []string{h.HAProxy, "-c", "-f", h.HAProxyConfig}
	if diff := cmp.Diff(want, h.ran[0]); diff != "" {
		t.Error(diff)
	}
	if got := h.generationFile(2, "hand-written-1-haproxy.cfg"); got != byHand {
		t.Errorf("the copy is %q", got)
	}
	if r := h.apply("reload"); r.Outcome != Unchanged {
		t.Errorf("got %+v", r)
	}

	h.writes("etc/haproxy/haproxy.cfg", byHand+"# second\n")
	if drifted, err := h.store().Drift(manifest(t, h, 2)); err != nil || len(drifted) > 0 {
		t.Errorf("an edit of a hand-written file is no drift: %v %v", drifted, err)
	}
	if r := h.applied("reload"); !r.HAProxy || r.Keepalived || r.Number != 3 {
		t.Errorf("got %+v", r)
	}

	h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), "router_id: 5", "router_id: 6", 1))
	h.applied("reload")
	h.applied("rollback-3")
	var since []int
	for number := 2; number <= 5; number++ {
		since = append(since, manifest(t, h, number).Supplies[0].Since)
	}
	if diff := cmp.Diff([]int{2, 3, 3, 3}, since); diff != "" {
		t.Errorf("hand-written since (-want +got):\n%s", diff)
	}
	if h.haproxy() != byHand+"# second\n" {
		t.Errorf("a rollback wrote a hand-written file: %s", h.haproxy())
	}
	back := h.refused("rollback-2", StageRead, `cannot roll back to generation 2: "ROOT/etc/haproxy/haproxy.cfg" is hand-written and was another one then`)
	copied := h.store().file(2, "hand-written-1-haproxy.cfg")
	if want := "put it back by hand first: install -m 0640 " + copied + " " + h.HAProxyConfig; back.Problems[0].Hint != want || h.haproxy() != byHand+"# second\n" {
		t.Errorf("hint: got %q, want %q", back.Problems[0].Hint, want)
	}

	h.writes("etc/haproxy/haproxy.cfg", "# without the socket\n")
	h.refused("reload", StagePreflight, "cannot supervise this HAProxy: none of the files has the stats socket /run/haproxy-lbsup.sock")
	h.writes("etc/haproxy/haproxy.cfg", byHand+"# second\n")

	h.saves(clusterFile(80)) // from now on it is lbsup's
	h.refused("reload", StageDrift, `cannot replace "ROOT/etc/haproxy/haproxy.cfg": it was not written by lbsup`)
	if r := h.applied("overwrite"); h.generationFile(r.Number, "found-haproxy.cfg") != byHand+"# second\n" {
		t.Error("the last hand-written file is lost")
	}
	h.clean()
}
