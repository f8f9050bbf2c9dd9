package timeline_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/timeline"
)

func knock(subject string, n int, at time.Duration) status.Moment {
	return status.Moment{Time: night.Add(at), Kind: status.CheckKind, Subject: subject, Text: fmt.Sprintf("%s %d", subject, n)}
}

func brief(ms []status.Moment) (out []string) {
	for _, m := range ms {
		if m.More > 0 {
			out = append(out, fmt.Sprintf("%s, %d more", m.Text, m.More))
		} else {
			out = append(out, m.Text)
		}
	}
	return out
}

func TestAPersonsPaceGoesThrough(t *testing.T) {
	var g timeline.Gate
	for n := range 1000 {
		if got := g.Admit(knock("apps", n, time.Duration(n)*5*time.Second)); len(got) != 1 {
			t.Fatalf("moment %d: got %v", n, got)
		}
	}
}

func TestAFloodIsCounted(t *testing.T) {
	var g timeline.Gate
	told := 0
	for n := range 1256 {
		told += len(g.Admit(knock("apps", n, time.Duration(n)*time.Microsecond)))
	}
	if told != 20 {
		t.Errorf("%d went through at once, want 20", told)
	}
	if got := g.Flush(night.Add(time.Second)); len(got) != 0 {
		t.Errorf("too early: got %v", brief(got))
	}
	if diff := cmp.Diff([]string{"apps 1255, 1235 more"}, brief(g.Flush(night.Add(6*time.Second)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := g.Flush(night.Add(time.Hour)); len(got) != 0 {
		t.Errorf("told twice: got %v", brief(got))
	}
}

func TestTheLastWordComesBeforeTheNext(t *testing.T) {
	var g timeline.Gate
	for n := range 22 {
		g.Admit(knock("apps", n, 0))
	}
	if diff := cmp.Diff([]string{"apps 21, 1 more", "apps 22"}, brief(g.Admit(knock("apps", 22, time.Minute)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSubjectsDoNotShare(t *testing.T) {
	var g timeline.Gate
	for n := range 1000 {
		g.Admit(knock("apps", n, 0))
	}
	quiet := knock("api", 1, 0)
	other := quiet
	other.Kind, other.Subject = status.RoleKind, "apps"
	for _, m := range []status.Moment{quiet, other} {
		if got := g.Admit(m); len(got) != 1 {
			t.Errorf("%s %s was held back", m.Kind, m.Subject)
		}
	}
}

// However many subjects there are, what is remembered and what goes through is bounded.
func TestAFloodOfSubjects(t *testing.T) {
	var g timeline.Gate
	told := 0
	for n := range 100_000 {
		told += len(g.Admit(knock(fmt.Sprint("check-", n), n, 0)))
	}
	if told > 300 {
		t.Errorf("%d went through", told)
	}
	if got := g.Flush(night.Add(time.Minute)); len(got) != 1 || got[0].More < 99_000 {
		t.Errorf("got %v", brief(got))
	}
	if got := g.Admit(knock("late", 1, time.Hour)); len(got) != 1 {
		t.Errorf("what was forgotten still holds back")
	}
}

func TestAClockThatWasSetBackShutsNoGate(t *testing.T) {
	var g timeline.Gate
	for n := range 20 {
		g.Admit(knock("apps", n, time.Hour))
	}
	if got := g.Admit(knock("apps", 20, 0)); len(got) != 1 {
		t.Errorf("it is held back until the clock is where it was")
	}
}
