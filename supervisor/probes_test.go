package supervisor

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/checks/probe"
	"github.com/lbsup/lbsup/supervisor/haproxy"
)

// Checks of backends share a question as far as they want it asked in the same way.
func TestTogether(t *testing.T) {
	def := func(name string, kind checks.Kind, interval, timeout time.Duration) checks.Definition {
		return checks.Definition{Name: name, Probe: checks.Probe{Kind: kind, Backend: name}, Interval: interval, Timeout: timeout}
	}
	groups := together([]checks.Definition{
		def("a", checks.KindBackend, time.Second, time.Second),
		def("page", checks.KindHTTP, time.Second, time.Second),
		def("often", checks.KindBackend, 200*time.Millisecond, time.Second),
		def("b", checks.KindBackend, time.Second, time.Second),
		def("patient", checks.KindBackend, time.Second, 5*time.Second),
		def("c", checks.KindBackend, time.Second, time.Second),
	})
	var got [][]string
	for _, group := range groups {
		var names []string
		for _, d := range group {
			names = append(names, d.Name)
		}
		got = append(got, names)
	}
	if diff := cmp.Diff([][]string{{"a", "b", "c"}, {"often"}, {"patient"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Nobody answers for HAProxy: each check says so, of the backend that it named.
func TestPoolsWithoutHAProxy(t *testing.T) {
	local := wellNode(t, "loadbalancer-1").Installed.Local
	p := pools{counter: &haproxy.Counter{Runtime: haproxy.Runtime{Socket: t.TempDir() + "/none.sock"}}, local: local}
	counts := p.Count(t.Context(), []string{"api-server", "other"})
	if len(counts) != 2 || counts[0].Err == nil || counts[1].Err == nil || counts[0].Total != 0 {
		t.Errorf("got %+v", counts)
	}
	round, err := probe.Backends([]checks.Definition{{Name: "api", Probe: checks.Probe{Kind: checks.KindBackend, Backend: "api-server"}}}, p)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`cannot ask HAProxy about api-server: cannot ask HAProxy "show stat -1 4 -1" at %q: no such file or directory`, p.counter.Runtime.Socket)
	if got := round(t.Context())[0]; got.Health != checks.Doubtful || got.Reason != want {
		t.Errorf("got  %v, %s\nwant %s", got.Health, got.Reason, want)
	}
}
