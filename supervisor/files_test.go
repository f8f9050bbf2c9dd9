package supervisor

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/state"
)

func TestAnEditIsAWishOrDrift(t *testing.T) {
	const own = "/etc/haproxy/own.cfg"
	for _, row := range []struct {
		name   string
		byHand []string
		path   string
		want   string
	}{
		{"the cluster file", nil, render.ClusterFile, "wish for " + render.ClusterFile},
		{"what lbsup wrote", nil, render.HAProxyConfig, "drift"},
		{"what a person writes", []string{render.HAProxyConfig, own}, render.HAProxyConfig, "wish for " + render.HAProxyConfig},
		{"elsewhere", []string{render.HAProxyConfig, own}, own, "wish for " + own},
		{"beside what a person writes", []string{own}, render.HAProxyConfig, "drift"},
		{"keepalived's", []string{render.HAProxyConfig}, render.KeepalivedConfig, "drift"},
	} {
		t.Run(row.name, func(t *testing.T) {
			local := &cluster.Local{Cluster: &cluster.Cluster{HAProxy: cluster.HAProxy{Files: row.byHand}}}
			n := &node{loop: newLoop(state.State{Installed: state.Installed{Local: local}}, time.Now, zerolog.Nop())}
			n.changed(t.Context(), []string{row.path})
			got := "nothing"
			switch e := (<-n.loop.events).(type) {
			case state.InputChanged:
				got = "wish for " + e.Path
			case state.OutputChanged:
				got = "drift"
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
