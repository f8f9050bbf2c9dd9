package timeline

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Span is the time that a question is about. The zero Span is about now.
type Span struct{ From, To time.Time }

// ErrNoSubject is in the chain of an error that says that there is nothing of that name to explain.
var ErrNoSubject = errors.New("no such VIP, VRRP instance or check")

// Explain answers why an instance's VIPs, or a check, are as they are, or became so in a span of time. Without a name it
// is about the instance that moved last. What the other nodes have on record tells what this node cannot know.
func Explain(s status.Snapshot, ms []status.Moment, about string, span Span, others ...status.Recalled) (status.Account, error) {
	e := explaining{snap: s, all: inOrder(slices.Clone(ms)), span: span, others: others, self: "this node"}
	if about == "" {
		about = e.mover()
	}
	if i, ok := e.instance(about); ok {
		a := e.move(i)
		a.Node = s.Node
		return a, nil
	}
	if c, ok := e.check(about); ok {
		a := e.verdict(c)
		a.Node = s.Node
		return a, nil
	}
	return status.Account{}, fmt.Errorf("cannot explain %q: %w; there are %s", about, ErrNoSubject, e.subjects())
}

type explaining struct {
	snap status.Snapshot
	all  []status.Moment // in order
	span Span

	others []status.Recalled
	self   string // what the node is called that it is about
}

// instance finds one by its name or by one of its VIPs.
func (e explaining) instance(about string) (status.Instance, bool) {
	for _, i := range e.snap.Instances {
		if i.Name == about {
			return i, true
		}
		for _, v := range i.VIPs {
			if addr, err := netip.ParseAddr(about); v.Address == about || err == nil && bare(v.Address) == addr.String() {
				return i, true
			}
		}
	}
	return status.Instance{}, false
}

// bare is an address without its prefix length.
func bare(address string) string {
	addr, _, _ := strings.Cut(address, "/")
	return addr
}

func (e explaining) check(about string) (status.Check, bool) {
	for _, c := range e.snap.Checks {
		if c.Name == about {
			return c, true
		}
	}
	return status.Check{}, false
}

// mover is the instance whose VIPs moved last, or else the first one there is.
func (e explaining) mover() string {
	for _, m := range slices.Backward(e.all) {
		if moves(m) && !m.Time.After(e.end()) {
			if _, ok := e.instance(m.Fields["instance"]); ok {
				return m.Fields["instance"]
			}
		}
	}
	if len(e.snap.Instances) > 0 {
		return e.snap.Instances[0].Name
	}
	return ""
}

func (e explaining) subjects() string {
	var names []string
	for _, i := range e.snap.Instances {
		names = append(names, i.Name)
	}
	for _, c := range e.snap.Checks {
		names = append(names, c.Name)
	}
	if len(names) == 0 {
		return "none: no cluster file was installed yet"
	}
	return strings.Join(names, ", ")
}

// end is the last moment that the question is about.
func (e explaining) end() time.Time {
	if e.span.To.IsZero() {
		return e.snap.Time
	}
	return e.span.To
}

// within returns what happened from one moment to another, both included.
func (e explaining) within(from, to time.Time) []status.Moment {
	first, _ := slices.BinarySearchFunc(e.all, from, func(m status.Moment, t time.Time) int { return m.Time.Compare(t) })
	last := first
	for last < len(e.all) && !e.all[last].Time.After(to) {
		last++
	}
	return e.all[first:last]
}

// last finds the newest moment that fits.
func last(ms []status.Moment, fits func(status.Moment) bool) *status.Moment {
	for i, m := range slices.Backward(ms) {
		if fits(m) {
			return &ms[i]
		}
	}
	return nil
}
