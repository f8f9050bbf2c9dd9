package supervisor

import (
	"bufio"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
)

// nothing is a file that says nothing to HAProxy.
var nothing = string(haproxy.StateFile(nil, nil))

// filled is a file that an earlier lbsup has left.
func filled(t *testing.T) *handover {
	t.Helper()
	h := &handover{path: filepath.Join(t.TempDir(), "servers.state")}
	if err := os.WriteFile(h.path, []byte("1\nmany rows\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *handover) says(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(h.path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestHandover(t *testing.T) {
	h := filled(t)
	if err := h.write(nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(nothing, h.says(t)); diff != "" {
		t.Errorf("emptied (-want +got):\n%s", diff)
	}
	h.path = filepath.Join(t.TempDir(), "none", "servers.state")
	want := "cannot write the state of the servers: open " + h.path + ": no such file or directory"
	if err := h.write(nil); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A lbsup that ends does not know whether the new worker has read its file. A reload that takes too long has failed.
func TestFileAfterAReload(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	for _, row := range []struct {
		name string
		ctx  context.Context
		want string
	}{
		{"that is done", t.Context(), nothing},
		{"that took too long", late, nothing},
		{"in the middle of which lbsup ends", ended, "1\nrows\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := filled(t)
			if err := h.write([]byte("1\nrows\n")); err != nil {
				t.Fatal(err)
			}
			if err := h.taken(row.ctx); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, h.says(t)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What a lbsup has left that was killed in the middle of a reload goes as soon as HAProxy runs what is installed, and what this one writes stays.
func TestFileThatALbsupBeforeHasLeft(t *testing.T) {
	n := &node{loop: newLoop(wellNode(t, "loadbalancer-1"), time.Now, zerolog.Nop())}
	left, ours := filled(t), filled(t)
	if err := ours.write([]byte("1\nrows\n")); err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		h    *handover
		want string
	}{"left": {left, nothing}, "written since": {ours, "1\nrows\n"}} {
		n.handedOver.path, n.handedOver.ours = row.h.path, row.h.ours
		if err := n.inherit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(row.want, row.h.says(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestIdle(t *testing.T) {
	for _, row := range []struct {
		name string
		with func(*state.State)
		want bool
	}{
		{"all is well", func(*state.State) {}, true},
		{"before anything is known", func(s *state.State) { *s = state.State{} }, false},
		{"another configuration runs", func(s *state.State) { s.Worker.Digest = "bbbb" }, false},
		{"a change is under way", func(s *state.State) { s.Job = &state.Job{Phase: state.Activating} }, false},
		{"a change waits for its confirmation", func(s *state.State) { s.Job = &state.Job{Phase: state.Confirming} }, true},
		{"a change is to be taken up", func(s *state.State) { s.Unproven.Installed = 3 }, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := wellNode(t, "loadbalancer-1")
			row.with(&s)
			if got := idle(s); got != row.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// Only a HAProxy that lbsup has started has the socket that lbsup asks: one from before was never told anything of a server through it.
func TestHandOverFromAHAProxyFromBefore(t *testing.T) {
	local := installed(t, "loadbalancer-1").Local
	gone := filepath.Join(t.TempDir(), "gone.sock")
	for _, row := range []struct {
		name string
		was  *cluster.Local
		want string
	}{
		{"from before lbsup", nil, ""},
		{"of lbsup's", local, `cannot ask HAProxy "show servers state" at "` + gone + `": no such file or directory`},
	} {
		t.Run(row.name, func(t *testing.T) {
			n, said := &node{runtime: haproxy.Runtime{Socket: gone}}, ""
			if err := n.handOver(t.Context(), state.Activate{Was: row.was, Is: local}); err != nil {
				said = err.Error()
			}
			if said != row.want {
				t.Errorf("got %q, want %q", said, row.want)
			}
		})
	}
}

// What was installed before this lbsup began, the store knows: what a person decided of a server is not lost with lbsup's memory.
func TestHandOverOfALbsupThatHasJustBegun(t *testing.T) {
	local := installed(t, "loadbalancer-1").Local
	const row = " api-server 1 control0 192.0.2.1 2 8 1 1 12 6 3 4 6 0 0 0 control0.ocp0.sa.boe 6443 - 0 0 - - 0\n"
	const kept0 = "0 api-server 0 control0 - 2 8 256 256 12 1 0 0 6 0 0 0 - 6443 - 0 0 - - 0\n"
	const nobody = "nobody knows what the worker before it ran; one of 1 is api-server/control0"
	for _, r := range []struct {
		name, worker string
		was          *cluster.Local
		rows, said   string
	}{
		{"the state knows", "", local, kept0, ""},
		{"the store knows", `Description: "lbsup bbbb"`, nil, kept0, ""},
		{"the store knows, after a change at run time", "Description: lbsup cccc\nproc.lbsup: type=str value=<bbbb>", nil, kept0, ""},
		{"nobody knows", "Description: lbsup cccc", nil, "", nobody},
		{"a change at run time was cut off", "Description: lbsup bbbb\nproc.lbsup: type=str value=<changing>", nil, "", nobody},
		{"it does not say", "", nil, "", nobody},
	} {
		t.Run(r.name, func(t *testing.T) {
			other, same := generation(4, 4, 2, apply.OriginClusterFile), generation(3, 3, 2, apply.OriginClusterFile)
			other.Files[0].Name, other.Files[0].Digest = "haproxy.cfg", "dddd"
			same.Files[0].Name, same.Files[0].Digest, same.Node = "haproxy.cfg", "bbbb", "loadbalancer-1"
			n, said := kept(t, []apply.Manifest{same, other}, map[int]string{3: openshift(t)}), ""
			n.handedOver.path = filled(t).path
			n.runtime.Socket = answering(t, map[string]string{"show servers state": nothing + "3" + row, "show info": "Pid: 101\n" + r.worker + "\n"})
			if err := n.handOver(t.Context(), state.Activate{Was: r.was, Is: local}); err != nil {
				said = err.Error()
			}
			if diff := cmp.Diff([]string{nothing + r.rows, r.said}, []string{n.handedOver.says(t), said}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// answering is a runtime API that gives each question its answer, by its beginning.
func answering(t *testing.T, answers map[string]string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "lbsup") // the name of a test is too long for the path of a socket
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = l.Close(), os.RemoveAll(dir) })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			question, _ := bufio.NewReader(conn).ReadString('\n')
			for begin, answer := range answers {
				if strings.HasPrefix(question, begin) {
					_, _ = conn.Write([]byte(answer))
				}
			}
			_ = conn.Close()
		}
	}()
	return path
}
