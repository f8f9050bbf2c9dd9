package faults

import (
	"strings"
	"testing"
)

// apply breaks lbsup apply at each of its steps: half of the rows on each node, at the same time, for what one does to its files is not the other's
// business.
func (h *house) apply(t *testing.T) {
	for i, half := range halves(rows(h.first.rehearse(t))) {
		n := h.hosts()[i]
		t.Run("on "+n.Name, func(t *testing.T) {
			t.Parallel()
			for _, r := range half {
				if !t.Failed() { // what comes after a failure would only fail too, slowly
					n.survives(t, r)
				}
			}
		})
	}
}

// row is a step and what happens to it.
type row struct {
	step
	blow
}

// rows are a kill before each step, every error at each write and rename, which are what changes files, and one of the errors at each other step that
// can meet one.
func rows(all []step) []row {
	var out []row
	errs := []blow{noSpace, readOnly, inputError}
	for i, s := range all {
		if s.call != "fsync" { // what a kill leaves before it is what it leaves after it
			out = append(out, row{s, killed})
		}
		switch {
		case s.call == "write", strings.HasPrefix(s.call, "rename"):
			for _, b := range errs {
				out = append(out, row{s, b})
			}
		case !strings.Contains(s.call, "chmod") && !strings.Contains(s.call, "chown"):
			out = append(out, row{s, errs[i%len(errs)]})
		}
	}
	return out
}

func halves(all []row) [2][]row {
	var out [2][]row
	for i, r := range all {
		out[i%2] = append(out[i%2], r)
	}
	return out
}

// rehearse makes a change that nothing hinders, and returns its steps.
func (n *host) rehearse(t *testing.T) []step {
	t.Helper()
	n.edit(t)
	n.arm(t, "-y -e trace="+changing)
	n.sh(t, "lbsup reload")
	all := steps(n.disarm(t))
	n.whole(t)
	if len(all) < 50 {
		t.Fatalf("a change took only these steps: %v", all)
	}
	t.Logf("%d steps", len(all))
	return all
}

// survives has a change meet a blow, and looks at what it leaves. strace counts the calls of each thread, and lbsup apply takes its steps on one; should
// a call be made elsewhere, another try may find it.
func (n *host) survives(t *testing.T, r row) {
	t.Run(r.name+" "+r.step.String(), func(t *testing.T) {
		c := n.house.calm()
		for try := range 10 {
			if n.change(t, r.step, r.blow) {
				c.kept(t)
				return
			}
			t.Logf("try %d did not hit", try+1)
		}
		t.Error("the blow never hit")
	})
}

// change makes one change under a blow and the same without it, and says whether the blow hit.
func (n *host) change(t *testing.T, s step, b blow) bool {
	t.Helper()
	before, edition := n.whole(t), n.edit(t)
	var out string
	var code int
	hit := n.struck(t, s, b, func() { out, code = n.try(t, "lbsup reload") })
	now := n.whole(t)
	switch {
	case code == 0 && now.Number == before.Number:
		t.Errorf("lbsup reload said that the change is live, and generation %d still is: %s", now.Number, out)
	case code != 0 && now.Number != before.Number && b != killed:
		t.Errorf("lbsup reload said that the change was refused, and generation %d is installed: %s", now.Number, out)
	case n.serves(t, edition) != (now.Number != before.Number):
		t.Errorf("generation %d after %d has %q: %v", now.Number, before.Number, edition, n.serves(t, edition))
	}
	n.goesOn(t, edition)
	return hit
}

// goesOn has the edition reloaded that a fault has hindered.
func (n *host) goesOn(t *testing.T, edition string) {
	t.Helper()
	if out, code := n.try(t, "lbsup reload"); code != 0 {
		t.Fatalf("the next lbsup reload ended with %d: %s", code, out)
	}
	if n.whole(t); !n.serves(t, edition) {
		t.Errorf("after the next lbsup reload %q is not there", edition)
	}
	n.clean(t)
}
