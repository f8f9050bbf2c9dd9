package pair

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

const (
	statusKey  = "\nstatus: {listen: \"127.0.0.1:9105\"}\n"
	statusPage = "http://127.0.0.1:9105/"
)

// TestPage is about metrics and the page of nodes that run: where they are, that they follow a failover, and that both go again.
func TestPage(t *testing.T) {
	p := up(t, openShift())
	if _, code := try(t, p.first, "curl --silent --fail "+statusPage); code == 0 {
		t.Error("there is a page that nobody asked for")
	}
	before := p.running(t, p.first)
	for _, node := range p.nodes() {
		p.edit(t, node, p.cluster+statusKey)
		sh(t, node, "lbsup reload")
	}
	p.untouched(t, p.first, before)
	p.well(t)
	if page := sh(t, p.first, "curl --silent --fail --include "+statusPage); !containsAll(page, "Content-Security-Policy: default-src 'none'", "<h1") {
		t.Errorf("got the page %.400s", page)
	}
	p.measured(t, p.first, `lbsup_vip_held{address="172.18.100.100/16",vrrp_instance="VI_1"} 1`, "lbsup_well 1", `lbsup_daemon_running{daemon="haproxy"} 1`,
		`lbsup_vrrp_state{state="MASTER",vrrp_instance="VI_1"} 1`, `lbsup_changes_total{outcome="rolled_back"} 0`)
	p.measured(t, p.second, `lbsup_vip_held{address="172.18.100.100/16",vrrp_instance="VI_1"} 0`, `lbsup_vrrp_state{state="BACKUP",vrrp_instance="VI_1"} 1`)
	p.followed(t)

	for _, node := range p.nodes() {
		p.edit(t, node, p.cluster)
		sh(t, node, "lbsup reload")
	}
	eventually(t, "the page is gone", func() bool {
		_, code := try(t, p.first, "curl --silent --fail "+statusPage)
		return code == 7 // curl(1): failed to connect
	})
}

// followed has the open page of each node, and its metrics, tell of a failover.
func (p *pair) followed(t *testing.T) {
	t.Helper()
	for _, node := range p.nodes() {
		sh(t, node, "systemd-run --quiet --unit stream --property StandardOutput=truncate:/run/stream curl --silent --no-buffer "+statusPage+"events")
		p.streamed(t, node, `"headline":"loadbalancer-1 holds the VIPs"`)
	}
	sh(t, p.first, "systemctl stop haproxy")
	for _, node := range p.nodes() {
		p.streamed(t, node, `"headline":"loadbalancer-2 holds the VIPs"`)
	}
	p.measured(t, p.first, `lbsup_failover_duration_seconds_count{direction="left",vrrp_instance="VI_1"} 1`, `lbsup_check_state{check="haproxy",state="failed"} 1`)
	p.measured(t, p.second, `lbsup_failover_duration_seconds_count{direction="came",vrrp_instance="VI_1"} 1`, `lbsup_vrrp_transitions_total{to="MASTER",vrrp_instance="VI_1"} 1`)
	sh(t, p.first, "systemctl start haproxy")
	p.well(t)
	p.streamed(t, p.first, `"here":true,"known":true`)
	for _, node := range p.nodes() {
		sh(t, node, "systemctl stop stream")
	}
	p.measured(t, p.first, "lbsup_page_viewers 0")
}

func (p *pair) streamed(t *testing.T, n *lab.Node, words string) {
	t.Helper()
	eventually(t, n.Name+" tells "+words, func() bool { return strings.Contains(sh(t, n, "cat /run/stream"), words) })
}

// measured waits until the metrics of a node have these lines.
func (p *pair) measured(t *testing.T, n *lab.Node, lines ...string) {
	t.Helper()
	text := ""
	for _, line := range lines {
		eventually(t, n.Name+" measures "+line, func() bool {
			text = sh(t, n, "curl --silent --fail "+statusPage+"metrics")
			return strings.Contains(text, line+"\n")
		})
	}
	if !strings.Contains(text, "lbsup_health_questions_total ") || strings.Contains(text, "lbsup_health_questions_total 0\n") {
		t.Errorf("%s: keepalived's questions are not counted", n.Name)
	}
}
