package metrics

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/lbsup/lbsup/supervisor/status"
)

var now = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

// fixed is a source that always says the same.
type fixed struct {
	snap  status.Snapshot
	err   error
	pulse Pulse
}

func (f fixed) Status(context.Context) (status.Snapshot, error) { return f.snap, f.err }
func (f fixed) Pulse() Pulse                                    { return f.pulse }

// big is a snapshot of this many services with ten servers each.
func big(services, checks int) status.Snapshot {
	s := status.Snapshot{
		Time: now, Version: "1.2.3", Node: "lb1", Cluster: "shop", Well: true,
		Findings: []status.Finding{{Severity: status.Warning, What: "an edit waits"}},
		Instances: []status.Instance{{Name: "VI_1", State: "MASTER", Priority: 253, Wanted: 253, VIPs: []status.VIP{
			{Address: "192.0.2.10/24", Here: true}, {Address: "2001:db8::10/64", Here: true}}}},
		HAProxy: status.HAProxy{Unit: status.Unit{Active: "active"}, Connections: 132, OldWorkers: []int{7, 8}, Draining: []status.Worker{
			{PID: 7, Memory: 1 << 20, Draining: 12}, {PID: 8, Memory: 2 << 20, Draining: 5}}},
		Keepalived:   status.Unit{Active: "failed"},
		Generation:   status.Generation{Number: 14, Installed: now.Add(-time.Hour), Drift: []string{"/etc/haproxy/haproxy.cfg"}},
		Change:       &status.Change{Outcome: status.Live, Took: 0.41},
		Certificates: []status.Certificate{{File: "/etc/lbsup/a.pem", Serial: "1", Ends: now.Add(time.Hour)}, {File: "/etc/lbsup/a.pem", Serial: "2", Ends: now.Add(time.Minute)}},
	}
	s.Generation.ClusterFile = "aaaa"
	s.Peers = []status.Peer{
		{Node: "lb2", Heard: now, Skew: -0.25, Summary: &status.Summary{Well: true, Generation: 12, ClusterFile: "bbbb"}},
		{Node: "lb3", Heard: now.Add(-time.Minute), Trouble: "no answer in time", Summary: &status.Summary{Well: true, ClusterFile: "aaaa"}},
		{Node: "lb4", Trouble: "connection refused"},
		{Node: "lb5", Heard: now, Summary: &status.Summary{ClusterFile: "aaaa"}},
		{Node: "lb6", Heard: now, Summary: &status.Summary{}},
	}
	for i := range checks {
		s.Checks = append(s.Checks, status.Check{Name: fmt.Sprintf("check-%d", i), Health: "in doubt", Since: now.Add(-time.Minute)})
	}
	words := []string{"UP", "UP 1/3", "DOWN", "DOWN 1/2", "MAINT (resolution)", "DRAIN", "no check", "", "NOLB", "UP"}
	for i := range services {
		service := status.Service{Name: fmt.Sprintf("service-%d", i), Pools: []status.Pool{{Name: "p"}}}
		for j, w := range words {
			service.Pools[0].Servers = append(service.Pools[0].Servers, status.Server{Name: fmt.Sprintf("s%d", j), Status: w})
		}
		s.Services = append(s.Services, service)
	}
	return s
}

func scrape(t testing.TB, h http.Handler, accept string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), w.Body.String()
}

const openMetrics = "application/openmetrics-text;version=1.0.0"

// busy is a tally that has counted one of everything.
func busy() *Tally {
	t := NewTally()
	t.Expect([]string{"VI_1"}, []string{"haproxy"})
	t.Told(status.Moment{Kind: status.RoleKind, Subject: "VI_1", Fields: map[string]string{"to": "MASTER"}})
	t.Told(status.Moment{Kind: status.CheckKind, Subject: "haproxy", Fields: map[string]string{"to": "in doubt"}})
	t.Told(status.Moment{Kind: status.ChangeKind, Fields: map[string]string{"phase": "asked"}})
	t.Told(status.Moment{Kind: status.ChangeKind, Fields: map[string]string{"outcome": string(status.Unconfirmed)}})
	t.Told(status.Moment{Kind: status.ActivationKind, Subject: "haproxy.service", Fields: map[string]string{"how": "reload"}})
	t.Told(status.Moment{Kind: status.ActivationKind, Subject: "haproxy.service", Fields: map[string]string{"how": "reload", "outcome": "failed"}})
	t.Told(status.Moment{Kind: status.SplitBrainKind, Subject: "VI_1", Fields: map[string]string{"to": "true"}})
	t.Moved(status.Move{Instance: "VI_1", Here: true, Known: true, Took: 0.3})
	t.Moved(status.Move{Instance: "VI_1"}) // nobody knows how long it took
	t.Asked()
	t.Lagged(3 * time.Millisecond)
	t.Lagged(-time.Millisecond) // a ticker that caught up
	return t
}

// values are the series of the families that begin with lbsup_, as name{labels} → value; histograms by their count.
func values(t testing.TB, text string) map[string]string {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	all, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, f := range all {
		if !strings.HasPrefix(name, "lbsup_") {
			continue
		}
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetName()+"="+l.GetValue())
			}
			out[name+"{"+strings.Join(labels, ",")+"}"] = fmt.Sprint(value(m))
		}
	}
	return out
}

func value(m *dto.Metric) float64 {
	switch {
	case m.GetGauge() != nil:
		return m.GetGauge().GetValue()
	case m.GetCounter() != nil:
		return m.GetCounter().GetValue()
	default:
		return float64(m.GetHistogram().GetSampleCount())
	}
}

func TestWhatIsTold(t *testing.T) {
	pulse := Pulse{Turned: now.Add(-250 * time.Millisecond), Queue: 3, Viewers: 2}
	_, text := scrape(t, Handler(fixed{snap: big(1, 1), pulse: pulse}, busy()), "")
	want := map[string]string{
		"lbsup_build_info{cluster=shop,node=lb1,version=1.2.3}": "1", "lbsup_well{}": "1",
		"lbsup_findings{severity=failing}": "0", "lbsup_findings{severity=warning}": "1",
		"lbsup_vrrp_state{state=MASTER,vrrp_instance=VI_1}": "1", "lbsup_vrrp_state{state=BACKUP,vrrp_instance=VI_1}": "0",
		"lbsup_vrrp_state{state=FAULT,vrrp_instance=VI_1}": "0", "lbsup_vrrp_state{state=STOP,vrrp_instance=VI_1}": "0",
		"lbsup_vrrp_state{state=unknown,vrrp_instance=VI_1}": "0",
		"lbsup_vrrp_priority{vrrp_instance=VI_1}":            "253", "lbsup_vrrp_priority_well{vrrp_instance=VI_1}": "253",
		"lbsup_vip_held{address=192.0.2.10/24,vrrp_instance=VI_1}": "1", "lbsup_vip_held{address=2001:db8::10/64,vrrp_instance=VI_1}": "1",
		"lbsup_check_state{check=check-0,state=healthy}": "0", "lbsup_check_state{check=check-0,state=doubtful}": "1",
		"lbsup_check_state{check=check-0,state=failed}": "0", "lbsup_check_state{check=check-0,state=unknown}": "0",
		"lbsup_check_since_timestamp_seconds{check=check-0}": "1.773480353e+09",
		"lbsup_service_servers{service=service-0,state=up}":  "3", "lbsup_service_servers{service=service-0,state=down}": "2",
		"lbsup_service_servers{service=service-0,state=drain}": "1", "lbsup_service_servers{service=service-0,state=maint}": "1",
		"lbsup_service_servers{service=service-0,state=unchecked}": "1", "lbsup_service_servers{service=service-0,state=unknown}": "2",
		"lbsup_daemon_running{daemon=haproxy}": "1", "lbsup_daemon_running{daemon=keepalived}": "0",
		"lbsup_haproxy_connections{}": "132", "lbsup_haproxy_old_workers{}": "2",
		"lbsup_haproxy_old_workers_memory_bytes{}": "3.145728e+06", "lbsup_haproxy_old_workers_oldest_seconds{}": "12",
		"lbsup_generation{}": "14", "lbsup_generation_installed_timestamp_seconds{}": "1.773476813e+09", "lbsup_drift_files{}": "1",
		"lbsup_change_in_progress{}": "0", "lbsup_change_duration_seconds{}": "0.41", "lbsup_certificate_end_timestamp_seconds{file=/etc/lbsup/a.pem}": "1.773480473e+09",
		"lbsup_peer_up{peer=lb2}": "1", "lbsup_peer_up{peer=lb3}": "0", "lbsup_peer_up{peer=lb4}": "0", "lbsup_peer_up{peer=lb5}": "1", "lbsup_peer_up{peer=lb6}": "1",
		"lbsup_peer_heard_timestamp_seconds{peer=lb2}": "1.773480413e+09", "lbsup_peer_heard_timestamp_seconds{peer=lb3}": "1.773480353e+09",
		"lbsup_peer_heard_timestamp_seconds{peer=lb5}": "1.773480413e+09", "lbsup_peer_heard_timestamp_seconds{peer=lb6}": "1.773480413e+09",
		"lbsup_peer_well{peer=lb2}": "1", "lbsup_peer_well{peer=lb5}": "0", "lbsup_peer_well{peer=lb6}": "0",
		"lbsup_peer_clock_skew_seconds{peer=lb2}": "-0.25", "lbsup_peer_clock_skew_seconds{peer=lb5}": "0", "lbsup_peer_clock_skew_seconds{peer=lb6}": "0",
		"lbsup_peer_generation{peer=lb2}": "12", "lbsup_peer_generation{peer=lb5}": "0", "lbsup_peer_generation{peer=lb6}": "0",
		"lbsup_peer_same_cluster_file{peer=lb2}": "0", "lbsup_peer_same_cluster_file{peer=lb5}": "1",
		"lbsup_board_age_seconds{}": "0.25", "lbsup_event_queue_length{}": "3", "lbsup_page_viewers{}": "2",

		"lbsup_vrrp_transitions_total{to=MASTER,vrrp_instance=VI_1}": "1", "lbsup_vrrp_transitions_total{to=BACKUP,vrrp_instance=VI_1}": "0",
		"lbsup_vrrp_transitions_total{to=FAULT,vrrp_instance=VI_1}": "0", "lbsup_vrrp_transitions_total{to=STOP,vrrp_instance=VI_1}": "0",
		"lbsup_check_changes_total{check=haproxy,to=doubtful}": "1", "lbsup_check_changes_total{check=haproxy,to=healthy}": "0",
		"lbsup_check_changes_total{check=haproxy,to=failed}":                 "0",
		"lbsup_failover_duration_seconds{direction=came,vrrp_instance=VI_1}": "1",
		"lbsup_changes_total{outcome=live_to_be_confirmed}":                  "1",
		"lbsup_activations_total{daemon=haproxy,how=reload}":                 "1", "lbsup_activation_failures_total{daemon=haproxy,how=reload}": "1",
		"lbsup_changes_total{outcome=live}": "0", "lbsup_changes_total{outcome=unchanged}": "0", "lbsup_changes_total{outcome=refused}": "0",
		"lbsup_changes_total{outcome=rolled_back}": "0", "lbsup_changes_total{outcome=taken_back}": "0", "lbsup_changes_total{outcome=broken}": "0",
		"lbsup_activations_total{daemon=keepalived,how=reload}": "0", "lbsup_activation_failures_total{daemon=keepalived,how=reload}": "0",
		"lbsup_health_questions_total{}": "1", "lbsup_event_loop_lag_seconds{}": "2", "lbsup_split_brain{vrrp_instance=VI_1}": "1",
	}
	if diff := cmp.Diff(want, values(t, text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The names are those that Prometheus' own linter likes.
func TestNamesAreConventional(t *testing.T) {
	_, text := scrape(t, Handler(fixed{snap: big(1, 1)}, busy()), "")
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestOpenMetrics(t *testing.T) {
	r, text := scrape(t, Handler(fixed{snap: big(2, 2)}, busy()), openMetrics)
	if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, openMetrics[:strings.Index(openMetrics, ";")]) {
		t.Errorf("got content type %q", kind)
	}
	if !strings.HasSuffix(text, "# EOF\n") {
		t.Errorf("the text ends in %q", text[max(0, len(text)-40):])
	}
	for _, line := range strings.Split(text, "\n") { // a counter's family has no _total in OpenMetrics 1.0, its sample has
		if strings.HasPrefix(line, "# TYPE lbsup_") && strings.HasSuffix(line, " counter") && strings.Contains(line, "_total ") {
			t.Error(line)
		}
	}
}

// What cannot be read leaves a scrape with everything else in it.
func TestSourceThatDoesNotAnswer(t *testing.T) {
	r, text := scrape(t, Handler(fixed{err: errors.New("it hangs")}, busy()), "")
	if r.StatusCode != http.StatusOK || !strings.Contains(text, "lbsup_health_questions_total 1") || strings.Contains(text, "lbsup_well") {
		t.Errorf("got %s\n%s", r.Status, text)
	}
}

func TestNothingIsKnownYet(t *testing.T) {
	_, text := scrape(t, Handler(fixed{snap: status.Snapshot{Instances: []status.Instance{{Name: "VI_1"}}, Change: &status.Change{}}}, NewTally()), "")
	got := values(t, text)
	for series, want := range map[string]string{
		"lbsup_vrrp_state{state=unknown,vrrp_instance=VI_1}": "1", "lbsup_change_in_progress{}": "1", "lbsup_board_age_seconds{}": "",
		"lbsup_generation_installed_timestamp_seconds{}": "",
	} {
		if got[series] != want {
			t.Errorf("%s: got %q, want %q", series, got[series], want)
		}
	}
}

// The number of series depends on the cluster file, and not on how many servers there are.
func TestCardinality(t *testing.T) {
	count := func(s status.Snapshot) int {
		_, text := scrape(t, Handler(fixed{snap: s}, NewTally()), "")
		return len(values(t, text))
	}
	few, many := big(3, 3), big(3, 3)
	pool := &many.Services[0].Pools[0]
	for i := range 5000 {
		pool.Servers = append(pool.Servers, status.Server{Name: fmt.Sprint("more-", i), Status: "UP"})
	}
	if a, b := count(few), count(many); a != b {
		t.Errorf("%d series with few servers, %d with many", a, b)
	}
}

// A scrape of 200 services, 2,000 servers and 50 checks is to take less than 50 ms.
func BenchmarkScrape(b *testing.B) {
	h := Handler(fixed{snap: big(200, 50)}, busy())
	b.ReportAllocs()
	for b.Loop() {
		r, _ := scrape(b, h, openMetrics)
		_, _ = io.Copy(io.Discard, r.Body)
	}
}
