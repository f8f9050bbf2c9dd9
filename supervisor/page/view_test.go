package page

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Each row changes a well pair and wants what a person reads first.
func TestWhatIsConcluded(t *testing.T) {
	type first struct {
		Tone              Tone
		Headline, Subline string
		Self, Peer        string // role and tone of the two nodes
		Holders           []string
	}
	split := Past{Moments: []status.Moment{{Kind: status.SplitBrainKind, Subject: "PUBLIC", Fields: map[string]string{"to": "true"}}}}
	healed := Past{Moments: append(split.Moments, status.Moment{Kind: status.SplitBrainKind, Subject: "PUBLIC", Fields: map[string]string{"to": "false"}})}
	well := first{Good, "lb1 holds the VIP", "All is well", "holds the VIPs good", "stands by mute", []string{"lb1"}}
	for _, row := range []struct {
		name   string
		change func(*status.Snapshot)
		past   Past
		want   first
	}{
		{"well", func(*status.Snapshot) {}, Past{}, well},
		{"standing by", func(s *status.Snapshot) {
			s.Instances[0].VIPs[0].Here, s.Instances[0].Holder, s.Instances[0].State = false, "lb2", "BACKUP"
		}, Past{},
			first{Good, "lb2 holds the VIP", "All is well", "stands by mute", "holds the VIPs good", []string{"lb2"}}},
		{"in FAULT", func(s *status.Snapshot) {
			s.Instances[0].VIPs[0].Here, s.Instances[0].Holder, s.Instances[0].State = false, "lb2", "FAULT"
			s.Findings = []status.Finding{{Severity: status.Failing, What: "HAProxy is gone"}, {Severity: status.Failing, What: "x"}, {Severity: status.Warning, What: "y"}}
		}, Past{}, first{Bad, "lb2 holds the VIP", "2 things are failing, 1 more worth a look", "cannot hold VIPs bad", "holds the VIPs good", []string{"lb2"}}},
		{"lowered", func(s *status.Snapshot) {
			s.Instances[0].Priority = 200
			s.Findings = []status.Finding{{Severity: status.Warning}}
		}, Past{}, first{Warn, "lb1 holds the VIP", "1 thing is worth a look", "holds the VIPs warn", "stands by mute", []string{"lb1"}}},
		{"split brain", func(*status.Snapshot) {}, split,
			first{Bad, "lb1 and lb2 both have the VIPs of PUBLIC", "All is well", "holds the VIPs bad", "holds the VIPs bad", []string{"lb1", "lb2"}}},
		{"healed", func(*status.Snapshot) {}, healed, well},
		{"nobody knows", func(s *status.Snapshot) { s.Instances[0].VIPs[0].Here, s.Instances[0].Holder = false, "" }, Past{},
			first{Good, "No node is known to hold the VIP", "All is well", "stands by mute", "stands by mute", []string{}}},
		{"each holds one", func(s *status.Snapshot) {
			s.Instances = append(s.Instances, status.Instance{Name: "INSIDE", Holder: "lb2", VIPs: []status.VIP{{Address: "10.0.0.10/24"}}})
		}, Past{}, first{Good, "lb1 holds PUBLIC; lb2 holds INSIDE", "All is well", "holds 1 of 2 good", "holds 1 of 2 good", []string{"lb1"}}},
		{"keepalived is gone", func(s *status.Snapshot) { s.Keepalived.Active = "inactive" }, Past{},
			first{Good, "lb1 holds the VIP", "All is well", "holds the VIPs bad", "stands by mute", []string{"lb1"}}},
		{"the peer is in FAULT", func(s *status.Snapshot) {
			s.Peers = []status.Peer{{Node: "lb2", Summary: &status.Summary{HAProxy: "failed", Keepalived: "active", Instances: []status.PeerInstance{{State: "FAULT"}}}}}
		}, Past{}, first{Good, "lb1 holds the VIP", "All is well", "holds the VIPs good", "cannot hold VIPs bad", []string{"lb1"}}},
		{"the peer is not well", func(s *status.Snapshot) {
			s.Peers = []status.Peer{{Node: "lb2", Summary: &status.Summary{HAProxy: "active", Keepalived: "active"}}}
		}, Past{}, first{Good, "lb1 holds the VIP", "All is well", "holds the VIPs good", "stands by warn", []string{"lb1"}}},
		{"the peer is silent", func(s *status.Snapshot) { s.Peers = []status.Peer{{Node: "lb2", Trouble: "no route to host"}} },
			Past{}, first{Good, "lb1 holds the VIP", "All is well", "holds the VIPs good", "stands by warn", []string{"lb1"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := pair()
			row.change(&s)
			v := newView(s, row.past)
			got := first{v.Tone, v.Headline, v.Subline, v.Nodes[0].Role + " " + string(v.Nodes[0].Tone), v.Nodes[1].Role + " " + string(v.Nodes[1].Tone), v.Instances[0].Holders}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestServices(t *testing.T) {
	for _, row := range []struct {
		name  string
		pools [][]string
		tone  Tone
		words string
	}{
		{"all up", [][]string{{"UP", "no check", "UP 1/3"}}, Good, "3 of 3 up"},
		{"one down", [][]string{{"UP", "DOWN 1/2"}}, Warn, "1 of 2 up"},
		{"one taken out by hand", [][]string{{"UP", "MAINT (resolution)"}}, Good, "1 of 2 up"},
		{"one drained", [][]string{{"UP", "DRAIN"}, {"UP", "NOLB"}}, Good, "2 of 4 up"},
		{"a pool is dry", [][]string{{"UP"}, {"DOWN", "MAINT"}}, Bad, "1 of 3 up"},
		{"nobody knows", [][]string{{"", ""}}, Mute, "not known"},
		{"no servers", [][]string{{}}, Good, "0 of 0 up"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := status.Service{Name: "web"}
			for _, words := range row.pools {
				var p status.Pool
				for _, w := range words {
					p.Servers = append(p.Servers, status.Server{Status: w})
				}
				s.Pools = append(s.Pools, p)
			}
			got := servicesOf([]status.Service{s})[0]
			if got.Tone != row.tone || got.Words != row.words {
				t.Errorf("got %s, %q, want %s, %q", got.Tone, got.Words, row.tone, row.words)
			}
		})
	}
}

func TestChanges(t *testing.T) {
	for _, row := range []struct {
		change status.Change
		tone   Tone
		step   int
		words  string
	}{
		{status.Change{Request: "reload", By: "anna", Phase: "applying"}, Busy, 0, "reload by anna: applying"},
		{status.Change{Request: "reload", By: "anna", Phase: "verifying"}, Busy, 2, "reload by anna: verifying"},
		{status.Change{Request: "reload", By: "anna", Phase: "rolling back"}, Warn, -1, "reload by anna is being taken back"},
		{status.Change{Request: "reload", By: "anna", Phase: "done", Outcome: status.Live}, Good, 3, "reload by anna: live"},
		{status.Change{Request: "reload", By: "anna", Phase: "done", Outcome: status.Refused}, Warn, 3, "reload by anna: refused"},
		{status.Change{Request: "reload", By: "anna", Phase: "done", Outcome: status.Broken}, Bad, 3, "reload by anna: broken"},
	} {
		got := changeOf(status.Snapshot{Change: &row.change})
		if got.Tone != row.tone || got.Step != row.step || got.Words != row.words {
			t.Errorf("got %+v, want %s %d %q", got, row.tone, row.step, row.words)
		}
	}
}

func TestMoments(t *testing.T) {
	for _, row := range []struct {
		kind        status.Kind
		field, says string
		want        Tone
	}{
		{status.CheckKind, "to", "failed", Bad}, {status.CheckKind, "to", "in doubt", Warn}, {status.CheckKind, "to", "healthy", Good},
		{status.RoleKind, "to", "MASTER", Good}, {status.RoleKind, "to", "BACKUP", Mute}, {status.RoleKind, "to", "FAULT", Bad},
		{status.VIPKind, "here", "true", Good}, {status.VIPKind, "here", "false", Warn}, {status.OrphanKind, "to", "true", Bad},
		{status.DriftKind, "to", "false", Good}, {status.DaemonKind, "to", "failed", Bad}, {status.DaemonKind, "worker", "12", Mute},
		{status.ChangeKind, "outcome", "live", Good}, {status.ChangeKind, "outcome", "rolled back", Bad}, {status.ChangeKind, "phase", "asked", Mute},
		{status.TroubleKind, "", "", Bad}, {status.ClockKind, "", "", Warn}, {status.LbsupKind, "", "", Mute},
	} {
		if got := toneOfMoment(status.Moment{Kind: row.kind, Fields: map[string]string{row.field: row.says}}); got != row.want {
			t.Errorf("%s %s=%s: got %s, want %s", row.kind, row.field, row.says, got, row.want)
		}
	}
}

// A browser that finds null where it expects a list draws nothing.
func TestNoNulls(t *testing.T) {
	for name, s := range map[string]status.Snapshot{"nothing": {}, "a pair": pair(), "no VIPs": {Nodes: []status.Node{{Name: "lb1"}}, Instances: []status.Instance{{}}, Services: []status.Service{{}}}} {
		v := newView(s, Past{})
		v.Findings, v.Moves = []status.Finding{}, []status.Move{} // lists that the browser takes as they come
		for i := range v.Checks {
			v.Checks[i].Moves = []string{}
		}
		for _, part := range []any{v, servicesOf(s.Services)} {
			text, err := json.Marshal(part)
			if err != nil {
				t.Fatal(err)
			}
			var back any
			_ = json.Unmarshal(text, &back)
			if where := null(back, ""); where != "" {
				t.Errorf("%s: null at %s", name, where)
			}
		}
	}
}

func null(v any, at string) string {
	switch v := v.(type) {
	case nil:
		return at
	case map[string]any:
		for key, inner := range v {
			if where := null(inner, at+"."+key); where != "" {
				return where
			}
		}
	case []any:
		for _, inner := range v {
			if where := null(inner, at+"[]"); where != "" {
				return where
			}
		}
	}
	return ""
}

// What is shown of the past has an end.
func TestThePastIsBounded(t *testing.T) {
	var p Past
	for range 1000 {
		p.Moments, p.Moves = append(p.Moments, status.Moment{Text: "older"}), append(p.Moves, status.Move{})
	}
	p.Moments[999].Text = "latest"
	v := newView(pair(), p)
	if len(v.Moments) != mostMoments || len(v.Moves) != mostMoves || v.Moments[0].Text != "latest" {
		t.Errorf("got %d moments, the first %q, and %d moves", len(v.Moments), v.Moments[0].Text, len(v.Moves))
	}
}
