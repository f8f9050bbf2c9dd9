package supervisor

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/state"
)

// kept writes generations as lbsup apply leaves them, and returns a node that reads them.
func kept(t *testing.T, all []apply.Manifest, sources map[int]string) *node {
	t.Helper()
	dir := t.TempDir()
	for _, m := range all {
		place := filepath.Join(dir, strconv.Itoa(m.Number))
		data, err := json.Marshal(m)
		if err == nil {
			err = os.Mkdir(place, 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(place, "manifest.json"), data, 0o600)
		}
		if source, ok := sources[m.Number]; ok && err == nil {
			err = os.WriteFile(filepath.Join(place, "lbsup.yaml"), []byte(source), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return &node{store: apply.Store{Dir: dir}}
}

// generation is a committed one whose two files came with the generations given.
func generation(number, haproxy, keepalived int, origin string) apply.Manifest {
	return apply.Manifest{Number: number, Outcome: apply.Committed, Origin: origin, Files: []apply.File{
		{Path: render.HAProxyConfig, State: apply.FileInstalled, Since: haproxy, Came: noon},
		{Path: render.KeepalivedConfig, State: apply.FileInstalled, Since: keepalived, Came: noon},
	}}
}

// byHand is a generation for which HAProxy loads a file that a person wrote, and that came with the one given.
func byHand(number, since int) apply.Manifest {
	m := generation(number, 0, 2, apply.OriginClusterFile)
	m.Files[0].State = apply.FileHandWritten
	m.Supplies = []apply.Supply{{Path: render.HAProxyConfig, Kind: apply.SupplyHandWritten, Copy: "hand-written-1-haproxy.cfg", Since: since}}
	return m
}

func TestPreviousIsTheLastOneThatDiffers(t *testing.T) {
	file := apply.OriginClusterFile
	rejected := generation(4, 4, 2, file)
	rejected.Outcome = apply.Rejected
	for _, row := range []struct {
		name    string
		all     []apply.Manifest
		sources map[int]string
		want    int
	}{
		{"none", []apply.Manifest{generation(2, 2, 2, file)}, map[int]string{2: "a"}, 0},
		{"the one before", []apply.Manifest{generation(2, 2, 2, file), generation(3, 3, 2, file)}, map[int]string{2: "a", 3: "b"}, 2},
		{"not a rejected one", []apply.Manifest{generation(3, 3, 2, file), rejected, generation(5, 5, 2, file)}, map[int]string{3: "a", 4: "b", 5: "c"}, 3},
		{"not one that only wrote over an edit", []apply.Manifest{generation(2, 2, 2, file), generation(3, 3, 2, file), generation(4, 3, 2, file)},
			map[int]string{2: "a", 3: "b", 4: "b"}, 2},
		{"one with other checks", []apply.Manifest{generation(2, 2, 2, file), generation(3, 2, 2, file)}, map[int]string{2: "a", 3: "b"}, 2},
		{"one with other hand-written files", []apply.Manifest{byHand(2, 2), byHand(3, 3), byHand(4, 3)}, map[int]string{2: "a", 3: "a", 4: "a"}, 2},
		{"not one with the same", []apply.Manifest{byHand(2, 2), byHand(3, 2)}, map[int]string{2: "a", 3: "a"}, 0},
		{"what was there before lbsup", []apply.Manifest{generation(1, 1, 1, apply.OriginFound), generation(2, 2, 2, file)}, map[int]string{2: "a"}, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			current := row.all[len(row.all)-1]
			if got := kept(t, row.all, row.sources).previous(current, []byte(row.sources[current.Number])); got != row.want {
				t.Errorf("got %d, want %d", got, row.want)
			}
		})
	}
}

func TestUntriedIsWhatTheLastApplyHasNotSeen(t *testing.T) {
	certificate := filepath.Join(t.TempDir(), "web.pem")
	if err := os.WriteFile(certificate, []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	seen := generation(3, 3, 2, apply.OriginClusterFile)
	seen.Inputs = []apply.Input{{Path: certificate, Identity: identityOf(t, certificate)}}
	other := generation(3, 3, 2, apply.OriginClusterFile)
	other.Inputs = []apply.Input{{Path: certificate}}
	for _, row := range []struct {
		name   string
		last   apply.Manifest
		edited string
		want   bool
	}{
		{"nothing", seen, "b", false},
		{"an edit", seen, "c", true},
		{"the one that was taken back is installed", seen, "a", true},
		{"a file that it names is another one", other, "b", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := kept(t, []apply.Manifest{generation(2, 2, 2, apply.OriginClusterFile), row.last, generation(4, 4, 2, "generation 2")},
				map[int]string{2: "a", 3: "b", 4: "a"})
			if got := n.untried([]byte(row.edited)); got != row.want {
				t.Errorf("got %v", got)
			}
		})
	}
	if n := kept(t, nil, nil); !n.untried([]byte("a")) {
		t.Error("the first cluster file counts as tried")
	}
}

func identityOf(t *testing.T, path string) (i apply.Identity) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	i.Size, i.ModTime, i.Inode = info.Size(), info.ModTime(), info.Sys().(*syscall.Stat_t).Ino
	return i
}

func TestKeepalivedsFileCameWith(t *testing.T) {
	for _, row := range []struct {
		name string
		m    apply.Manifest
		want state.Origin
	}{
		{"this generation", generation(4, 4, 4, apply.OriginClusterFile), state.Origin{Generation: 4, At: noon}},
		{"one that is forgotten by now", generation(90, 90, 4, apply.OriginClusterFile), state.Origin{Generation: 4, At: noon}},
		{"nothing of lbsup's", generation(1, 1, 1, apply.OriginFound), state.Origin{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, cameWith(row.m)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhenLbsupFirstWroteKeepalivedsFile(t *testing.T) {
	at := func(m apply.Manifest, seconds int) apply.Manifest {
		m.Files[1].Came = noon.Add(time.Duration(seconds) * time.Second)
		return m
	}
	found, file := generation(1, 1, 1, apply.OriginFound), apply.OriginClusterFile
	bare := generation(1, 1, 1, apply.OriginFound)
	bare.Files[1].State = apply.FileAbsent
	refused := at(generation(2, 2, 2, file), 1)
	refused.Outcome = apply.Rejected
	for _, row := range []struct {
		name string
		all  []apply.Manifest
		want time.Time
	}{
		{"over one that was found", []apply.Manifest{found, at(generation(2, 2, 2, file), 5), at(generation(3, 3, 3, file), 9)}, noon.Add(5 * time.Second)},
		{"not what was refused", []apply.Manifest{found, refused, at(generation(3, 3, 3, file), 9)}, noon.Add(9 * time.Second)},
		{"there was none", []apply.Manifest{bare, at(generation(2, 2, 2, file), 5)}, time.Time{}},
		{"nothing was there", []apply.Manifest{at(generation(2, 2, 2, file), 5)}, time.Time{}},
		{"not yet", []apply.Manifest{found}, time.Time{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := kept(t, row.all, nil).first(); !got.Equal(row.want) {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

// A file that only root can read must not leave the node without a supervisor: what is installed is in the store.
func TestLoadsWhatIsInstalledThoughTheClusterFileCannotBeRead(t *testing.T) {
	n := kept(t, []apply.Manifest{generation(2, 2, 2, apply.OriginFound)}, nil)
	n.clusterFile = t.TempDir() // reading a directory fails for root too
	if err := os.Symlink("2", filepath.Join(n.store.Dir, "current")); err != nil {
		t.Fatal(err)
	}
	loaded, err := n.load()
	if err != nil || loaded.Installed.Number != 2 {
		t.Errorf("got generation %d, error %v, want generation 2", loaded.Installed.Number, err)
	}
}
