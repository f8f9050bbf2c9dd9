package supervisor

import (
	"errors"
	"testing"

	"github.com/lbsup/lbsup/supervisor/haproxy"
)

func TestWhatToDoAboutAReloadThatFailed(t *testing.T) {
	for _, row := range []struct {
		name     string
		err      error
		hint     string
		noMaster bool
	}{
		{"it went well", nil, "", false},
		{"nobody listens", &haproxy.ReloadError{Failure: haproxy.Unreachable}, "", true},
		{"the master is wedged", &haproxy.ReloadError{Failure: haproxy.Silent},
			"the master is wedged (haproxy#3229), its worker serves on; `systemctl restart haproxy.service` frees it and cuts connections", false},
		{"it refused", &haproxy.ReloadError{Failure: haproxy.Rejected}, "", false},
		{"silence after the reload", &haproxy.ReloadError{Failure: haproxy.Unproven}, "`journalctl -u haproxy.service` has HAProxy's last words", false},
		{"something else", errors.New("the bus is gone"), "", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := hintOf(row.err); got != row.hint {
				t.Errorf("hint: got %q, want %q", got, row.hint)
			}
			if got := noMaster(row.err); got != row.noMaster {
				t.Errorf("no master: got %v", got)
			}
		})
	}
}
