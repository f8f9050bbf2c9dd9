package supervisor

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/page"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/timeline/store"
)

// shownNode is a node with a loop that turns, a timeline on disk, and what shows both.
func shownNode(t *testing.T) (s *showing, l *loop) {
	t.Helper()
	clock := func() time.Time { return noon }
	l = newLoop(wellNode(t, "loadbalancer-1", bothVIPs), clock, zerolog.Nop())
	l.perform = func(state.Action) []state.Event { return nil }
	l.turned = func(state.State) {}
	c, _ := chronicled(t, t.TempDir(), zerolog.Nop())
	c.clock = clock
	s = newShowing(&backend{loop: l, chronicle: c, clock: clock, version: "1.2.3", look: func(context.Context, *status.Snapshot) {}})
	c.also = s.stepped
	l.stepped = c.stepped
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.site.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	return s, l
}

// withStatus is the cluster of a loop that is shown at this place.
func withStatus(l *loop, bind cluster.Bind) *cluster.Local {
	local := *l.State().Installed.Local
	whole := *local.Cluster
	whole.Status, local.Cluster = &cluster.Status{Listen: bind}, &whole
	return &local
}

func freePort(t *testing.T) cluster.Bind {
	t.Helper()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	at := taken.Addr().(*net.TCPAddr).AddrPort()
	return cluster.Bind{Address: at.Addr(), Port: at.Port()}
}

func wait(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never: " + what)
		}
	}
}

// Death goes through the loop, and the metrics and what the page tells of the past have it.
func TestShowing(t *testing.T) {
	s, l := shownNode(t)
	s.replace(withStatus(l, freePort(t)))
	wait(t, "it listens", func() bool { return s.site.Address() != "" })

	l.turn(state.Tick{At: l.now()})
	l.turn(probed(checks.Failed, "gone"))
	l.turn(addresses())
	l.turn(role("FAULT"))
	scraped := scrape(t, s.site.Address())
	for _, want := range []string{
		`lbsup_build_info{cluster="ocp0",node="loadbalancer-1",version="1.2.3"} 1`, `lbsup_check_changes_total{check="haproxy",to="failed"} 1`,
		`lbsup_vrrp_transitions_total{to="FAULT",vrrp_instance="VI_1"} 1`, `lbsup_failover_duration_seconds_count{direction="left",vrrp_instance="VI_1"} 1`,
		`lbsup_vip_held{address="10.131.0.1/14",vrrp_instance="VI_1"} 0`, `lbsup_event_queue_length 0`, `lbsup_page_viewers 0`,
	} {
		if !strings.Contains(scraped, want+"\n") {
			t.Errorf("the metrics do not have %s", want)
		}
	}
	var past page.Past
	wait(t, "the past is on record", func() (so bool) {
		past, _ = s.Past()
		return len(past.Moves) == 1
	})
	if m := past.Moves[0]; m.Instance != "VI_1" || m.Here || !m.Known || m.Cause != "check haproxy failed: gone" {
		t.Errorf("got %+v", m)
	}
	again, err := s.Past()
	if diff := cmp.Diff(past, again); diff != "" || err != nil {
		t.Errorf("what was read once is read again: %v (-want +got)\n%s", err, diff)
	}

	s.replace(nil)
	wait(t, "it is nowhere", func() bool { return s.site.Address() == "" })
}

func scrape(t *testing.T, at string) string {
	t.Helper()
	answer, err := http.Get("http://" + at + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPageThatCannotBeShown(t *testing.T) {
	s, l := shownNode(t)
	if got := s.findings(); got != nil {
		t.Errorf("got %v where there is no page", got)
	}
	bind := freePort(t)
	other, err := net.Listen("tcp", listenText(bind))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	s.replace(withStatus(l, bind))
	wait(t, "it is told", func() bool { return len(s.findings()) == 1 })
	want := status.Finding{Severity: status.Warning, Hint: "it is tried again by itself; key `status:` of the cluster file says where",
		What: fmt.Sprintf("metrics and the status page: cannot listen on %v: listen tcp %v: bind: address already in use", bind, bind)}
	if diff := cmp.Diff(want, s.findings()[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestListenText(t *testing.T) {
	for want, bind := range map[string]cluster.Bind{
		":9105": {Port: 9105}, "127.0.0.1:9105": {Address: netip.MustParseAddr("127.0.0.1"), Port: 9105}, "[::1]:9105": {Address: netip.IPv6Loopback(), Port: 9105},
	} {
		if got := listenText(bind); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A timeline of any length costs the memory of its end; a split brain that has not ended is not forgotten.
func TestRecollection(t *testing.T) {
	split := func(subject, to string) status.Moment {
		return status.Moment{Kind: status.SplitBrainKind, Subject: subject, Fields: map[string]string{"to": to}}
	}
	var r recollection
	r.add([]status.Moment{split("A", "true"), split("B", "true"), split("B", "false")})
	for i := range 50 {
		var ms []status.Moment
		for range 100 {
			ms = append(ms, status.Moment{Time: noon.Add(time.Duration(i) * time.Hour), Kind: status.VIPKind, Fields: map[string]string{"instance": fmt.Sprint("VI_", len(ms)), "here": fmt.Sprint(i%2 == 0)}})
		}
		r.add(ms)
	}
	past := r.past()
	if len(past.Moments) != keptMoments+2 || len(past.Moves) != keptMoves {
		t.Errorf("got %d moments and %d moves", len(past.Moments), len(past.Moves))
	}
	if diff := cmp.Diff([]status.Moment{split("A", "true"), split("B", "false")}, past.Moments[:2]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whoever cannot read the timeline still sees what is.
func TestPastThatCannotBeRead(t *testing.T) {
	s := &showing{backend: &backend{chronicle: &chronicle{clock: time.Now}}, book: store.NewReader("/proc/self/status")}
	if past, err := s.Past(); err == nil || len(past.Moments) != 0 {
		t.Errorf("got %v, %v", past, err)
	}
}

// The page is known by what the cluster file calls the node, and by the host's name.
func TestNamesOfTheNode(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	local := &cluster.Local{Cluster: &cluster.Cluster{}, Node: cluster.Node{Name: "lb1.example.net", Address: netip.MustParseAddr("192.0.2.11")}}
	local.Status = &cluster.Status{Names: []string{"status.example.com"}}
	local.VRRP.Instances = []cluster.Instance{{Addresses: []cluster.VIP{{Address: netip.MustParsePrefix("192.0.2.10/24")}}}}
	want := []string{"lb1.example.net", "192.0.2.11", "status.example.com", host, "192.0.2.10"}
	if diff := cmp.Diff(want, namesOf(local)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
