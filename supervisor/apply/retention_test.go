package apply

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSurplus(t *testing.T) {
	good := func(n int, bytes int64) Manifest { return Manifest{Number: n, Outcome: Committed, Bytes: bytes} }
	bad := func(n int, bytes int64) Manifest { return Manifest{Number: n, Outcome: Rejected, Bytes: bytes} }
	found := Manifest{Number: 1, Outcome: Committed, Origin: OriginFound, Bytes: 1}
	rows := []struct {
		name    string
		keep    Retention
		all     []Manifest
		current int
		want    []int
	}{
		{"nothing", Retention{}, nil, 0, nil},
		{"all fit", Retention{3, 1, 100}, []Manifest{good(1, 1), bad(2, 1), good(3, 1)}, 3, nil},
		{"too many committed", Retention{2, 1, 100}, []Manifest{good(1, 1), good(2, 1), good(3, 1)}, 3, []int{1}},
		{"too many rejected", Retention{9, 1, 100}, []Manifest{good(1, 1), bad(2, 1), bad(3, 1), bad(4, 1)}, 1, []int{2, 3}},
		{"rejected ones do not push committed ones out", Retention{2, 1, 100}, []Manifest{good(1, 1), good(2, 1), bad(3, 1), bad(4, 1)}, 2, []int{3}},
		{"bytes", Retention{9, 9, 5}, []Manifest{good(1, 3), good(2, 3), good(3, 2), good(4, 2)}, 4, []int{1, 2}},
		{"the current and the previous stay", Retention{}, []Manifest{good(1, 9), good(2, 9), bad(3, 9), good(4, 9)}, 4, []int{1, 3}},
		{"what was found stays", Retention{}, []Manifest{found, good(2, 9), good(3, 9), good(4, 9)}, 4, []int{2}},
	}
	for _, row := range rows {
		if diff := cmp.Diff(row.want, row.keep.surplus(row.all, row.current)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

func TestRetention(t *testing.T) {
	h := newHost(t)
	h.Keep = Retention{Committed: 3, Rejected: 2, Bytes: 1 << 20}
	h.writes("etc/haproxy/haproxy.cfg", "# found\n")
	for port := 81; port < 87; port++ {
		h.saves(clusterFile(port))
		h.applied("reload")
	}
	for range 4 {
		h.saves("nonsense: [")
		h.apply("reload")
	}
	all, err := h.store().List()
	must(t, err)
	var numbers []int
	for _, m := range all {
		numbers = append(numbers, m.Number)
	}
	if diff := cmp.Diff([]int{1, 5, 6, 7, 10, 11}, numbers); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	h.clean()
}

func TestListToleratesJunk(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.writes("var/lbsup/generations/7/manifest.json", "{")
	h.writes("var/lbsup/generations/8/manifest.json", `{"number": 9}`)
	h.writes("var/lbsup/generations/007/manifest.json", `{"number": 7}`)
	h.writes("var/lbsup/generations/x", "")
	all, err := h.store().List()
	if len(all) != 1 || err == nil || err.Error() != "cannot read generation 7: unexpected end of JSON input\ncannot read generation 8: its manifest says 9" {
		t.Errorf("got %d generations, %v", len(all), err)
	}
	h.saves(clusterFile(81))
	if r := h.applied("reload"); r.Number != 9 {
		t.Errorf("got %+v, want a number that nothing has had", r)
	}
}

func TestABrokenStateStartsAnew(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	was := h.haproxy()
	must(t, os.RemoveAll(h.generation(1)))
	h.saves(clusterFile(81))
	if r := h.applied("reload"); r.Number != 3 || r.Previous != 2 {
		t.Errorf("got %+v", r)
	}
	if m := manifest(t, h, 2); m.Origin != OriginFound || h.generationFile(2, "haproxy.cfg") != was {
		t.Errorf("got %+v", m)
	}
	h.writes("var/lbsup/generations/3/manifest.json", "{")
	r := h.refused("reload", StageDrift, "cannot read generation 3: unexpected end of JSON input")
	if r.Problems[0].Hint == "" {
		t.Error("no hint")
	}
	h.writes("var/lbsup/journal.json", "{")
	r = h.refused("reload", StageRecover, `cannot read "ROOT/var/lbsup/journal.json", which an interrupted apply left: unexpected end of JSON input`)
	if r.Problems[0].Hint == "" {
		t.Error("no hint")
	}
}

// The bytes of a generation are those on the disk, and the bound holds there.
func TestRetentionInBytes(t *testing.T) {
	h := newHost(t)
	h.Keep = Retention{Committed: 99, Rejected: 99, Bytes: 100_000}
	for round := range 12 {
		h.saves(clusterFile(80 + round))
		h.exit = nil
		h.applied("reload")
		h.saves(clusterFile(180 + round))
		h.exit = func([]string) (Exit, error) { return Exit{Code: 1, Output: strings.Repeat("words ", 4000)}, nil }
		if r := h.apply("reload"); r.Outcome != Rejected {
			t.Fatalf("got %+v", r)
		}
	}
	all, err := h.store().List()
	must(t, err)
	total, rejected := int64(0), 0
	for _, m := range all {
		onDisk := h.sizeOf(m.Number)
		if total += onDisk; onDisk-m.Bytes > 20 || onDisk < m.Bytes { // the number itself is written after it was counted
			t.Errorf("generation %d takes %d bytes, its manifest says %d", m.Number, onDisk, m.Bytes)
		}
		if m.Outcome == Rejected {
			rejected++
		}
	}
	if total > h.Keep.Bytes || rejected == 0 || len(all) > 20 {
		t.Errorf("%d generations take %d bytes, want at most %d; %d are refused", len(all), total, h.Keep.Bytes, rejected)
	}
}

func (h *host) sizeOf(n int) int64 {
	h.t.Helper()
	entries, err := os.ReadDir(h.store().dir(n))
	must(h.t, err)
	var sum int64
	for _, entry := range entries {
		info, err := entry.Info()
		must(h.t, err)
		sum += info.Size()
	}
	return sum
}
