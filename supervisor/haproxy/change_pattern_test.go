package haproxy

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
)

// routed is a service in http mode that sends some requests to the pool "special". Each pool says its name.
func routed(t *testing.T, routes ...cluster.Route) *cluster.Local {
	t.Helper()
	s := cluster.Service{Name: "web", Mode: cluster.HTTP, Default: "plain", Bind: []cluster.Bind{bind(t)}, Routes: routes}
	for _, name := range []string{"plain", "special"} {
		say := fmt.Sprintf("http-request return status 200 content-type text/plain string %s", name)
		s.Pools = append(s.Pools, cluster.Pool{Name: name, Balance: "roundrobin", Raw: []string{say}})
	}
	return &cluster.Local{Cluster: &cluster.Cluster{Name: "c", Services: []cluster.Service{s}}}
}

// answers asks for some hosts and paths and says which pool answered each.
func answers(t *testing.T, l *cluster.Local, requests ...[2]string) map[string]string {
	t.Helper()
	bound := l.Services[0].Bind[0]
	found := map[string]string{}
	for _, r := range requests {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+netip.AddrPortFrom(bound.Address, bound.Port).String()+r[1], nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = r[0]
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		found[r[0]+r[1]] = string(body)
	}
	return found
}

// TestRoutesChange gives a route other hosts and paths, twice, and compares with a HAProxy that is started with the file.
func TestRoutesChange(t *testing.T) {
	build := installed(t)
	route := func(hosts, paths []string) cluster.Route {
		return cluster.Route{Host: hosts, PathBegins: paths, To: "special"}
	}
	before := routed(t, route([]string{"a.example", "b.example"}, []string{"/x"}))
	requests := [][2]string{
		{"a.example", "/x"}, {"B.example:80", "/x/y"}, {"c.example", "/x"}, {"a.example", "/new"}, {"d.example", "/new"}, {"d.example", "/x"}, {"e.example", "/x"},
	}
	d, c := rendered(t, before, build)
	last := before
	for step, after := range []*cluster.Local{
		routed(t, route([]string{"b.example", "c.example", "d.example"}, []string{"/x", "/new"})),
		routed(t, route([]string{"e.example"}, []string{"/x"})),
		routed(t, route([]string{"e.example", "a.example", "b.example", "c.example"}, []string{"/new"})),
	} {
		after.Services[0].Bind = before.Services[0].Bind
		plan := haproxy.Difference(last, after, build)
		if len(plan.Reload) > 0 || len(plan.Changes) == 0 {
			t.Fatalf("step %d: got %v and reasons %v", step, plan.Changes, plan.Reload)
		}
		if err := c.Make(d.context(), plan.Changes, "aaaa"); err != nil {
			t.Fatalf("step %d: %v", step, err)
		}
		got := answers(t, after, requests...)
		fresh := *after.Cluster
		fresh.Services = slices.Clone(fresh.Services)
		fresh.Services[0].Bind = []cluster.Bind{bind(t)}
		started := &cluster.Local{Cluster: &fresh}
		rendered(t, started, build)
		if diff := cmp.Diff(answers(t, started, requests...), got); diff != "" {
			t.Errorf("step %d: answers (-started +changed):\n%s", step, diff)
		}
		last = after
	}
}

func TestConditionThatHAProxyHasNot(t *testing.T) {
	d, c, _ := pool(t, "server s1 127.0.0.1:9")
	refused(t, c.Make(d.context(), doing(haproxy.SetPatterns{First: 5120, Values: []string{"a"}}), "aaaa"),
		"cannot change a condition at run time: HAProxy has no list with a number from 5120 on")
	if info, err := c.Runtime.Info(d.context()); err != nil || info.Mark != "" {
		t.Errorf("the worker says that it runs %q, %v", info.Mark, err)
	}
}

func TestConditionIsReadBack(t *testing.T) {
	worker := newFake(t, func(command string, _ int) string {
		switch command {
		case "show acl":
			return "# id (file) description\n0 () acl 'var' file 'httpclient' line 0. curr_ver=0 next_ver=0 entry_cnt=1\n" +
				"512 () acl 'req.hdr' file '/etc/haproxy/haproxy.cfg' line 60. curr_ver=0 next_ver=0 entry_cnt=1\n513 () acl 'req.hdr' file 'x' line 61.\n768 () x\n\n"
		case "show acl #512;show acl #513":
			return "0x55d0 a.example\n\n0x55d1 b.example\n0x55d2 c.example\n\n"
		case "show info;get var proc.lbsup":
			return "Pid: 1\nproc.lbsup: type=str value=<changing>\n"
		}
		return "\n"
	})
	c := Changer{Runtime: Runtime{Socket: worker.socket}}
	do := doing(haproxy.SetPatterns{First: 512, Values: []string{"c.example", "d.example"}})
	refused(t, c.Make(t.Context(), do, "aaaa"), `cannot change HAProxy at run time: the condition with number 512 has the values `+
		`["a.example" "b.example" "c.example"], not ["c.example" "d.example"]`)
	want := "set severity-output number;add acl #512 d.example;del acl #512 a.example;del acl #513 b.example"
	if !slices.Contains(worker.commands(), want) {
		t.Errorf("got %q, want one to be %q", worker.commands(), want)
	}
	do = doing(haproxy.SetPatterns{First: 512, Values: []string{"a;b"}})
	refused(t, c.Make(t.Context(), do, "aaaa"), `cannot change a condition at run time: "a;b" is no word for HAProxy's runtime API`)
}

func FuzzListValues(f *testing.F) {
	for _, seed := range []string{"", "0x1 a\n\n0x2 b\n\n", "\n\n\n", "no", "# id (file) description\n0 () acl"} {
		f.Add(seed, 2)
	}
	f.Fuzz(func(t *testing.T, text string, count int) {
		count = min(max(count, 0), 300)
		if got := len(listValues(text, count)); got != count {
			t.Errorf("got %d lists, want %d", got, count)
		}
		listNumbers(text)
	})
}
