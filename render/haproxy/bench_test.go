package haproxy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/render/cluster"
)

// manyServers is a cluster file with one service of that many servers.
func manyServers(count int) []byte {
	var text strings.Builder
	text.WriteString(`cluster: many
nodes: [{name: lb1, address: 192.0.2.11}]
vrrp:
  instances: [{name: VI_1, router_id: 51, interface: eth0, addresses: [{address: 192.0.2.10/24}]}]
services:
  - name: web
    bind: ["*:80"]
    balance: source
    servers:
`)
	for i := range count {
		fmt.Fprintf(&text, "      - {name: server%d, address: \"10.%d.%d.%d:8080\", weight: 5}\n", i, i>>16, i>>8&255, i&255)
	}
	return []byte(text.String())
}

// BenchmarkChange is what one more server costs: the cluster file is parsed, rendered, and compared with the one before.
func BenchmarkChange(b *testing.B) {
	for _, count := range []int{1_000, 10_000} {
		before, after := manyServers(count-1), manyServers(count)
		first, problems := cluster.Parse("lbsup.yaml", before)
		if len(problems) > 0 {
			b.Fatal(problems)
		}
		local := &cluster.Local{Cluster: first, Node: first.Nodes[0]}
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c, problems := cluster.Parse("lbsup.yaml", after)
				if len(problems) > 0 {
					b.Fatal(problems)
				}
				l := &cluster.Local{Cluster: c, Node: c.Nodes[0]}
				if _, err := Render(l, nil, installed); err != nil {
					b.Fatal(err)
				}
				if plan := Difference(local, l, installed); len(plan.Changes) != 1 || len(plan.Reload) > 0 {
					b.Fatalf("got %v, %v", plan.Changes, plan.Reload)
				}
			}
		})
	}
}
