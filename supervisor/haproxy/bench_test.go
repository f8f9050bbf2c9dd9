package haproxy

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/render/haproxy"
)

// BenchmarkMake changes a real HAProxy with many servers, and reads each change back.
func BenchmarkMake(b *testing.B) {
	for _, count := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			d, c := crowded(b, count)
			weigh := func(weight int) (changes []haproxy.Operation) {
				for i := range 1_000 {
					changes = append(changes, haproxy.SetWeight{Target: target(fmt.Sprint("s", i)), Weight: weight})
				}
				return changes
			}
			b.Run("one server added and removed", func(b *testing.B) {
				for b.Loop() {
					d.make(c, "aaaa", added("new", netip.MustParseAddrPort("127.0.0.1:9")))
					d.make(c, "bbbb", haproxy.DeleteServer{Target: target("new")})
				}
			})
			b.Run("1000 weights", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					d.make(c, "aaaa", weigh(1+i%200)...)
				}
			})
			b.Run("states", func(b *testing.B) {
				for b.Loop() {
					states, err := c.Runtime.States(d.context())
					if err != nil || len(states) < count {
						b.Fatalf("%d servers, %v", len(states), err)
					}
				}
			})
		})
	}
}

// crowded starts HAProxy with a backend "web" of many servers.
func crowded(b *testing.B, count int) (*daemon, Changer) {
	b.Helper()
	var lines strings.Builder
	for i := range count {
		fmt.Fprintf(&lines, "\tserver s%d 127.0.0.1:9 weight 5\n", i)
	}
	d := newDaemon(b)
	d.configure("first", "backend web\n"+lines.String())
	d.started()
	return d, Changer{Runtime: d.runtime()}
}
