package supervisor

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

func TestVIPEffects(t *testing.T) {
	const (
		vip    = "        - {address: 172.18.100.100/16, interface: enc6}"
		first  = "  - {name: loadbalancer-1, address: 10.129.0.1}"
		second = "  - {name: loadbalancer-2, address: 10.130.0.1}"
		more   = "    - {name: VI_2, router_id: 2, interface: enc1, addresses: [{address: 172.18.100.102/16, interface: enc6}], prefer: [loadbalancer-2, loadbalancer-1]}"
		split  = "nodes with different router IDs or interfaces do not hear each other: each has it until all have this file"
		wins   = "that node is preferred now; the other one answers until it takes over"
		joins  = "with the reload, on the node that has the others of the instance"
	)
	both := []string{"172.18.100.100", "10.131.0.1"}
	old := openshift(t)
	for _, row := range []struct {
		name, from, to string
		want           []status.VIPEffect
	}{
		{"a service", "bind: [\"*:6443\"]", "bind: [\"*:6444\"]", nil},
		{"a check", "track:", "track:", nil},
		{"a VIP more", vip, vip + "\n" + strings.Replace(vip, "100.100", "100.101", 1),
			[]status.VIPEffect{{Instance: "VI_1", Addresses: []string{"172.18.100.101"}, Outcome: status.VIPComes, Why: joins}}},
		{"a VIP less", vip + "\n", "",
			[]status.VIPEffect{{Instance: "VI_1", Addresses: []string{"172.18.100.100"}, Outcome: status.VIPGoes, Why: "it is not in the file any more"}}},
		{"a VIP on another interface", vip, strings.Replace(vip, "enc6", "enc5", 1), []status.VIPEffect{
			{Instance: "VI_1", Addresses: []string{"172.18.100.100"}, Outcome: status.VIPGoes, Why: "it is not in the file any more"},
			{Instance: "VI_1", Addresses: []string{"172.18.100.100"}, Outcome: status.VIPComes, Why: joins},
		}},
		{"an instance more", "\nstats:", "\n" + more + "\n\nstats:", []status.VIPEffect{{
			Instance: "VI_2", Addresses: []string{"172.18.100.102"}, Outcome: status.VIPComes, To: "loadbalancer-2", Worst: worstElection(t),
			Why: "its instance is new: the preferred node waits for adverts of others first",
		}}},
		{"another order of preference", first + "\n" + second, second + "\n" + first,
			[]status.VIPEffect{{Instance: "VI_1", Addresses: both, Outcome: status.VIPMoves, To: "loadbalancer-2", Worst: worstElection(t), Why: wins}}},
		{"another order, and who holds keeps", first + "\n" + second + "\n\nvrrp:\n  instances:\n    - name: VI_1", second + "\n" + first + "\n\nvrrp:\n  instances:\n    - name: VI_1\n      preempt: false", nil},
		{"another router ID", "router_id: 1", "router_id: 7", []status.VIPEffect{{Instance: "VI_1", Addresses: both, Outcome: status.VIPTwice, Why: split}}},
		{"another interface for the adverts", "interface: enc1 ", "interface: enc2 ", []status.VIPEffect{{Instance: "VI_1", Addresses: both, Outcome: status.VIPTwice, Why: split}}},
		{"another name of the instance", "name: VI_1", "name: VI_9", []status.VIPEffect{
			{Instance: "VI_9", Addresses: both, Outcome: status.VIPComes, To: "loadbalancer-1", Worst: worstElection(t), Why: "its instance is new: the preferred node waits for adverts of others first"},
			{Instance: "VI_1", Addresses: both, Outcome: status.VIPGoes, Why: "no instance of the file has it any more"},
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if !strings.Contains(old, row.from) {
				t.Fatalf("%q is not in the file", row.from)
			}
			got := vipEffects(viewed(t, old), viewed(t, strings.Replace(old, row.from, row.to, 1)))
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("VIPs (-want +got):\n%s", diff)
			}
		})
	}
	if got := vipEffects(nil, viewed(t, old)); len(got) != 1 || got[0].Outcome != status.VIPComes {
		t.Errorf("where nothing was installed: %+v", got)
	}
}

// worstElection is what the failover plan says of a host that is cut off.
func worstElection(t *testing.T) float64 {
	t.Helper()
	worst := electionTimes(viewed(t, openshift(t)).Cluster)["VI_1"]
	if worst < 600_000_000 {
		t.Fatalf("an election within %v is faster than three adverts", worst)
	}
	return float64(worst) / float64(time.Millisecond)
}
