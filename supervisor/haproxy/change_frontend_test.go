package haproxy

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
)

func TestFrontendIsDisabledAndEnabled(t *testing.T) {
	d, c, address := pool(t, "server s1 "+echo(t, "s1").String())
	old := connect(t, address)
	old.hears()
	d.make(c, "aaaa", haproxy.SetFrontend{Frontend: "web"})
	if _, err := net.Dial("tcp", address); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a new connection: got %v", err)
	}
	if got := old.asks(); got != "s1" {
		t.Errorf("the old connection: got %s", got)
	}
	d.make(c, "aaaa", haproxy.SetFrontend{Frontend: "web"}) // once more makes no difference
	d.make(c, "bbbb", haproxy.SetFrontend{Frontend: "web", Open: true})
	if diff := cmp.Diff(map[string]int{"s1": 2}, reached(t, address, 2)); diff != "" {
		t.Errorf("new connections (-want +got):\n%s", diff)
	}
	refused(t, c.Make(d.context(), doing(haproxy.SetFrontend{Frontend: "a;b"}), "cccc"),
		`cannot make the change "services.web: haproxy.SetFrontend": "a;b" is no word for HAProxy's runtime API`)
}

// TestDisabledServiceThroughReloads closes and opens a service in each way in which lbsup does.
func TestDisabledServiceThroughReloads(t *testing.T) {
	d := newDaemon(t)
	address := freeAddress(t)
	write := func(digest, disabled string) {
		form := "listen web\n\tbind %s\n\tserver s1 %s\n"
		if disabled != "" {
			form = "frontend web.disabled\n\tdisabled\n\tbind %s\n\tdefault_backend web\nbackend web\n\tserver s1 %s\n"
		}
		d.configure(digest, fmt.Sprintf(form, address, echo(t, "s1")))
	}
	reload := func(digest, disabled string) {
		t.Helper()
		write(digest, disabled)
		if _, err := d.reloader().Reload(d.context(), digest); err != nil {
			t.Fatal(err)
		}
	}
	l := &cluster.Local{Cluster: &cluster.Cluster{Services: []cluster.Service{{Name: "web"}, {Name: "in"}}}}
	stopped := func(want ...string) {
		t.Helper()
		rows, err := d.runtime().Frontends(d.context())
		if diff := cmp.Diff(want, Stopped(l, rows)); diff != "" || err != nil {
			t.Errorf("stopped: %v (-want +got):\n%s", err, diff)
		}
	}
	write("first", "disabled")
	d.started()
	stopped("web")
	c := Changer{Runtime: d.runtime()}
	refused(t, c.Make(d.context(), doing(haproxy.SetFrontend{Frontend: "web", Open: true}), "aaaa"),
		`cannot change frontend "web" at run time: HAProxy was started without it, or has shut it down`)
	if info, err := c.Runtime.Info(d.context()); err != nil || info.Mark != "" {
		t.Errorf("the worker says that it runs %q, %v", info.Mark, err)
	}
	reload("second", "")
	stopped()
	reached(t, address, 1)
	d.make(c, "bbbb", haproxy.SetFrontend{Frontend: "web"})
	stopped()
	reload("third", "disabled")
	if _, err := net.Dial("tcp", address); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a new connection after the reload: got %v", err)
	}
	reload("fourth", "")
	d.make(c, "cccc", haproxy.SetFrontend{Frontend: "web"})
	reload("fifth", "") // opens what was closed at run time alone
	reached(t, address, 1)
}
