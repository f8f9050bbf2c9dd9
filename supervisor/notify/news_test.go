package notify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

func TestOccurrence(t *testing.T) {
	change := func(outcome status.Outcome) status.Moment {
		return status.Moment{Kind: status.ChangeKind, Fields: map[string]string{"outcome": string(outcome)}}
	}
	for _, row := range []struct {
		name string
		m    status.Moment
		want cluster.Occurrence // empty: nobody wants to hear of it
	}{
		{"a transition", became("MASTER"), cluster.Transition},
		{"a change that was refused", change(status.Refused), cluster.FailedChange},
		{"that was rolled back", change(status.RolledBack), cluster.FailedChange},
		{"that broke", change(status.Broken), cluster.FailedChange},
		{"that is live", change(status.Live), ""},
		{"that waits to be confirmed", change(status.Unconfirmed), ""},
		{"that somebody took back", change(status.TakenBack), ""},
		{"that changed nothing", change(status.Unchanged), ""},
		{"that was asked for", status.Moment{Kind: status.ChangeKind, Fields: map[string]string{"phase": "asked"}}, ""},
		{"a split brain", status.Moment{Kind: status.SplitBrainKind, Fields: map[string]string{"to": "true"}}, cluster.SplitBrain},
		{"its end", status.Moment{Kind: status.SplitBrainKind, Fields: map[string]string{"to": "false"}}, cluster.SplitBrain},
		{"a check", status.Moment{Kind: status.CheckKind}, ""},
		{"a number for keepalived", status.Moment{Kind: status.PriorityKind}, ""},
	} {
		got, is := occurrence(row.m)
		if is != (row.want != "") || is && got != row.want {
			t.Errorf("%s: got %q, %v, want %q", row.name, got, is, row.want)
		}
	}
}

func TestWhatIsTold(t *testing.T) {
	m := became("MASTER")
	m.Reason, m.By = "first line\nLBSUP_EVENT=forged\x1b[2J", "anna"
	n := newsOf(cluster.Transition, "web", m)
	want := []string{
		"LBSUP_BY=anna", "LBSUP_CLUSTER=web", "LBSUP_EVENT=transition", "LBSUP_FROM=BACKUP", "LBSUP_NODE=lb1",
		"LBSUP_REASON=first line LBSUP_EVENT=forged?[2J", "LBSUP_SUBJECT=VI_1", "LBSUP_TEXT=VI_1 went from BACKUP to MASTER",
		"LBSUP_TIME=2026-03-14T09:26:53.123456789Z", "LBSUP_TO=MASTER",
	}
	if diff := cmp.Diff(want, n.environment()); diff != "" {
		t.Errorf("environment (-want +got)\n%s", diff)
	}
	const body = `{"version":1,"event":"transition","cluster":"web","node":"lb1","time":"2026-03-14T09:26:53.123456789Z","subject":"VI_1",` +
		`"text":"VI_1 went from BACKUP to MASTER","reason":"first line LBSUP_EVENT=forged?[2J","by":"anna","fields":{"from":"BACKUP","to":"MASTER"}}` + "\n"
	got, err := n.body()
	if diff := cmp.Diff(body, string(got)); err != nil || diff != "" {
		t.Errorf("body %v (-want +got)\n%s", err, diff)
	}
}
