package pair

import "testing"

// The other pairs of the examples come up and fail over too: VRRPv2 with passwords, one network for all, a labelled VIP.
func TestOtherSystems(t *testing.T) {
	for _, row := range []struct {
		name   string
		system system
	}{
		{"vSphere", vSphere()},
		{"web servers", web()},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := up(t, row.system)
			for _, f := range failures[:1] {
				t.Run(f.name, func(t *testing.T) { p.survives(t, f) })
			}
			t.Run("the power fails and comes back", p.survivesPowerCut)
		})
	}
}
