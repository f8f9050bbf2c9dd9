package main

import (
	"fmt"

	"github.com/lbsup/lbsup/test/lab/cmd/pair"
)

// guide says what there is to play with.
func guide(client string, bare bool) string {
	if bare {
		return "lab: two bare hosts run: loadbalancer-1 and loadbalancer-2\n"
	}
	return fmt.Sprintf(`lab: the pair is well: loadbalancer-1 holds the VIPs %[1]s and %[2]s

A shell on a node, as root:
  sudo make lab-shell NODE=loadbalancer-1
  sudo make lab-shell NODE=loadbalancer-2

A request from outside to the VIP, one to the ingress, and one every tenth of a second:
  sudo ip netns exec %[3]s curl -s %[4]s
  sudo ip netns exec %[3]s curl -s http://%[1]s/
  sudo ip netns exec %[3]s sh -c 'while sleep 0.1; do curl -s -m 1 %[4]s || echo no answer; done'

What to try in a shell on the node that holds the VIPs:
  lbsup status                      how it is, and why
  kill -9 $(pidof haproxy)          the other node takes the VIPs over, and they come home
  sed -i s/roundrobin/leastconn/ %[5]s
                                    an edit is applied when it is saved; a wrong one is refused
  lbsup history                     what was installed
  lbsup rollback                    after an edit: the one before again

Take it down:
  sudo make lab-down
`, pair.VIPs[0], pair.VIPs[1], client, pair.URL, pair.ClusterFile)
}
