package haproxy

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
)

func TestAddedServerTakesTraffic(t *testing.T) {
	d, c, address := pool(t, "server s1 "+echo(t, "s1").String())
	checked := added("s3", echo(t, "s3"))
	checked.Checked, checked.MaxConn = true, 50
	checked.Attributes = []string{"check", "inter", "50ms", "maxconn", "50"}
	d.make(c, "aaaa", added("s2", echo(t, "s2")), checked)
	if diff := cmp.Diff(map[string]int{"s1": 4, "s2": 4, "s3": 4}, reached(t, address, 12)); diff != "" {
		t.Errorf("connections (-want +got):\n%s", diff)
	}
	d.until("the health check has found server s3", func() error {
		servers, err := c.Runtime.Servers(d.context())
		for _, s := range servers {
			if s.Name == "s3" && s.Status == "UP" && s.CheckStatus == "L4OK" && s.MaxConn == 50 {
				return nil
			}
		}
		return fmt.Errorf("%+v, %v", servers, err)
	})
	if info, err := c.Runtime.Info(d.context()); err != nil || info.Mark != "aaaa" {
		t.Errorf("the worker says that it runs %q, %v", info.Mark, err)
	}
}

func TestRemovedServerKeepsItsConnections(t *testing.T) {
	d, c, address := pool(t, "balance first", "server s1 "+echo(t, "s1").String(), "server s2 "+echo(t, "s2").String())
	old := connect(t, address)
	if got := old.hears(); got != "s1" {
		t.Fatalf("got %s, want s1", got)
	}
	d.make(c, "aaaa", haproxy.DeleteServer{Target: target("s1")})
	if diff := cmp.Diff(map[string]int{"s2": 5}, reached(t, address, 5)); diff != "" {
		t.Errorf("new connections (-want +got):\n%s", diff)
	}
	if got := old.asks(); got != "s1" {
		t.Errorf("the old connection: got %s, want s1", got)
	}
	after := &cluster.Local{Cluster: &cluster.Cluster{Services: []cluster.Service{{Name: "web", Pools: []cluster.Pool{{
		Name: "web", Servers: []cluster.Server{{Name: "s2"}},
	}}}}}}
	if left, err := c.Sweep(d.context(), after); left != 1 || err != nil {
		t.Errorf("with a connection: %d are left, %v, want 1", left, err)
	}
	if got := old.asks(); got != "s1" {
		t.Errorf("after the sweep: got %s, want s1", got)
	}
	refused(t, c.Make(d.context(), doing(added("s1", echo(t, "s1"))), "bbbb"),
		`cannot add server "web/s1" at run time: connections to the one of that name which went have not ended`)
	old.conn.Close()
	d.until("the server is gone", func() error {
		if left, err := c.Sweep(d.context(), after); left != 0 || err != nil {
			return fmt.Errorf("%d are left, %v", left, err)
		}
		return nil
	})
	if _, is := d.states(c)[target("s1")]; is {
		t.Error("HAProxy still has server s1")
	}
}

func TestIdleServerIsDeletedAtOnce(t *testing.T) {
	d, c, _ := pool(t, "server s1 127.0.0.1:9", "server s2 127.0.0.1:9")
	d.make(c, "aaaa", haproxy.DeleteServer{Target: target("s1")})
	if diff := cmp.Diff(1, len(d.states(c))); diff != "" {
		t.Errorf("servers (-want +got):\n%s", diff)
	}
}

// TestSweepLeavesOtherServersAlone has one in maintenance that the cluster has, and one that a person added.
func TestSweepLeavesOtherServersAlone(t *testing.T) {
	d, c, _ := pool(t, "server s1 127.0.0.1:9", "server s2 127.0.0.1:9")
	if _, err := c.tell(d.context(), "set server web/s1 state maint;add server web/own 127.0.0.1:9;set server web/own state ready;set server out/two state maint"); err != nil {
		t.Fatal(err)
	}
	l := &cluster.Local{Cluster: &cluster.Cluster{Services: []cluster.Service{{Name: "web", Pools: []cluster.Pool{{
		Name: "web", Servers: []cluster.Server{{Name: "s1"}, {Name: "s2"}},
	}}}}}}
	if left, err := c.Sweep(d.context(), l); left != 0 || err != nil {
		t.Errorf("%d are left, %v, want 0", left, err)
	}
	if diff := cmp.Diff(3, len(d.states(c))); diff != "" {
		t.Errorf("servers (-want +got):\n%s", diff)
	}
}

// TestServerThatWentComesBack adds a server whose former self is still in maintenance.
func TestServerThatWentComesBack(t *testing.T) {
	d, c, address := pool(t, "balance first", "server s1 "+echo(t, "s1").String())
	if _, err := c.tell(d.context(), "set server web/s1 state maint"); err != nil {
		t.Fatal(err)
	}
	d.make(c, "aaaa", added("s1", echo(t, "again")))
	if diff := cmp.Diff(map[string]int{"again": 3}, reached(t, address, 3)); diff != "" {
		t.Errorf("connections (-want +got):\n%s", diff)
	}
}

func TestServerMoves(t *testing.T) {
	d, c, address := pool(t, "server s1 "+echo(t, "old").String())
	old := connect(t, address)
	old.hears()
	d.make(c, "aaaa", haproxy.SetAddress{Target: target("s1"), Address: echo(t, "new")})
	if diff := cmp.Diff(map[string]int{"new": 3}, reached(t, address, 3)); diff != "" {
		t.Errorf("new connections (-want +got):\n%s", diff)
	}
	if got := old.asks(); got != "old" {
		t.Errorf("the old connection: got %s, want old", got)
	}
	d.make(c, "bbbb", haproxy.SetAddress{Target: target("s1"), Address: netip.MustParseAddrPort("[2001:db8::1]:81")})
	if got := d.states(c)[target("s1")].facts()["address"]; got != "[2001:db8::1]:81" {
		t.Errorf("got %s", got)
	}
}

func TestServerIsWeighed(t *testing.T) {
	d, c, address := pool(t, "server s1 "+echo(t, "s1").String(), "server s2 "+echo(t, "s2").String())
	d.make(c, "aaaa", haproxy.SetWeight{Target: target("s2"), Weight: 3}, haproxy.SetMaxConn{Target: target("s1"), MaxConn: 7})
	if diff := cmp.Diff(map[string]int{"s1": 3, "s2": 9}, reached(t, address, 12)); diff != "" {
		t.Errorf("connections (-want +got):\n%s", diff)
	}
	d.make(c, "bbbb", haproxy.SetMaxConn{Target: target("s1"), MaxConn: 0})
}

func TestThousandServersAtOnce(t *testing.T) {
	d, c, _ := pool(t, "balance leastconn")
	var all, none []haproxy.Operation
	for i := range 1000 {
		server := added(fmt.Sprintf("server-%d", i), netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 1, byte(i >> 8), byte(i)}), 9))
		server.Checked, server.Attributes = true, []string{"check", "inter", "1h", "rise", "2", "fall", "3"}
		all, none = append(all, server), append(none, haproxy.DeleteServer{Target: server.Target})
	}
	began := time.Now()
	d.make(c, "aaaa", all...)
	t.Logf("added and read back in %v", time.Since(began))
	if got := len(d.states(c)); got != 1000 {
		t.Errorf("got %d servers, want 1000", got)
	}
	began = time.Now()
	d.make(c, "bbbb", none...)
	t.Logf("removed in %v", time.Since(began))
	if got := len(d.states(c)); got != 0 {
		t.Errorf("got %d servers, want none", got)
	}
}

func TestWedgedWorkerIsAnError(t *testing.T) {
	d, c, _ := pool(t, "server s1 127.0.0.1:9")
	info, err := c.Runtime.Info(d.context())
	if err != nil {
		t.Fatal(err)
	}
	d.kill(info.PID, syscall.SIGSTOP)
	defer d.kill(info.PID, syscall.SIGCONT)
	for _, row := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"Make", func(ctx context.Context) error {
			return c.Make(ctx, doing(haproxy.DeleteServer{Target: target("s1")}), "aaaa")
		}},
		{"Sweep", func(ctx context.Context) error {
			_, err := c.Sweep(ctx, &cluster.Local{Cluster: &cluster.Cluster{}})
			return err
		}},
	} {
		ctx, cancel := context.WithTimeout(d.context(), 200*time.Millisecond)
		if err := row.do(ctx); err == nil || !strings.HasSuffix(err.Error(), "context deadline exceeded") {
			t.Errorf("%s: got %v", row.name, err)
		}
		cancel()
	}
}
