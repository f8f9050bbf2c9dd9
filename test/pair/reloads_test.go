package pair

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

const insideVIP = "        - {address: 10.131.0.1/14, interface: enc5}"

// secondInstance is what a cluster file with two instances has between the first and the services.
const secondInstance = insideVIP + `
      track:
        interfaces: [enc5]
    - name: VI_2
      router_id: 2
      interface: enc1
      addresses:
        - {address: 172.18.100.102/16, interface: enc6}
`

// keepalivedReloads are changes of the cluster file for which keepalived is reloaded. None of them is about the VIP that is watched.
var keepalivedReloads = []struct {
	name, old, new string
	vip            string // comes with the change and goes with it
}{
	{name: "a VIP behind the others", old: insideVIP, new: insideVIP + "\n        - {address: 172.18.100.101/16, interface: enc6}", vip: "172.18.100.101"},
	{name: "a VIP between the others", old: insideVIP, new: "        - {address: 172.18.100.101/16, interface: enc6}\n" + insideVIP, vip: "172.18.100.101"},
	{name: "an instance", old: insideVIP + "\n      track:\n        interfaces: [enc5]\n", new: secondInstance, vip: "172.18.100.102"},
	{name: "slower adverts", old: "vrrp:\n", new: "vrrp:\n  advert_interval: 300ms\n"},
}

// TestReloadOfKeepalived has one node changed well before the other, as people do it, there and back again. All the while the two
// do not have the same configuration, and no VIP moves but those that come and go.
func TestReloadOfKeepalived(t *testing.T) {
	p := up(t, openShift())
	t.Run("nothing has changed", func(t *testing.T) {
		w := p.watch(t)
		for _, node := range p.nodes() {
			log := journalOf(t, node, "keepalived")
			sh(t, node, "systemctl reload keepalived")
			eventually(t, "keepalived reloads", func() bool { return strings.Contains(strings.Join(log.lines(t), "\n"), "Reload complete") })
		}
		p.well(t)
		w.undisturbed(t)
	})
	for _, row := range keepalivedReloads {
		for _, order := range [][]*lab.Node{{p.first, p.second}, {p.second, p.first}} {
			t.Run(fmt.Sprintf("%s, %s first", row.name, order[0].Name), func(t *testing.T) {
				p.changesOneByOne(t, order, p.replaced(t, row.old, row.new), row.vip)
			})
		}
	}
	t.Run("another order of preference", p.changesPreference)
}

// changesOneByOne edits a node, waits until both keepalived have had time for an election, and edits the other.
func (p *pair) changesOneByOne(t *testing.T, order []*lab.Node, text, vip string) {
	p.well(t)
	w := p.watch(t)
	logs := []journal{journalOf(t, p.first, "keepalived"), journalOf(t, p.second, "keepalived")}
	for _, edit := range []string{text, p.cluster} {
		for _, node := range order {
			p.edit(t, node, edit)
			sh(t, node, "lbsup reload --force")
			elections(t)
		}
		p.well(t)
		if vip != "" && has(t, p.first, addresses(vip)[0]) != (edit == text) {
			t.Errorf("%s holds %s: %v", p.first.Name, vip, edit != text)
		}
	}
	w.undisturbed(t)
	for _, log := range logs {
		log.has(t, "Reload complete")
		log.lacks(t, "died", "killed", "unexpected ip number")
	}
}

// changesPreference moves the VIP because that is what the change says, once there and once back, without two holders that last.
func (p *pair) changesPreference(t *testing.T) {
	p.well(t)
	w := p.watch(t)
	first, second := `  - {name: loadbalancer-1, address: 10.129.0.1}`, `  - {name: loadbalancer-2, address: 10.130.0.1}`
	text := p.replaced(t, first+"\n"+second, second+"\n"+first)
	for _, node := range p.nodes() {
		p.edit(t, node, text)
		sh(t, node, "lbsup reload --force")
	}
	eventually(t, "the VIP is where it is preferred now", func() bool { return p.holds(t, p.second) && !p.holdsAny(t, p.first) })
	p.restore(t)
	w.answered(t)
	story := w.story()
	if count := strings.Count(story.String(), "comes to"); count != 3 { // there at first, over, back
		t.Errorf("the VIP moved %d times: %v", count-1, story)
	}
	if twice := story.twice(); twice > mostTwice {
		t.Errorf("two nodes held the VIP for %v", twice)
	}
	t.Log(w.probe.Stop().Since(w.began), story)
}

// elections waits for longer than a node with adverts each 0.3 s needs to find itself alone.
func elections(t *testing.T) {
	t.Helper()
	select {
	case <-time.After(time.Second):
	case <-t.Context().Done():
	}
}
