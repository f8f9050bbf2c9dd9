package supervisor

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

func TestPhrase(t *testing.T) {
	instances := []status.Instance{{Name: "PUBLIC", State: "MASTER"}, {Name: "INSIDE", State: "BACKUP"}}
	wrong := func(what ...string) (out []status.Finding) {
		for _, w := range what {
			out = append(out, status.Finding{Severity: status.Failing, What: w, Hint: "do something"})
		}
		return out
	}
	for _, row := range []struct {
		name string
		snap status.Snapshot
		want string
	}{
		{"well", status.Snapshot{Instances: instances}, "well: MASTER of PUBLIC, BACKUP of INSIDE"},
		{"nothing but a proxy", status.Snapshot{}, "well"},
		{"one thing", status.Snapshot{Instances: instances, Findings: wrong("HAProxy is dead")}, "not well: HAProxy is dead"},
		{"several", status.Snapshot{Findings: wrong("HAProxy is dead", "x", "y")}, "not well, 3 things: HAProxy is dead"},
		{"words of others begin no line of their own", status.Snapshot{Findings: wrong("it said \nMAINPID=1\x1b")}, "not well: it said  MAINPID=1 "},
		{"a long one", status.Snapshot{Findings: wrong(strings.Repeat("ä", 500))}, "not well: " + strings.Repeat("ä", longestPhrase-11) + "…"},
	} {
		if got := phrase(row.snap); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

// A phrase is said once, the next one within a second, and what only HAProxy knows within ten; it is not asked more often than that.
func TestAnnounce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var now status.Snapshot
		var hidden []status.Finding
		var said []string
		looks := 0
		ticks := make(chan struct{}, 100)
		a := announcer{version: "1.2.3", ticks: ticks,
			seen: func() status.Snapshot { mu.Lock(); defer mu.Unlock(); return now },
			look: func(_ context.Context, s *status.Snapshot) {
				mu.Lock()
				defer mu.Unlock()
				looks++
				s.Findings = append(s.Findings, hidden...)
			},
			say: func(word string) { mu.Lock(); defer mu.Unlock(); said = append(said, word) },
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- a.run(ctx) }()
		go func() {
			for {
				select {
				case <-time.After(tick):
					ticks <- struct{}{}
				case <-ctx.Done():
					return
				}
			}
		}()
		after := func(d time.Duration, change func()) {
			time.Sleep(d)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			change()
		}
		after(9500*time.Millisecond, func() {
			if looks != 1 {
				t.Errorf("looked %d times in ten seconds in which nothing was", looks)
			}
			now.Instances = []status.Instance{{Name: "V", State: "MASTER"}}
		})
		after(time.Second, func() { hidden = []status.Finding{{What: "a certificate ends"}} })
		after(announceAnew, func() { hidden = nil })
		after(announceAnew, func() {})
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		want := []string{
			"STATUS=lbsup 1.2.3, well", "STATUS=lbsup 1.2.3, well: MASTER of V", "STATUS=lbsup 1.2.3, not well: a certificate ends",
			"STATUS=lbsup 1.2.3, well: MASTER of V",
		}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// A glimpse leaves out the services, and what everybody else sees has them.
func TestAGlimpseChangesNothing(t *testing.T) {
	_, l := shownNode(t)
	n := &node{loop: l}
	before := len(n.seen().Services)
	if glimpsed := len(n.glimpse().Services); before == 0 || glimpsed != 0 {
		t.Errorf("there are %d services, %d of them in a glimpse", before, glimpsed)
	}
	if after := len(n.seen().Services); after != before {
		t.Errorf("of %d services %d are left", before, after)
	}
}
