package pair

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// trouble says what is not yet as it is while all is well, cheapest looks first; empty: nothing.
func (p *Pair) trouble(ctx context.Context) string {
	if trouble := p.findHome(); trouble != "" {
		return trouble
	}
	client := p.Lab.Client(time.Second)
	urls := []string{URL}
	for _, node := range p.Lab.Nodes {
		urls = append(urls, fmt.Sprintf("http://%s:6443/", p.AddressOf(node)))
	}
	for _, url := range urls {
		if _, err := lab.Ask(ctx, client, url); err != nil {
			return err.Error()
		}
	}
	for _, node := range p.Lab.Nodes {
		if trouble := p.watcherTrouble(ctx, node); trouble != "" {
			return trouble
		}
	}
	return ""
}

// findHome finds the node that has the address.
func (p *Pair) findHome() (trouble string) {
	var holders []int
	for i, node := range p.Lab.Nodes {
		held, err := node.Holds(VIP)
		if err != nil {
			return err.Error()
		}
		if held {
			holders = append(holders, i)
		}
	}
	switch {
	case len(holders) != 1:
		return fmt.Sprintf("%d nodes hold the address", len(holders))
	case holders[0] != 0 && !p.Subject.sticky:
		return p.Lab.Nodes[0].Name + " does not have the address back"
	}
	p.home = holders[0]
	return ""
}

// watcherTrouble is what the one who watches HAProxy on a node still lacks.
func (p *Pair) watcherTrouble(ctx context.Context, node *lab.Node) string {
	if p.Subject.Supervised() {
		return wellSupervised(ctx, node)
	}
	if p.Subject.script == "" {
		return ""
	}
	// Not what an earlier keepalived said of the script.
	journal, err := node.Script(ctx, `journalctl --quiet --output cat "_SYSTEMD_INVOCATION_ID=$(readlink /run/systemd/units/invocation:keepalived.service)"`)
	if err != nil {
		return err.Error()
	}
	if !scriptWell(journal, p.Subject.script) {
		return fmt.Sprintf("%s: the script %s has not succeeded", node.Name, p.Subject.script)
	}
	return ""
}

// scriptWell reads keepalived's journal: what it said last about the script.
func scriptWell(journal, script string) bool {
	well := false
	for line := range strings.Lines(journal) {
		if _, said, ok := strings.Cut(line, "VRRP_Script("+script+") "); ok {
			well = strings.HasPrefix(said, "succeeded")
		}
	}
	return well
}
