package supervisor

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

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
