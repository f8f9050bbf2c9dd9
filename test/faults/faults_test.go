package faults

import "testing"

// TestFaults has every fault on one pair, which has to be well again after each part. Parts of one line go on at the same time: each is about another node.
func TestFaults(t *testing.T) {
	h := up(t)
	for _, parts := range [][]part{
		{{"lbsup apply", h.apply}},
		{{"lbsup run is killed", h.supervisor}, {"files are damaged, and the power fails", h.damagedAndDark}},
		{{"in the middle of a change", h.middle}},
		{{"death and doubt", h.rules}},
	} {
		if !t.Run(parts[0].name, func(t *testing.T) { h.together(t, parts) }) {
			return // what comes next would only fail too, slowly
		}
		h.well(t)
	}
}

type part struct {
	name string
	do   func(*testing.T)
}

func (h *house) together(t *testing.T, parts []part) {
	if len(parts) == 1 {
		parts[0].do(t)
		return
	}
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			p.do(t)
		})
	}
}

// damagedAndDark is what happens to the second node while the first one's supervisor is killed.
func (h *house) damagedAndDark(t *testing.T) {
	t.Run("files are damaged", h.mutated)
	t.Run("the power fails", h.power)
}
