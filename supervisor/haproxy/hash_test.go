package haproxy

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
)

// TestHashKeepsClients takes a server out of the middle of a pool, at run time, and puts another there: the clients of the others stay
// where they are, and a HAProxy that is started with the file sends each client to the same server.
func TestHashKeepsClients(t *testing.T) {
	build := installed(t)
	servers := map[string]cluster.Server{}
	for _, name := range []string{"s1", "s2", "s3", "s4", "s5"} {
		at := echo(t, name)
		servers[name] = cluster.Server{Name: name, Host: at.Addr().String(), Port: at.Port()}
	}
	with := func(names ...string) *cluster.Local {
		s := cluster.Service{Name: "web", Mode: cluster.TCP, Default: "web", Bind: []cluster.Bind{bind(t)}}
		s.Pools = []cluster.Pool{{Name: "web", Balance: "source", Check: cluster.HealthCheck{Off: true}}}
		for _, name := range names {
			s.Pools[0].Servers = append(s.Pools[0].Servers, servers[name])
		}
		return &cluster.Local{Cluster: &cluster.Cluster{Name: "c", Services: []cluster.Service{s}}}
	}
	before, after := with("s1", "s2", "s3", "s4"), with("s1", "s5", "s3", "s4")
	after.Services[0].Bind = before.Services[0].Bind
	d, c := rendered(t, before, build)
	first := sent(t, before)
	plan := haproxy.Difference(before, after, build)
	if len(plan.Reload) > 0 {
		t.Fatalf("got reasons for a reload: %v", plan.Reload)
	}
	if err := c.Make(d.context(), plan.Changes, "aaaa"); err != nil {
		t.Fatal(err)
	}
	changed := sent(t, after)
	for client, server := range first {
		if now := changed[client]; now != server && server != "s2" && now != "s5" {
			t.Errorf("client %s went from %s to %s", client, server, now)
		}
	}
	after.Services[0].Bind = []cluster.Bind{bind(t)}
	rendered(t, after, build)
	if diff := cmp.Diff(changed, sent(t, after)); diff != "" {
		t.Errorf("servers of the clients (-changed at run time +started):\n%s", diff)
	}
}

// sent says which server each of some clients gets.
func sent(t *testing.T, l *cluster.Local) map[string]string {
	t.Helper()
	bound := l.Services[0].Bind[0]
	servers, different := map[string]string{}, map[string]bool{}
	for i := range 60 {
		from := fmt.Sprintf("127.0.%d.%d", i, 10+i)
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 10 * time.Second}
		conn, err := dialer.Dial("tcp", netip.AddrPortFrom(bound.Address, bound.Port).String())
		if err != nil {
			t.Fatal(err)
		}
		servers[from] = (&client{t, conn, bufio.NewReader(conn)}).hears()
		conn.Close()
		different[servers[from]] = true
	}
	if len(different) < 3 {
		t.Fatalf("the clients went to %v alone", different)
	}
	return servers
}
