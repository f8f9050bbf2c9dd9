package supervisor

import (
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/notify"
	"github.com/lbsup/lbsup/supervisor/peers"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// tell says who is told of this node from now on. The owner loop calls it.
func (n *node) tell(local *cluster.Local) {
	n.exchange.Replace(peers.Of(local))
	if local == nil {
		n.notifier.Replace("", nil)
		return
	}
	n.notifier.Replace(local.Name, local.Notices)
}

// stepped is told of each step of the state, and of what is worth telling of it. The owner loop calls it.
func (n *node) stepped(before, after state.State, e state.Event, told []status.Moment) {
	n.showing.stepped(before, after, e, told)
	n.notifier.Put(told...)
	if wishes(before, after, e) {
		signal(n.wishes)
	}
}

// toldFindings name those who could not be told.
func toldFindings(all []notify.Report) []status.Finding {
	var out []status.Finding
	for _, r := range all {
		if r.Trouble != "" {
			out = append(out, warning("key `notify:` of the cluster file says who is told; journalctl -u lbsup has the first failure",
				"%s cannot be told of what happens: %s (%d waiting, %d lost)", r.Who, r.Trouble, r.Waiting, r.Failed+r.Dropped))
		}
	}
	return out
}
