package pair

import (
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// replaced is the cluster file with one text put in the place of another, which must be there.
func (p *pair) replaced(t *testing.T, old, new string) string {
	t.Helper()
	if !strings.Contains(p.cluster, old) {
		t.Fatalf("the cluster file has no %q", old)
	}
	return strings.Replace(p.cluster, old, new, 1)
}

const extraService = `
  - name: extra
    bind: ["*:8080"]
    mode: tcp
    servers: [{name: compute0, address: "compute0.ocp0.sa.boe:80"}]
`

const extraURL = "http://172.18.100.100:8080/"

// TestEdit is about edits of the cluster file that is saved while clients are served.
func TestEdit(t *testing.T) {
	p := up(t, openShift())
	for _, row := range []struct {
		name, text string
		told       []string // words of `lbsup status`
	}{
		{"no YAML", p.cluster + "\nservices: [\n", []string{"/etc/lbsup/lbsup.yaml:5", "refused: nothing was changed"}},
		{"an unknown key", p.replaced(t, "router_id: 1", "routerid: 1"), []string{"/etc/lbsup/lbsup.yaml:10:7", `"routerid"`}},
		{"a contradiction", p.replaced(t, `bind: ["*:22623"]`, `bind: ["*:6443"]`), []string{"/etc/lbsup/lbsup.yaml:33:", "6443"}},
		{"a line that only HAProxy refuses", p.cluster + "\nhaproxy: {defaults: [\"timeout nonsense 5s\"]}\n",
			[]string{"HAProxy refuses", "parsing [/etc/haproxy/haproxy.cfg:", "nonsense"}},
	} {
		t.Run("refused: "+row.name, func(t *testing.T) {
			p.well(t)
			w, before := p.watch(t), p.running(t, p.first)
			p.edit(t, p.first, row.text)
			p.says(t, p.first, "that the edit was refused", func(said string, code int) bool {
				return code == 1 && containsAll(said, append(row.told, "What is wrong")...)
			})
			if out, code := try(t, p.first, "lbsup reload"); code != 1 || !strings.Contains(out, row.told[0]) {
				t.Errorf("lbsup reload ended with %d: %s", code, out)
			}
			p.untouched(t, p.first, before)
			p.edit(t, p.first, p.cluster)
			p.well(t)
			w.undisturbed(t)
		})
	}
	t.Run("live: a service comes and goes", p.addService)
	t.Run("live: a VIP comes and goes", p.addVIP)
}

func containsAll(text string, words ...string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// running is what must not change when something is refused.
type running struct{ worker, keepalived, haproxyConfig, keepalivedConfig string }

func (p *pair) running(t *testing.T, n *lab.Node) running {
	t.Helper()
	return running{
		worker:           sh(t, n, "pgrep --parent $(systemctl show -P MainPID haproxy)"),
		keepalived:       mainPID(t, n, "keepalived"),
		haproxyConfig:    sh(t, n, "sha256sum </etc/haproxy/haproxy.cfg"),
		keepalivedConfig: sh(t, n, "sha256sum </etc/keepalived/keepalived.conf"),
	}
}

func (p *pair) untouched(t *testing.T, n *lab.Node, before running) {
	t.Helper()
	if now := p.running(t, n); now != before {
		t.Errorf("%s is not what it was: %+v, before: %+v", n.Name, now, before)
	}
}

// addService measures how soon a saved edit serves, with HAProxy reloaded and keepalived left alone.
func (p *pair) addService(t *testing.T) {
	p.well(t)
	before, w := mainPID(t, p.first, "keepalived"), p.watch(t)
	log := journalOf(t, p.first, "keepalived")
	client := p.Client(time.Second)
	p.edit(t, p.first, p.cluster+extraService)
	saved := time.Now()
	eventually(t, "the new service answers", func() bool {
		_, err := lab.Ask(t.Context(), client, extraURL)
		return err == nil
	})
	t.Logf("live %v after saving", time.Since(saved))
	said := p.says(t, p.first, "well", func(_ string, code int) bool { return code == 0 })
	if !strings.Contains(said, "extra") || strings.Contains(said, "reload of keepalived") {
		t.Errorf("status after a good edit: %s", said)
	}
	p.restore(t)
	if _, err := lab.Ask(t.Context(), client, extraURL); err == nil {
		t.Error("the service answers after it was taken away")
	}
	w.undisturbed(t)
	if now := mainPID(t, p.first, "keepalived"); now != before {
		t.Errorf("keepalived was %s and is %s", before, now)
	}
	log.lacks(t, "reload", "sighup", "fail", "state")
}

// addVIP has keepalived reloaded on both nodes, which keep their places.
func (p *pair) addVIP(t *testing.T) {
	p.well(t)
	const vip, url = "172.18.100.101", "http://172.18.100.101:6443/"
	before, w := []string{mainPID(t, p.first, "keepalived"), mainPID(t, p.second, "keepalived")}, p.watch(t)
	text := p.replaced(t, "- {address: 172.18.100.100/16, interface: enc6}",
		"- {address: 172.18.100.100/16, interface: enc6}\n        - {address: "+vip+"/16, interface: enc6}")
	log := journalOf(t, p.second, "keepalived")
	for _, node := range p.nodes() {
		p.edit(t, node, text)
	}
	client := p.Client(time.Second)
	eventually(t, "the new VIP answers", func() bool {
		_, err := lab.Ask(t.Context(), client, url)
		return err == nil
	})
	log.has(t, "Reload")
	for _, node := range p.nodes() {
		p.says(t, node, "well, with the new VIP", func(said string, code int) bool { return code == 0 && strings.Contains(said, vip) })
	}
	for i, node := range p.nodes() {
		if now := mainPID(t, node, "keepalived"); now != before[i] {
			t.Errorf("%s: keepalived was %s and is %s", node.Name, before[i], now)
		}
		if has(t, node, addresses(vip)[0]) != (node == p.first) {
			t.Errorf("%s holds the new VIP: %v", node.Name, node != p.first)
		}
	}
	p.restore(t)
	eventually(t, "the new VIP is gone", func() bool { return !has(t, p.first, addresses(vip)[0]) })
	w.undisturbed(t)
}
