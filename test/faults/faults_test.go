package faults

import "testing"

// TestFaults has every fault on one pair, which has to be well again after each.
func TestFaults(t *testing.T) {
	h := up(t)
	for _, part := range []struct {
		name string
		do   func(*testing.T)
	}{
		{"lbsup apply", h.apply},
		{"lbsup run is killed", h.supervisor},
		{"in the middle of a change", h.middle},
		{"files are damaged", h.mutated},
		{"death and doubt", h.rules},
		{"the power fails", h.power},
	} {
		t.Run(part.name, part.do)
		h.well(t)
	}
}
