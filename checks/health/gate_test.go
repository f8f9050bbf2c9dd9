package health

import (
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGate names each connection by its user and its number: "a0" is the first of user a.
func TestGate(t *testing.T) {
	for _, tc := range []struct {
		name  string
		users string // who comes, in this order
		out   []string
	}{
		{"room for all", "abcd", nil},
		{"a crowd drives out its own oldest", "baaaaaa", []string{"a0", "a1", "a2"}},
		{"however late the others come", "aaaabc", []string{"a0", "a1"}},
		{"among equals the oldest goes", "abcde", []string{"a0"}},
		{"the newcomer counts", "abcdb", []string{"b0"}},
		{"two crowds take turns", "ababababab", []string{"a0", "b0", "a1", "b1", "a2", "b2"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := &gate{limit: 4}
			names, seen, out := map[*guest]string{}, map[rune]int{}, []string(nil)
			for _, user := range tc.users {
				one := &guest{gate: g, user: int(user)}
				names[one] = string(user) + string(rune('0'+seen[user]))
				seen[user]++
				if gone := g.admit(one); gone != nil {
					out = append(out, names[gone])
				}
			}
			if diff := cmp.Diff(tc.out, out); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGateMakesRoom(t *testing.T) {
	g := &gate{limit: 2}
	for range 10 {
		near, far := net.Pipe()
		defer far.Close()
		one := &guest{Conn: near, gate: g}
		if out := g.admit(one); out != nil {
			t.Fatal("somebody was driven out although there is room")
		}
		for range 2 { // net/http may close twice
			_ = one.Close()
		}
	}
	if len(g.guests) != 0 {
		t.Errorf("%d guests are left", len(g.guests))
	}
}

func TestPeerWithoutAName(t *testing.T) {
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	if got := peer(near); got != Nobody {
		t.Errorf("got user %d from a pipe", got)
	}
}
