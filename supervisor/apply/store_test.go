package apply

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnEmptyStore(t *testing.T) {
	s := Store{Dir: t.TempDir() + "/none"}
	if _, err := s.Current(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("current: %v", err)
	}
	if _, err := s.Get(1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("get: %v", err)
	}
	if _, err := s.Cluster(1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("cluster: %v", err)
	}
	if all, err := s.List(); err != nil || len(all) != 0 {
		t.Errorf("list: %v %v", all, err)
	}
	if drifted, err := s.Drift(Manifest{}); err != nil || len(drifted) != 0 {
		t.Errorf("drift: %v %v", drifted, err)
	}
	if _, err := ReadReport(s.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("report: %v", err)
	}
}

func TestCurrentIsANumber(t *testing.T) {
	for target, want := range map[string]string{
		"../../etc": `cannot find the current generation: "../../etc" is no number`,
		"01":        `cannot find the current generation: "01" is no number`,
		"-1":        `cannot find the current generation: "-1" is no number`,
	} {
		dir := t.TempDir()
		must(t, os.Symlink(target, dir+"/current"))
		if _, err := (Store{Dir: dir}).Current(); err == nil || err.Error() != want {
			t.Errorf("%s: got %v", target, err)
		}
	}
}

func TestNumber(t *testing.T) {
	rows := map[string]int{"1": 1, "42": 42, "0": 0, "-3": 0, "+3": 0, "03": 0, "3.new": 0, "3.old": 0, "current": 0, "": 0, "9999999999": 0}
	for name, want := range rows {
		if n, ok := number(name); ok != (want > 0) || ok && n != want {
			t.Errorf("%q: got %d %v", name, n, ok)
		}
	}
}

func TestDriftByIdentity(t *testing.T) {
	dir := t.TempDir()
	path := dir + "/f"
	state := func(s FileState) Manifest {
		f := File{Name: haproxyName, Path: path, State: s}
		if info, err := os.Lstat(path); err == nil {
			f.identify(info)
		}
		return Manifest{Files: []File{f}}
	}
	absent := state(FileAbsent)
	must(t, os.WriteFile(path, []byte("one"), 0o600))
	then := time.Unix(1_000_000_000, 123456789)
	must(t, os.Chtimes(path, then, then))
	installed, byHand := state(FileInstalled), state(FileHandWritten)

	touch := func() { must(t, os.Chtimes(path, then, then.Add(time.Nanosecond))) }
	grow := func() { must(t, os.WriteFile(path, []byte("one more"), 0o600)); must(t, os.Chtimes(path, then, then)) }
	replace := func() {
		must(t, os.WriteFile(path+".n", []byte("two"), 0o600))
		must(t, os.Chtimes(path+".n", then, then))
		must(t, os.Rename(path+".n", path))
	}
	rows := []struct {
		name     string
		manifest Manifest
		change   func()
		want     bool
	}{
		{"as installed", installed, func() {}, false},
		{"nobody expects it", absent, func() {}, true},
		{"a time of change, by a nanosecond", installed, touch, true},
		{"put back", installed, func() { must(t, os.Chtimes(path, then, then)) }, false},
		{"another size", installed, grow, true},
		{"another file of the same size and time", installed, replace, true},
		{"hand-written", byHand, func() {}, false},
		{"removed", installed, func() { must(t, os.Remove(path)) }, true},
		{"hand-written and removed", byHand, func() {}, false},
		{"absent as it should", absent, func() {}, false},
	}
	for _, row := range rows {
		row.change()
		got, err := Store{}.Drift(throughJSON(t, row.manifest))
		if err != nil || (len(got) == 1) != row.want {
			t.Errorf("%s: got %v %v", row.name, got, err)
		}
	}
	must(t, os.WriteFile(path, nil, 0o600))
	beneath := Manifest{Files: []File{{Path: path + "/x", State: FileInstalled}}}
	if _, err := (Store{}).Drift(beneath); err == nil || !strings.HasPrefix(err.Error(), `cannot look at "`+path) {
		t.Errorf("got %v", err)
	}
}

// throughJSON is the manifest as another process reads it.
func throughJSON(t *testing.T, m Manifest) Manifest {
	t.Helper()
	data, err := json.Marshal(m)
	must(t, err)
	var out Manifest
	must(t, json.Unmarshal(data, &out))
	return out
}

// TestTheFormsOnDisk pins what another version of lbsup, and the supervisor, will read.
func TestTheFormsOnDisk(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	m := Manifest{Number: 3, Created: at, Request: "reload", Origin: "cluster file", Node: "lb1", Outcome: Rejected, Stage: StageHAProxy,
		Problems: []Problem{{Message: "m", Hint: "h"}}, Words: "w", Notes: []string{"n"}, Bytes: 9,
		Files: []File{{Name: "haproxy.cfg", Path: "/etc/haproxy/haproxy.cfg", State: FileInstalled, Changed: true, Digest: "d", Identity: Identity{Size: 5, Inode: 6, ModTime: at}},
			{Name: "keepalived.conf", Path: "/k", State: FileAbsent}},
		Supplies: []Supply{{Path: "/c.pem", Kind: SupplyCertificate, Digest: "s"}, {Path: "/h.cfg", Kind: SupplyHandWritten, Copy: "hand-written-1-h.cfg"}},
		Inputs:   []Input{{Path: "/c.pem", Identity: Identity{Size: 7, Inode: 8, ModTime: at}}}}
	wantManifest := `{"number":3,"created":"2026-03-01T12:00:00Z","request":"reload","origin":"cluster file","node":"lb1","outcome":"rejected",` +
		`"stage":"haproxy","problems":[{"message":"m","hint":"h"}],"words":"w","notes":["n"],"files":[{"name":"haproxy.cfg",` +
		`"path":"/etc/haproxy/haproxy.cfg","state":"installed","changed":true,"size":5,"inode":6,"mtime":"2026-03-01T12:00:00Z","digest":"d"},` +
		`{"name":"keepalived.conf","path":"/k","state":"absent","changed":false}],"supplies":[{"path":"/c.pem","kind":"certificate","sha256":"s"},` +
		`{"path":"/h.cfg","kind":"hand-written","copy":"hand-written-1-h.cfg"}],"inputs":[{"path":"/c.pem","size":7,"inode":8,"mtime":"2026-03-01T12:00:00Z"}],"bytes":9}`
	r := Report{Request: "rollback-2", Number: 4, Previous: 3, Outcome: Committed, HAProxy: true, Digest: "d", Started: at, Took: time.Second}
	wantReport := `{"request":"rollback-2","number":4,"previous":3,"outcome":"committed","haproxy":true,"keepalived":false,` +
		`"haproxy_digest":"d","started":"2026-03-01T12:00:00Z","took":1000000000}`
	j := journal{From: 1, To: 2, Moves: []move{{Target: "/t", Backup: "/b", Existed: true, Staged: "/s"}, {Target: "/u", Backup: "/c"}}}
	wantJournal := `{"from":1,"to":2,"moves":[{"target":"/t","backup":"/b","existed":true,"staged":"/s"},{"target":"/u","backup":"/c","existed":false}]}`
	for want, value := range map[string]any{wantManifest: m, wantReport: r, wantJournal: j} {
		data, err := json.Marshal(value)
		must(t, err)
		if diff := cmp.Diff(want, string(data)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(m, throughJSON(t, m)); diff != "" {
		t.Errorf("a manifest does not come back as it was:\n%s", diff)
	}
}

// TestReadersNeverSeeHalfAGeneration reads all the time while an engine commits, refuses and removes.
func TestReadersNeverSeeHalfAGeneration(t *testing.T) {
	h := hostIn(t, memory(t))
	h.Keep = Retention{Committed: 2, Rejected: 1, Bytes: 1 << 20}
	h.applied("reload")
	done := make(chan struct{})
	var readers sync.WaitGroup
	readers.Go(func() {
		for reads := 0; ; reads++ {
			select {
			case <-done:
				if reads == 0 {
					t.Error("nothing was read")
				}
				return
			default:
			}
			m, err := h.store().Current()
			if err != nil || m.Outcome != Committed || len(m.Files) != 2 {
				t.Errorf("current: %+v %v", m, err)
				return
			}
			// One that was listed may be removed before it is read: that is all that may go wrong.
			if _, err := h.store().List(); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("list: %v", err)
			}
			if r, err := ReadReport(h.StateDir); err != nil || r.Outcome == "" {
				t.Errorf("report: %+v %v", r, err)
			}
		}
	})
	for port := 81; port < 141; port++ {
		h.saves(clusterFile(port))
		h.applied("reload")
		h.saves("nonsense: [")
		h.apply("reload")
	}
	close(done)
	readers.Wait()
}
