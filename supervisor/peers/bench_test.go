package peers

import (
	"testing"
	"time"
)

// BenchmarkAsk is what a peer costs, both ends together: each second over the connection that there is, and once a minute with a handshake.
func BenchmarkAsk(b *testing.B) {
	for _, row := range []struct {
		name  string
		after func(*question)
	}{{"again", func(*question) {}}, {"with handshake", (*question).forget}} {
		b.Run(row.name, func(b *testing.B) {
			one, two := pair(b)
			serving(b, two, nil, (&answers{tell: told(two), clock: time.Now}).routes())
			q := asking(b, one)
			for b.Loop() {
				if _, err := q.ask(b.Context()); err != nil {
					b.Fatal(err)
				}
				row.after(q)
			}
		})
	}
}
