package apply

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

// What the cluster file alone explains may be changed at run time; anything else needs a reload.
func TestWhatTheClusterFileExplains(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(*host)
		want bool
	}{
		{"a server more", func(h *host) {
			h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), `"192.0.2.21:80"}`, `"192.0.2.21:80"}, {name: s2, address: "192.0.2.22:80"}`, 1))
		}, true},
		{"a password", func(h *host) { h.savesWithPassword("another") }, false},
		{"an edit by hand", func(h *host) { h.writes("etc/haproxy/haproxy.cfg", "# edited\n") }, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			h.savesWithPassword("x")
			if first := h.applied("reload"); first.Explained {
				t.Error("the first generation explains itself by nothing")
			}
			row.do(h)
			if got := h.applied("overwrite"); got.Explained != row.want || !got.HAProxy {
				t.Errorf("explained: got %v, want %v (HAProxy %v)", got.Explained, row.want, got.HAProxy)
			}
		})
	}
}

// A rollback puts files back as they were; what it changes can be told as long as both cluster files still give what is installed.
func TestWhatARollbackExplains(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(*host)
		want bool
	}{
		{"a server less", func(*host) {}, true},
		{"another password since", func(h *host) { h.writes("etc/lbsup/stats.password", "another") }, false},
		{"the password is gone", func(h *host) { must(h.t, os.Remove(h.path("etc/lbsup/stats.password"))) }, false},
		{"another password then", func(h *host) {
			h.savesWithPassword("another")
			h.applied("reload")
		}, false},
		{"HAProxy does not tell its version", func(h *host) {
			h.Run = func(ctx context.Context, argv ...string) (Exit, error) {
				if argv[1] == "-vv" {
					return Exit{Code: 1}, nil
				}
				return h.run(ctx, argv...)
			}
		}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			h.savesWithPassword("x")
			first := h.applied("reload")
			h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), `"192.0.2.21:80"}`, `"192.0.2.21:80"}, {name: s2, address: "192.0.2.22:80"}`, 1))
			h.applied("reload")
			row.do(h)
			got := h.applied(fmt.Sprintf("rollback-%d", first.Number))
			if got.Explained != row.want || !got.HAProxy {
				t.Errorf("explained: got %v, want %v (HAProxy %v)", got.Explained, row.want, got.HAProxy)
			}
		})
	}
}
