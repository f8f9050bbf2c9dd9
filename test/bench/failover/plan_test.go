package failover

import (
	"slices"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
)

func subject(t *testing.T, name string) pair.Subject {
	t.Helper()
	chosen, err := pair.Choose([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	return chosen[0]
}

func TestChooseCases(t *testing.T) {
	all, err := ChooseCases(nil)
	if err != nil || len(all) != len(Cases()) {
		t.Errorf("without names: got %d cases, %v", len(all), err)
	}
	some, err := ChooseCases([]string{"power-off", "kill-9-haproxy"})
	if err != nil || len(some) != 2 || some[0].Name != "power-off" {
		t.Errorf("got %+v, %v", some, err)
	}
	_, err = ChooseCases([]string{"flood"})
	const want = `cannot measure case "flood": got an unknown case, want one of kill-9-haproxy, kill-9-haproxy-restarted, systemctl-stop-haproxy, ` +
		`sigstop-haproxy, kill-9-keepalived, network-cut, power-off, server-dead, both-dead-one-back, both-dead-one-back-40ms, lbsup-killed, lbsup-restart-100`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestEveryCaseIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Cases() {
		if c.Title == "" || c.run == nil || seen[c.Name] {
			t.Errorf("%s: something is missing, or it is there twice", c.Name)
		}
		if (c.prepare == nil) != (c.restore == nil) {
			t.Errorf("%s: what is prepared must be restored", c.Name)
		}
		seen[c.Name] = true
	}
}

func TestTimes(t *testing.T) {
	shared, own, often := Case{Opponents: true}, Case{}, Case{Times: 100}
	for _, row := range []struct {
		name    string
		plan    Plan
		subject string
		c       Case
		want    int
	}{
		{"lbsup", Plan{Runs: 30, OpponentRuns: 10}, pair.Lbsup, shared, 30},
		{"an opponent", Plan{Runs: 30, OpponentRuns: 10}, "killall-0", shared, 10},
		{"an opponent that has no such part", Plan{Runs: 30, OpponentRuns: 10}, "killall-0", own, 0},
		{"a case that wants more", Plan{Runs: 30}, pair.Lbsup, often, 100},
		{"not in a small benchmark", Plan{Runs: 3}, pair.Lbsup, often, 3},
	} {
		if got := row.plan.times(subject(t, row.subject), row.c); got != row.want {
			t.Errorf("%s: got %d, want %d", row.name, got, row.want)
		}
	}
}

func TestHopeless(t *testing.T) {
	for _, row := range []struct {
		name   string
		values []float64
		want   bool
	}{
		{"nothing yet", nil, false}, {"twice never", []float64{never, never}, false}, {"three times never", []float64{never, never, never}, true},
		{"once it came", []float64{never, 5, never, never}, false},
	} {
		if got := hopeless(slices.Clone(row.values)); got != row.want {
			t.Errorf("%s: got %v", row.name, got)
		}
	}
}

func TestClock(t *testing.T) {
	lbsup, other := subject(t, pair.Lbsup), subject(t, pair.Documented)
	plan := Plan{Subjects: []pair.Subject{lbsup, other}, Cases: []Case{{Opponents: true}}, Runs: 3, OpponentRuns: 2}
	c := newClock(plan)
	now := c.last
	c.now = func() time.Time { return now }
	if want := 3*lbsup.Guess + 2*other.Guess; c.left() != want {
		t.Errorf("at first: got %v, want %v", c.left(), want)
	}
	now = now.Add(2 * time.Minute)
	c.tick(lbsup)
	if want := 2*2*time.Minute + 2*other.Guess; c.left() != want {
		t.Errorf("after one run: got %v, want %v", c.left(), want)
	}
	c.skip(lbsup, 2)
	if want := "about 2 min left"; c.String() != want {
		t.Errorf("after the rest was left out: got %q, want %q", c, want)
	}
	c.skip(other, 2)
	if want := "less than a minute left"; c.String() != want {
		t.Errorf("at the end: got %q, want %q", c, want)
	}
}
