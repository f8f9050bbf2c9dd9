package failover

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
		runs    int
		subject string
		c       Case
		want    int
	}{
		{"lbsup", 30, pair.Lbsup, shared, 30},
		{"an opponent", 30, "killall-0", shared, 30},
		{"an opponent that has no such part", 30, "killall-0", own, 0},
		{"a case that wants more", 30, pair.Lbsup, often, 100},
		{"not in a small benchmark", 3, pair.Lbsup, often, 3},
	} {
		if got := (Plan{Runs: row.runs}).times(subject(t, row.subject), row.c); got != row.want {
			t.Errorf("%s: got %d, want %d", row.name, got, row.want)
		}
	}
}

func TestLabs(t *testing.T) {
	for _, row := range []struct {
		name    string
		plan    Plan
		subject string
		want    int
	}{
		{"an opponent", Plan{Runs: 30, Labs: 6, Cases: []Case{{Opponents: true}}}, pair.Documented, 6},
		{"no more than there are runs", Plan{Runs: 2, Labs: 6, Cases: []Case{{Opponents: true}}}, pair.Documented, 2},
		{"no more than are wanted", Plan{Runs: 30, Labs: 3, Cases: []Case{{Opponents: true}}}, pair.Documented, 3},
		{"nothing to measure", Plan{Runs: 30, Labs: 6, Cases: []Case{{}}}, pair.Documented, 0},
		{"lbsup", Plan{Runs: 30, Labs: 6, Cases: []Case{{}}}, pair.Lbsup, 2},
	} {
		if got := row.plan.labs(subject(t, row.subject)); got != row.want {
			t.Errorf("%s: got %d, want %d", row.name, got, row.want)
		}
	}
}

func TestWaves(t *testing.T) {
	plan := Plan{Subjects: pair.Subjects(), Runs: 7}
	var got [][]string
	for _, wave := range plan.waves() {
		var names []string
		for _, s := range wave.Subjects {
			names = append(names, s.Name)
		}
		got = append(got, names)
		if wave.Runs != plan.Runs {
			t.Errorf("a wave has %d runs, want %d", wave.Runs, plan.Runs)
		}
	}
	want := [][]string{{"lbsup"}, {"systemctl-is-active", "killall-0", "curl-script", "track-process"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
