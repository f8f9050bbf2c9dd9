package supervisor

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
)

func TestWhatToDoAboutAReloadThatFailed(t *testing.T) {
	for _, row := range []struct {
		name     string
		err      error
		hint     string
		noMaster bool
		unsure   bool
	}{
		{"it went well", nil, "", false, false},
		{"nobody listens", &haproxy.ReloadError{Failure: haproxy.Unreachable}, "", true, false},
		{"the master is wedged", &haproxy.ReloadError{Failure: haproxy.Silent},
			"the master is wedged (haproxy#3229), its worker serves on; `systemctl restart haproxy.service` frees it and cuts connections", false, false},
		{"it refused", &haproxy.ReloadError{Failure: haproxy.Rejected}, "", false, false},
		{"another worker", &haproxy.ReloadError{Failure: haproxy.Mismatched}, "", false, true},
		{"silence after the reload", &haproxy.ReloadError{Failure: haproxy.Unproven}, "`journalctl -u haproxy.service` has HAProxy's last words", false, true},
		{"something else", errors.New("the bus is gone"), "", false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := hintOf(row.err); got != row.hint {
				t.Errorf("hint: got %q, want %q", got, row.hint)
			}
			got := activation{hint: row.hint}.end(state.Activate{Unit: state.HAProxyUnit, How: state.Reload, Generation: 4}, row.err)
			want := state.Activated{Unit: state.HAProxyUnit, How: state.Reload, Generation: 4, Hint: row.hint, NoMaster: row.noMaster, Unsure: row.unsure}
			if row.err != nil {
				want.Err = row.err.Error()
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(state.Activated{}, "At")); diff != "" {
				t.Errorf("its end (-want +got):\n%s", diff)
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
