package haproxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render/haproxy"
)

// echo is a server that greets each connection with its name and then answers each line with it.
func echo(t *testing.T, name string) netip.AddrPort {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				fmt.Fprintln(conn, name)
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					fmt.Fprintln(conn, name)
				}
			}()
		}
	}()
	return netip.MustParseAddrPort(listener.Addr().String())
}

// pool starts HAProxy with a backend "web" of some servers and returns where it listens.
func pool(t *testing.T, lines ...string) (*daemon, Changer, string) {
	t.Helper()
	d := newDaemon(t)
	address := freeAddress(t)
	d.configure("first", fmt.Sprintf("frontend web\n\tbind %s\n\tdefault_backend web\nbackend web\n\t%s\n", address, strings.Join(lines, "\n\t")))
	d.started()
	return d, Changer{Runtime: d.runtime()}, address
}

// client is a connection through HAProxy.
type client struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

func connect(t testing.TB, address string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &client{t, conn, bufio.NewReader(conn)}
}

// hears is the name of the server that a connection has reached.
func (c *client) hears() string {
	c.t.Helper()
	name, err := c.in.ReadString('\n')
	if err != nil {
		c.t.Fatalf("the connection broke: %v", err)
	}
	return strings.TrimSpace(name)
}

// asks has the server answer once more.
func (c *client) asks() string {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, "x\n"); err != nil {
		c.t.Fatal(err)
	}
	return c.hears()
}

// reached counts which servers some new connections reach.
func reached(t testing.TB, address string, count int) map[string]int {
	t.Helper()
	names := map[string]int{}
	for range count {
		c := connect(t, address)
		names[c.hears()]++
		c.conn.Close()
	}
	return names
}

func target(server string) haproxy.Target { return haproxy.Target{Backend: "web", Server: server} }

func doing(operations ...haproxy.Operation) (changes []haproxy.Change) {
	for _, do := range operations {
		changes = append(changes, haproxy.Change{Where: "services.web", What: fmt.Sprintf("%T", do), Do: do})
	}
	return changes
}

func added(server string, at netip.AddrPort) haproxy.AddServer {
	return haproxy.AddServer{Target: target(server), Address: at, Weight: 1}
}

func (d *daemon) make(c Changer, digest string, operations ...haproxy.Operation) {
	d.t.Helper()
	if err := c.Make(d.context(), doing(operations...), digest); err != nil {
		d.t.Fatalf("%v\n%s", err, d.log.String())
	}
}

// states are the servers of the backend "web".
func (d *daemon) states(c Changer) map[haproxy.Target]ServerState {
	d.t.Helper()
	states, err := c.states(d.context(), []string{"web"})
	if err != nil {
		d.t.Fatal(err)
	}
	return states
}

func refused(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
