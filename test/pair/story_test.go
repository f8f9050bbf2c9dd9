package pair

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// story is the moves of one VIP up to a moment, in order.
type story struct {
	moves []move
	until time.Time
}

// since leaves out the moves before a moment, but keeps who held the VIP then.
func (s story) since(start time.Time) story {
	holds := map[string]bool{}
	var early, late []move
	for _, m := range s.moves {
		if m.at.Before(start) {
			holds[m.node] = m.holds
		} else {
			late = append(late, m)
		}
	}
	for node, held := range holds {
		if held {
			early = append(early, move{start, node, true})
		}
	}
	return story{moves: append(early, late...), until: s.until}
}

// longest is the longest time for which exactly, or for many nodes at least, so many nodes held the VIP, from the first holder on.
func (s story) longest(ok func(holders int) bool) time.Duration {
	var longest time.Duration
	holders := map[string]bool{}
	var began time.Time // when it began to be ok; zero while it is not
	for i, m := range s.moves {
		if m.holds {
			holders[m.node] = true
		} else {
			delete(holders, m.node)
		}
		end := s.until
		if i+1 < len(s.moves) {
			end = s.moves[i+1].at
		}
		if !ok(len(holders)) {
			began = time.Time{}
			continue
		}
		if began.IsZero() {
			began = m.at
		}
		longest = max(longest, end.Sub(began))
	}
	return longest
}

// twice is the longest time for which more than one node held the VIP.
func (s story) twice() time.Duration { return s.longest(func(n int) bool { return n > 1 }) }

// vacant is the longest time for which no node did.
func (s story) vacant() time.Duration { return s.longest(func(n int) bool { return n == 0 }) }

// came says whether the VIP has come to a node.
func (s story) came(node string) bool {
	return slices.ContainsFunc(s.moves, func(m move) bool { return m.node == node && m.holds })
}

func (s story) String() string {
	var b strings.Builder
	for i, m := range s.moves {
		verb := "leaves"
		if m.holds {
			verb = "comes to"
		}
		fmt.Fprintf(&b, "%+d ms: it %s %s; ", m.at.Sub(s.moves[0].at).Milliseconds(), verb, s.moves[i].node)
	}
	return b.String()
}

func TestStory(t *testing.T) {
	zero := time.Unix(1_800_000_000, 0)
	at := func(ms int) time.Time { return zero.Add(time.Duration(ms) * time.Millisecond) }
	comes := func(ms int, node string) move { return move{at(ms), node, true} }
	leaves := func(ms int, node string) move { return move{at(ms), node, false} }
	for _, row := range []struct {
		name          string
		moves         []move
		twice, vacant int
	}{
		{name: "nothing happened", moves: []move{comes(0, "a")}},
		{name: "a gap", moves: []move{comes(0, "a"), leaves(10, "a"), comes(15, "b")}, vacant: 5},
		{name: "an overlap", moves: []move{comes(0, "a"), comes(10, "b"), leaves(17, "a")}, twice: 7},
		{name: "a gap without an end", moves: []move{comes(0, "a"), leaves(10, "a")}, vacant: 90},
		{name: "two of each", moves: []move{
			comes(0, "a"), leaves(10, "a"), comes(12, "b"), comes(20, "a"), leaves(23, "b"), leaves(30, "a"), comes(34, "b"), comes(50, "a"), leaves(51, "b"),
		}, twice: 3, vacant: 4},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := story{moves: row.moves, until: at(100)}
			got := []int64{s.twice().Milliseconds(), s.vacant().Milliseconds()}
			if diff := cmp.Diff([]int64{int64(row.twice), int64(row.vacant)}, got); diff != "" {
				t.Errorf("twice and vacant (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStorySince(t *testing.T) {
	zero := time.Unix(1_800_000_000, 0)
	s := story{moves: []move{{zero, "a", true}, {zero.Add(time.Second), "a", false}, {zero.Add(time.Second), "b", true}, {zero.Add(3 * time.Second), "b", false}}}
	want := "+0 ms: it comes to b; +1000 ms: it leaves b; "
	if got := s.since(zero.Add(2 * time.Second)).String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
