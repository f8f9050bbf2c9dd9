package control

import "testing"

func TestRightsOf(t *testing.T) {
	const lbsup = 990
	for _, row := range []struct {
		name   string
		peer   peer
		change bool
	}{
		{"root", peer{uid: 0, groups: []uint32{0}}, true},
		{"root without any group", peer{uid: 0}, true},
		{"primary group", peer{uid: 1000, groups: []uint32{lbsup}}, true},
		{"supplementary group", peer{uid: 1000, groups: []uint32{1000, 27, lbsup}}, true},
		{"another group", peer{uid: 1000, groups: []uint32{1000, 0}}, false},
		{"no group at all", peer{uid: 1000}, false},
		{"a uid equal to the group's number", peer{uid: lbsup, groups: []uint32{1000}}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := rightsOf(row.peer, lbsup)
			if want := (rights{look: true, change: row.change}); got != want {
				t.Errorf("rightsOf(%+v) = %+v, want %+v", row.peer, got, want)
			}
		})
	}
}
