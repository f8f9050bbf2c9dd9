package supervisor

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/status"
)

// neighbour is another node that tells what it has on record.
type neighbour struct {
	mu   sync.Mutex
	told status.Recalled
	ask  []time.Time // from when on it was asked
}

func (n *neighbour) recall(_ context.Context, from, _ time.Time) []status.Recalled {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ask = append(n.ask, from)
	return []status.Recalled{n.told}
}

func (n *neighbour) tells(r status.Recalled) {
	n.mu.Lock()
	defer n.mu.Unlock()
	r.Node = "lb-b"
	n.told = r
}

func became(at time.Time, node, text string) status.Moment {
	return status.Moment{Time: at, Node: node, Kind: status.RoleKind, Subject: "VI_1", Text: text}
}

func TestEventsOfBothNodes(t *testing.T) {
	c, _ := chronicled(t, t.TempDir(), zerolog.Nop())
	hour := time.Now().Add(-time.Hour)
	c.keeper.Put(became(hour, "", "first"), became(hour.Add(2*time.Minute), "lb-a", "third"))
	follow(t, c, control.Past{}, 2)
	var n neighbour
	c.others = n.recall
	n.tells(status.Recalled{Moments: []status.Moment{became(hour.Add(time.Minute), "lb-b", "second"), became(hour.Add(3*time.Minute), "lb-b", "fourth"),
		{Time: hour.Add(4 * time.Minute), Node: "lb-b", Kind: status.DriftKind, Text: "no role"}}})
	for _, row := range []struct {
		name string
		ask  control.Past
		want string
	}{
		{"all", control.Past{}, "first second third fourth no role"},
		{"kind", control.Past{Kinds: []status.Kind{status.RoleKind}}, "first second third fourth"},
		{"since", control.Past{Since: hour.Add(90 * time.Second)}, "third fourth no role"},
		{"here", control.Past{Here: true}, "first third"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			err := c.Events(t.Context(), row.ask, func(ms []status.Moment) error {
				for _, m := range ms {
					got = append(got, m.Text)
					if m.Node == "" {
						t.Errorf("whose is %+v?", m)
					}
				}
				return nil
			})
			if diff := cmp.Diff(row.want, strings.Join(got, " ")); err != nil || diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
	if len(n.ask) != 3 || !n.ask[2].Equal(hour.Add(90*time.Second)) {
		t.Errorf("it was asked %v", n.ask)
	}
}

// Who follows hears of the other node, too, and that it is gone.
func TestFollowBothNodes(t *testing.T) {
	c, _ := chronicled(t, t.TempDir(), zerolog.Nop())
	now := time.Now()
	var n neighbour
	c.others = n.recall
	n.tells(status.Recalled{Moments: []status.Moment{became(now, "lb-b", "one")}})
	var got []string
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_ = c.Events(ctx, control.Past{Since: now.Add(-time.Minute), Follow: true}, func(ms []status.Moment) error {
		for _, m := range ms {
			switch got = append(got, m.Text); len(got) {
			case 1:
				n.tells(status.Recalled{Moments: []status.Moment{became(now, "lb-b", "one"), became(now.Add(time.Second), "lb-b", "two")}})
			case 2:
				n.tells(status.Recalled{Trouble: "connection refused"})
			case 3:
				c.keeper.Put(became(time.Now(), "lb-a", "here"))
			case 4:
				cancel()
			}
		}
		return nil
	})
	if diff := cmp.Diff([]string{"one", "two", "what lb-b has on record is not shown", "here"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The other node is asked about the time around the move that is explained.
func TestWhyAsksTheOtherNode(t *testing.T) {
	c, _ := chronicled(t, t.TempDir(), zerolog.Nop())
	c.snapshot = func() status.Snapshot {
		return status.Snapshot{Time: time.Now(), Node: "lb-a", Nodes: []status.Node{{Name: "lb-b"}, {Name: "lb-a"}},
			Instances: []status.Instance{{Name: "VI_1", Prefer: []string{"lb-b", "lb-a"}}}}
	}
	at := time.Now().Add(-time.Hour)
	vip := func(at time.Time, node, here string) status.Moment {
		return status.Moment{Time: at, Node: node, Kind: status.VIPKind, Subject: "192.0.2.10", Text: "it moved", Fields: map[string]string{"instance": "VI_1", "here": here}}
	}
	c.keeper.Put(vip(at, "lb-a", "true"))
	follow(t, c, control.Past{}, 1)
	var n neighbour
	c.others = n.recall
	n.tells(status.Recalled{Moments: []status.Moment{
		{Time: at.Add(-time.Second), Node: "lb-b", Kind: status.DaemonKind, Subject: "keepalived.service", Text: "keepalived.service failed (signal)", Fields: map[string]string{"from": "active", "to": "failed"}},
		vip(at.Add(-time.Second), "lb-b", "false")}})
	a, err := c.Why(t.Context(), control.Why{})
	if err != nil || a.Because != "on lb-b: keepalived.service failed (signal)" || a.Node != "lb-a" {
		t.Errorf("got %+v, %v", a, err)
	}
	if len(n.ask) != 1 || !n.ask[0].Equal(a.When.Add(-around)) {
		t.Errorf("it was asked %v", n.ask)
	}
}

func TestRecordForOthers(t *testing.T) {
	c, _ := chronicled(t, t.TempDir(), zerolog.Nop())
	now := time.Now()
	c.keeper.Put(became(now.Add(-time.Hour), "lb-a", "old"), became(now, "lb-a", "new"))
	follow(t, c, control.Past{}, 2)
	if ms, cut, err := c.recall(now.Add(-time.Minute), time.Time{}, 10); err != nil || cut || len(ms) != 1 || ms[0].Text != "new" {
		t.Errorf("got %v, cut %v, %v", ms, cut, err)
	}
}
