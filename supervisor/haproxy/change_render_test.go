package haproxy

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/test/need"
)

// rendered starts HAProxy with what lbsup writes for a cluster.
func rendered(t *testing.T, l *cluster.Local, build haproxy.Build) (*daemon, Changer) {
	t.Helper()
	config, err := haproxy.Render(l, nil, build)
	if err != nil {
		t.Fatal(err)
	}
	d := newDaemon(t)
	text := strings.ReplaceAll(string(config.Text), render.StatsSocket, d.file("s.sock"))
	if err := os.WriteFile(d.file("cfg"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d.started()
	return d, Changer{Runtime: d.runtime()}
}

func installed(t *testing.T) haproxy.Build {
	t.Helper()
	need.Programs(t, "haproxy")
	need.Root(t) // to change its user and its root directory
	text, err := exec.Command("haproxy", "-vv").Output()
	if err != nil {
		t.Fatal(err)
	}
	build, err := haproxy.ParseBuild(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return build
}

// everything is a cluster with a service for each algorithm that takes servers at run time, and each way to check them.
func everything(t *testing.T, servers []cluster.Server) *cluster.Local {
	t.Helper()
	steady := cluster.HealthCheck{Interval: time.Hour, Rise: 4, Fall: 5}
	request, tls, off := steady, steady, cluster.HealthCheck{Off: true}
	request.HTTP = &cluster.HealthRequest{Method: "GET", Path: "/", Host: "s.example", Status: []int{200}}
	tls.TLS = true
	c := &cluster.Cluster{Name: "c", Nodes: []cluster.Node{{Name: "a"}}}
	for i, algorithm := range []string{"roundrobin", "leastconn", "first", "random", "random(3)", "source", "uri", "url_param id", "hdr(X-A)", "rdp-cookie"} {
		name := "web" + strconv.Itoa(i)
		c.Services = append(c.Services, cluster.Service{
			Name: name, Mode: cluster.HTTP, Default: name, Bind: []cluster.Bind{bind(t)},
			Pools: []cluster.Pool{{
				Name: name, Balance: algorithm, Check: []cluster.HealthCheck{steady, request, tls, off}[i%4], Servers: servers, Raw: []string{"timeout server 1h"},
			}},
		})
	}
	return &cluster.Local{Cluster: c, Node: c.Nodes[0]}
}

func bind(t *testing.T) cluster.Bind {
	at := netip.MustParseAddrPort(freeAddress(t))
	return cluster.Bind{Address: at.Addr(), Port: at.Port()}
}

// TestChangesMakeWhatAReloadMakes compares a HAProxy whose servers were changed with one that was started with the file.
func TestChangesMakeWhatAReloadMakes(t *testing.T) {
	build := installed(t)
	before := everything(t, []cluster.Server{
		{Name: "kept", Host: "127.0.0.1", Port: 9}, {Name: "gone", Host: "127.0.0.1", Port: 9, MaxConn: 3},
		{Name: "moved", Host: "127.0.0.1", Port: 9}, {Name: "weighed", Host: "127.0.0.1", Port: 9, Weight: 5, MaxConn: 5},
		{Name: "verified", Host: "127.0.0.1", Port: 9, TLS: true, Verify: true},
	})
	after := everything(t, []cluster.Server{
		{Name: "kept", Host: "127.0.0.1", Port: 9}, {Name: "moved", Host: "2001:db8::9", Port: 99},
		{Name: "weighed", Host: "127.0.0.1", Port: 9, Weight: 200, MaxConn: 9},
		{Name: "verified", Host: "127.0.0.1", Port: 9, TLS: true, Verify: true},
		{Name: "plain", Host: "127.0.0.2", Port: 9}, {Name: "six", Host: "2001:db8::1", Port: 9, Weight: 7, MaxConn: 50},
		{Name: "spare", Host: "127.0.0.3", Port: 9, Backup: true}, {Name: "tls", Host: "127.0.0.4", Port: 9, TLS: true},
		{Name: "also-verified", Host: "127.0.0.5", Port: 9, TLS: true, Verify: true},
	})
	for i := range after.Services {
		after.Services[i].Bind = before.Services[i].Bind
	}
	plan := haproxy.Difference(before, after, build)
	if len(plan.Reload) > 0 {
		t.Fatalf("got reasons for a reload: %v", plan.Reload)
	}
	changed, c := rendered(t, before, build)
	if err := c.Make(changed.context(), plan.Changes, "aaaa"); err != nil {
		t.Fatalf("%v\n%s", err, changed.log.String())
	}
	for i := range after.Services {
		after.Services[i].Bind = []cluster.Bind{bind(t)}
	}
	fresh, _ := rendered(t, after, build)
	if diff := cmp.Diff(fresh.settings(), changed.settings()); diff != "" {
		t.Errorf("servers (-started +changed):\n%s", diff)
	}
}

// TestAddedServerIsCheckedOverTLS has a server that speaks nothing but TLS.
func TestAddedServerIsCheckedOverTLS(t *testing.T) {
	build := installed(t)
	web := httptest.NewTLSServer(http.NotFoundHandler())
	defer web.Close()
	at := netip.MustParseAddrPort(web.Listener.Addr().String())
	before, after := everything(t, nil), everything(t, nil)
	before.Services, after.Services = before.Services[:1], after.Services[:1]
	after.Services[0].Bind = before.Services[0].Bind
	for _, l := range []*cluster.Local{before, after} {
		pool := &l.Services[0].Pools[0]
		pool.Check = cluster.HealthCheck{Interval: 50 * time.Millisecond, HTTP: &cluster.HealthRequest{Method: "GET", Path: "/", Status: []int{404}}}
	}
	after.Services[0].Pools[0].Servers = []cluster.Server{{Name: "tls", Host: at.Addr().String(), Port: at.Port(), TLS: true}}
	d, c := rendered(t, before, build)
	if err := c.Make(d.context(), haproxy.Difference(before, after, build).Changes, "aaaa"); err != nil {
		t.Fatal(err)
	}
	d.until("the server is found well", func() error {
		servers, err := c.Runtime.Servers(d.context())
		if len(servers) == 1 && servers[0].Status == "UP" && servers[0].CheckStatus == "L7OK" {
			return nil
		}
		return fmt.Errorf("%+v, %v", servers, err)
	})
}

// settings is what the statistics tell of each server and does not depend on the time.
func (d *daemon) settings() map[string]string {
	d.t.Helper()
	text, err := ask(d.context(), d.file("s.sock"), "show stat -1 4 -1", statLimit)
	if err != nil {
		d.t.Fatal(err)
	}
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "# ")))
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		d.t.Fatal(err)
	}
	servers := map[string]string{}
	for _, row := range rows[1:] {
		var said []string
		for i, name := range rows[0] {
			switch name {
			case "slim", "weight", "act", "bck", "addr", "cookie", "mode", "check_rise", "check_fall", "uweight", "tracked", "qlimit":
				said = append(said, name+"="+row[i])
			}
		}
		servers[row[0]+"/"+row[1]] = strings.Join(said, " ")
	}
	return servers
}
