package pair

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

// incident is something that moves VIPs, or could, and what lbsup says of it afterwards.
type incident struct {
	name   string
	breaks func(t *testing.T, p *pair)
	mend   func(t *testing.T, p *pair) // nil: it heals by itself
	left   string                      // what the first node says of why the VIPs left it; empty: they stay
	back   string                      // and of why they came back
	events []string                    // what else is on its record
}

var incidents = []incident{
	{name: "HAProxy is killed", breaks: on("systemctl kill --signal KILL --kill-whom all haproxy"),
		left: "check haproxy failed: ", back: "this node is preferred and well again: check haproxy is healthy", events: []string{"haproxy.service failed (signal)"}},
	{name: "HAProxy is stopped", breaks: on("systemctl stop haproxy"), mend: on("systemctl start haproxy"),
		left: "check haproxy failed: ", back: "well again", events: []string{"haproxy.service was stopped by hand", "keepalived is told FAULT"}},
	{name: "HAProxy hangs", breaks: on("kill -STOP $(pgrep --parent $(systemctl show -P MainPID haproxy))"),
		mend: on("kill -CONT $(pgrep --parent $(systemctl show -P MainPID haproxy))"),
		left: "check haproxy is in doubt", back: "well again", events: []string{"went from MASTER to BACKUP"}},
	{name: "keepalived is stopped", breaks: on("systemctl stop keepalived"), mend: on("systemctl start keepalived"),
		left: "keepalived.service was stopped by hand", back: "keepalived.service runs as process", events: []string{"went from MASTER to STOP"}},
	{name: "keepalived is killed, and masked", breaks: on("systemctl mask --quiet --runtime keepalived; kill -9 $(pidof keepalived)"),
		mend: on("systemctl unmask --quiet --runtime keepalived; systemctl start keepalived"),
		left: "keepalived.service ", back: "keepalived.service ", events: []string{"keepalived.service failed (signal)"}},
	{name: "an interface goes", breaks: cable((*lab.Node).Cut, "enc5"), mend: cable((*lab.Node).Heal, "enc5"),
		left: "an interface that keepalived tracks is down", back: "its interfaces are up again"},
	{name: "keepalived is reloaded", breaks: on("for i in 1 2 3; do systemctl reload keepalived; sleep 1; done"), events: []string{"keepalived.service reloads, and lbsup has not asked for it"}},
	{name: "lbsup is restarted", breaks: on("systemctl restart lbsup"), events: []string{"lbsup ends, as it was told to", "lbsup started"}},
	{name: "lbsup is killed", breaks: on("systemctl kill --signal KILL lbsup"), events: []string{"lbsup had ended without a word"}},
	{name: "a check fails", breaks: on("rm " + door), mend: on("touch " + door),
		left: "check door failed: ", back: "well again: check door is healthy", events: []string{"keepalived is told FAULT", "check door failed"}},
}

// door is what a check of the cluster file looks for.
const (
	door     = "/run/door"
	doorKeys = "\nchecks:\n  door: {exec: [/usr/bin/test, -e, " + door + "], interval: 1s, on_fail: fault}\n"
)

// The timeline explains what happened on both nodes, in fewer than five lines, and the journal confirms it.
func TestWhy(t *testing.T) {
	p := up(t, openShift())
	for _, node := range p.nodes() {
		sh(t, node, "touch "+door)
		p.edit(t, node, p.cluster+doorKeys)
		eventually(t, node.Name+" looks for the door", func() bool { _, code := try(t, node, "lbsup check door"); return code == 0 })
	}
	for _, one := range incidents {
		t.Run(one.name, func(t *testing.T) {
			p.well(t)
			began := sh(t, p.first, "date '+%Y-%m-%d %T'")
			one.breaks(t, p)
			if one.left != "" {
				p.explains(t, p.first, "left this node", one.left)
				p.explains(t, p.second, "came to this node", "loadbalancer-1 no longer claims them")
			}
			if one.mend != nil {
				one.mend(t, p)
			}
			p.well(t)
			if one.left != "" {
				p.explains(t, p.first, "came to this node", one.back)
				p.explains(t, p.second, "left this node", "loadbalancer-1 claims them again, and is preferred")
			}
			p.confirms(t, p.first, one.events, began)
		})
	}
	t.Run("the host is lost", p.whyHostLost)
}

// whyHostLost has the power of the node that holds the VIPs fail: the other one explains it, and the one that is back says that it was away.
func (p *pair) whyHostLost(t *testing.T) {
	p.well(t)
	began := sh(t, p.second, "date '+%Y-%m-%d %T'")
	if err := p.first.PowerOff(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.explains(t, p.second, "came to this node", "loadbalancer-1 no longer claims them: it failed, was stopped or is not heard")
	if err := p.first.Boot(t.Context()); err != nil {
		t.Fatal(err)
	}
	sh(t, p.first, "touch "+door)
	p.well(t)
	p.explains(t, p.second, "left this node", "loadbalancer-1 claims them again, and is preferred")
	p.confirms(t, p.second, []string{"went from BACKUP to MASTER", "went from MASTER to BACKUP"}, began)
	eventually(t, "the first node says that it was away", func() bool {
		return strings.Contains(sh(t, p.first, "lbsup events --since '"+began+"'"), "lbsup had ended without a word")
	})
}

// confirms looks whether the record and the journal of a node have what happened since.
func (p *pair) confirms(t *testing.T, n *lab.Node, events []string, began string) {
	t.Helper()
	for _, words := range events {
		eventually(t, "it is on record that "+words, func() bool {
			return strings.Contains(sh(t, n, "lbsup events --since '"+began+"'"), words)
		})
		journal := sh(t, n, "journalctl --sync; journalctl --quiet --output cat --since '"+began+"' LBSUP_KIND=role + LBSUP_KIND=daemon + LBSUP_KIND=priority + LBSUP_KIND=lbsup + LBSUP_KIND=check")
		if !strings.Contains(journal, words) {
			t.Errorf("the journal does not have %q:\n%s", words, journal)
		}
	}
}

// explains waits until a node's answer has the words.
func (p *pair) explains(t *testing.T, n *lab.Node, words ...string) {
	t.Helper()
	said := ""
	defer func() {
		if t.Failed() {
			t.Logf("%s: lbsup why\n%s\n%s", n.Name, said, sh(t, n, "lbsup events --since 60s"))
		}
	}()
	eventually(t, n.Name+" explains "+strings.Join(words, ", "), func() bool {
		said = sh(t, n, "lbsup why")
		return containsAll(said, words...)
	})
	if lines := strings.Count(said, "\n") + 1; lines >= 5 {
		t.Errorf("%s answered in %d lines:\n%s", n.Name, lines, said)
	}
}
