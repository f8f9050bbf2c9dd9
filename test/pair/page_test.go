package pair

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

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

// TestLargePage measures what 200 services with 2,000 servers, 50 checks and an open page cost: LBSUP_MEASURE=1.
func TestLargePage(t *testing.T) {
	if os.Getenv("LBSUP_MEASURE") == "" {
		t.Skip("it only measures: LBSUP_MEASURE=1")
	}
	p := up(t, openShift())
	text, _, _ := strings.Cut(p.cluster, "\nservices:")
	text += statusKey + "\nchecks:\n"
	for i := range 50 {
		text += fmt.Sprintf("  check-%d: {backend: service-%d, interval: 1s, on_fail: report}\n", i, i)
	}
	text += "services:\n"
	for i := range 200 {
		text += fmt.Sprintf("  - name: service-%d\n    bind: [\"*:%d\"]\n    check: off\n    servers:\n", i, 10000+i)
		for j := range 10 {
			text += fmt.Sprintf("      - {name: server-%d, address: \"10.128.7.%d:80\"}\n", j, j+1)
		}
	}
	p.edit(t, p.first, text)
	out, _ := try(t, p.first, "lbsup reload --force")
	t.Log(out)
	pid := "$(systemctl show -P MainPID lbsup)"
	spent := func() string {
		return sh(t, p.first, "cut -d' ' -f14,15 /proc/"+pid+"/stat; grep VmRSS /proc/"+pid+"/status")
	}
	t.Log("before: ", spent())
	time.Sleep(30 * time.Second)
	t.Log("30 s at rest: ", spent())
	sh(t, p.first, "systemd-run --quiet --unit stream --property StandardOutput=truncate:/run/stream curl --silent --no-buffer "+statusPage+"events")
	time.Sleep(5 * time.Second)
	t.Log("page open: ", spent())
	time.Sleep(60 * time.Second)
	t.Log("60 s later: ", spent(), sh(t, p.first, "wc -c /run/stream"))
	t.Log("scrapes: ", sh(t, p.first, "for i in 1 2 3 4 5 6 7 8; do curl -s -o /dev/null -w '%{time_total} ' "+statusPage+"metrics; done; (time lbsup status >/dev/null) 2>&1"))
	t.Log("after scrapes: ", spent())
}
