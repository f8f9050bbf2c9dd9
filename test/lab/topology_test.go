package lab

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTopologyCheck(t *testing.T) {
	client := Host{Name: "client"}
	backends := Host{Name: "backends"}
	for _, row := range []struct {
		name     string
		topology Topology
		want     string
	}{
		{name: "OpenShift", topology: OpenShift()},
		{name: "VSphere", topology: VSphere()},
		{name: "Web", topology: Web()},
		{name: "no nodes", topology: Topology{Client: client, Backends: backends}, want: `cannot use topology: it has no nodes`},
		{
			name:     "a node called like the client",
			topology: Topology{Nodes: []Host{{Name: "client"}}, Client: client, Backends: backends},
			want:     `cannot use topology: host name "client" is empty or used twice`,
		},
		{
			name:     "an interface name that the kernel cuts",
			topology: Topology{Nodes: []Host{{Name: "a", Ports: []Port{{Name: "enp0s31f6abcdefg"}}}}, Client: client, Backends: backends},
			want:     `cannot use topology: host "a": interface name "enp0s31f6abcdefg" must have 1 to 15 characters`,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got string
			if err := row.topology.check(); err != nil {
				got = err.Error()
			}
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestTopologyNetworks(t *testing.T) {
	if diff := cmp.Diff([]string{"kvm", "cluster", "outside"}, OpenShift().networks()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The ends in the switch share one namespace, so no two may have one name.
func TestSwitchPortsAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, ports := range newNetwork("x-", OpenShift()).ports {
		for _, end := range ports {
			if seen[end] {
				t.Errorf("two links end in %q", end)
			}
			seen[end] = true
		}
	}
	if len(seen) != 9 {
		t.Errorf("got %d ports, want 9", len(seen))
	}
}
