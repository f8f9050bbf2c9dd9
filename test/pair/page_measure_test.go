//go:build measure

package pair

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestLargePage measures what 200 services with 2,000 servers, 50 checks and an open page cost. It judges nothing, so it is no part of the tests: make bench-page.
func TestLargePage(t *testing.T) {
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
	t.Log("what there is: ", sh(t, p.first, `lbsup status --json | grep -c '"address": "10.128.7.' || :; curl -s `+statusPage+`metrics | grep -c '^lbsup_service_servers{.*state="unchecked"} 10' || :`))
	t.Log("scrapes: ", sh(t, p.first, "for i in $(seq 20); do curl -s -o /dev/null -w '%{time_total} ' "+statusPage+"metrics; done"))
	t.Log("lbsup status: ", sh(t, p.first, `for i in $(seq 20); do begin=$(date +%s%N); lbsup status >/dev/null; end=$(date +%s%N); printf '%s ms ' $(( (end - begin) / 1000000 )); done`))
	t.Log("after scrapes: ", spent())
}
