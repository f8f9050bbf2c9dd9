package haproxy

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
)

// TestChangesAreTheWholeDifference makes random pairs of clusters. Where no reload is asked for, the changes made to the first
// render the same configuration as the second, but for an order that does not matter.
func TestChangesAreTheWholeDifference(t *testing.T) {
	quiet, reloads := 0, 0
	for seed := range uint64(5_000) {
		r := random{rand.New(rand.NewPCG(seed, 0))}
		before, after := r.cluster(), (*cluster.Local)(nil)
		if seed%4 == 0 {
			after = r.cluster()
		} else {
			after = r.edited(before)
		}
		if plan := Difference(before, before, installed); len(plan.Changes)+len(plan.Reload) > 0 {
			t.Fatalf("seed %d: the difference of one thing to itself: got %+v", seed, plan)
		}
		plan := Difference(before, after, installed)
		saysAll(t, plan)
		if len(plan.Reload) > 0 {
			reloads++
			continue
		}
		quiet += min(1, len(plan.Changes))
		if diff := cmp.Diff(sorted(t, after), sorted(t, made(before, plan.Changes))); diff != "" {
			t.Fatalf("seed %d: after the changes %v (-want +got):\n%s", seed, words(plan.Changes), diff)
		}
	}
	if quiet < 500 || reloads < 500 {
		t.Errorf("got %d pairs with changes alone and %d with a reload: the pairs are too much alike", quiet, reloads)
	}
}

func saysAll(t *testing.T, plan Plan) {
	t.Helper()
	for _, c := range plan.Changes {
		if c.Where == "" || c.What == "" || c.Do == nil {
			t.Fatalf("a change says nothing: %+v", c)
		}
	}
	for _, r := range plan.Reload {
		if r.Where == "" || r.What == "" {
			t.Fatalf("a reason says nothing: %+v", r)
		}
	}
}

// made is a cluster after changes, as HAProxy makes them: what is added stands behind what was there.
func made(l *cluster.Local, changes []Change) *cluster.Local {
	l = copied(l)
	at := func(target Target, do func(*cluster.Pool, int)) {
		for i := range l.Services {
			s := &l.Services[i]
			for j := range s.Pools {
				if BackendName(*s, s.Pools[j]) == target.Backend {
					do(&s.Pools[j], slices.IndexFunc(s.Pools[j].Servers, func(s cluster.Server) bool { return s.Name == target.Server }))
				}
			}
		}
	}
	for _, c := range changes {
		switch do := c.Do.(type) {
		case AddServer:
			at(do.Target, func(p *cluster.Pool, _ int) { p.Servers = append(p.Servers, serverOf(do)) })
		case DeleteServer:
			at(do.Target, func(p *cluster.Pool, i int) { p.Servers = slices.Delete(p.Servers, i, i+1) })
		case SetAddress:
			at(do.Target, func(p *cluster.Pool, i int) {
				p.Servers[i].Host, p.Servers[i].Port = do.Address.Addr().String(), do.Address.Port()
			})
		case SetWeight:
			at(do.Target, func(p *cluster.Pool, i int) { p.Servers[i].Weight = do.Weight })
		case SetPatterns:
			change(l, do)
		case SetFrontend:
			i := slices.IndexFunc(l.Services, func(s cluster.Service) bool { return s.Name == do.Frontend })
			l.Services[i].Disabled = !do.Open
		case SetMaxConn:
			at(do.Target, func(p *cluster.Pool, i int) { p.Servers[i].MaxConn = do.MaxConn })
		}
	}
	return l
}

// change gives a condition its values.
func change(l *cluster.Local, do SetPatterns) {
	for i, s := range l.Services {
		for j := range s.Routes {
			r := &l.Services[i].Routes[j]
			for k, values := range []*[]string{&r.Host, &r.PathBegins, &r.PathEnds} {
				if (condition{s.Name, j, conditionKinds[k]}).number() == do.First {
					*values = do.Values
				}
			}
		}
	}
}

func serverOf(add AddServer) cluster.Server {
	return cluster.Server{
		Name: add.Server, Host: add.Address.Addr().String(), Port: add.Address.Port(), Weight: add.Weight, MaxConn: add.MaxConn,
		TLS: add.TLS, Verify: slices.Contains(add.Attributes, "required"), Backup: slices.Contains(add.Attributes, "backup"),
	}
}

// sorted is a configuration without the orders that mean nothing, and with the weights that HAProxy takes where none is written.
func sorted(t *testing.T, l *cluster.Local) string {
	t.Helper()
	l = copied(l)
	slices.SortFunc(l.Services, func(a, b cluster.Service) int { return strings.Compare(a.Name, b.Name) })
	for _, s := range l.Services {
		for i, r := range s.Routes {
			s.Routes[i].Host = slices.Sorted(slices.Values(r.Host))
		}
		for _, p := range s.Pools {
			for i := range p.Servers {
				p.Servers[i].Weight = weight(p.Servers[i])
			}
			if p.Balance != "first" {
				slices.SortStableFunc(p.Servers, byName)
			}
		}
	}
	config, err := Render(l, secrets, installed)
	if err != nil {
		t.Fatal(err)
	}
	return string(config.Text)
}

// byName keeps backup servers, which are taken in their order, behind the others.
func byName(a, b cluster.Server) int {
	switch {
	case a.Backup && b.Backup:
		return 0
	case a.Backup:
		return 1
	case b.Backup:
		return -1
	default:
		return strings.Compare(a.Name, b.Name)
	}
}

// copied shares nothing that a test changes.
func copied(l *cluster.Local) *cluster.Local {
	c := *l.Cluster
	c.Services = slices.Clone(c.Services)
	for i := range c.Services {
		c.Services[i].Routes, c.Services[i].Pools = slices.Clone(c.Services[i].Routes), slices.Clone(c.Services[i].Pools)
		for j := range c.Services[i].Pools {
			c.Services[i].Pools[j].Servers = slices.Clone(c.Services[i].Pools[j].Servers)
		}
	}
	return &cluster.Local{Cluster: &c, Node: l.Node}
}

// random makes clusters of few names and values, so that pairs have much in common.
type random struct{ *rand.Rand }

func one[T any](r random, values ...T) T { return values[r.IntN(len(values))] }

func (r random) rarely() bool { return r.IntN(12) == 0 }

func (r random) cluster() *cluster.Local {
	l := with()
	for _, name := range []string{"api", "web"} {
		if !r.rarely() {
			l.Services = append(l.Services, r.service(name))
		}
	}
	if r.rarely() {
		l.HAProxy.Defaults = []string{one(r, "retries 1", "default-server inter 9s")}
	}
	if r.rarely() {
		l.Stats = &cluster.Stats{Bind: cluster.Bind{Port: 9000}, URI: one(r, "/", "/stats"), Admin: r.rarely()}
	}
	if r.rarely() {
		l.VRRP.Instances = []cluster.Instance{{Addresses: []cluster.VIP{{Address: netip.MustParsePrefix("192.0.2.1/24")}}}}
	}
	return l
}

func (r random) service(name string) cluster.Service {
	s := cluster.Service{Name: name, Mode: cluster.HTTP, Bind: []cluster.Bind{{Address: one(r, netip.Addr{}, netip.MustParseAddr("192.0.2.1")), Port: 80}}}
	s.Pools, s.Default = []cluster.Pool{r.pool(name)}, name
	if r.rarely() {
		s.Pools, s.Default = append(s.Pools, r.pool("static")), "static"
		s.Routes = []cluster.Route{{Host: one(r, []string{"a"}, []string{"b", "a"}, []string{"d", "e", "f", "g"}), PathEnds: []string{".css"}, To: name}}
	}
	if r.rarely() {
		s.ForwardedFor = &cluster.ForwardedFor{}
	}
	if r.rarely() {
		s.Raw = []string{"timeout client 1h"}
	}
	return s
}

func (r random) pool(name string) cluster.Pool {
	p := cluster.Pool{Name: name, Balance: one(r, "roundrobin", "roundrobin", "leastconn", "first", "source", "static-rr")}
	p.Check = cluster.HealthCheck{Interval: one(r, 2*time.Second, 5*time.Second), Off: r.rarely()}
	if r.rarely() {
		p.Raw = []string{one(r, "timeout server 1h", "default-server inter 3s")}
	}
	if r.rarely() {
		p.Sticky = &cluster.Sticky{Cookie: "C"}
	}
	for i := range r.IntN(5) {
		p.Servers = append(p.Servers, r.server("s"+strconv.Itoa(i)))
	}
	r.Shuffle(len(p.Servers), func(i, j int) { p.Servers[i], p.Servers[j] = p.Servers[j], p.Servers[i] })
	return p
}

func (r random) server(name string) cluster.Server {
	s := cluster.Server{Name: name, Host: one(r, "10.0.0.1", "10.0.0.2", "2001:db8::1"), Port: 80, Weight: one(r, 0, 0, 1, 5), MaxConn: one(r, 0, 9)}
	if r.rarely() {
		s.Host = "s.example"
	}
	s.TLS, s.Backup = r.rarely(), r.rarely()
	s.Verify = s.TLS && r.rarely()
	return s
}

// edited is what a person makes of a cluster: a server or two are others, rarely more.
func (r random) edited(l *cluster.Local) *cluster.Local {
	l = copied(l)
	for i := range l.Services {
		for j := range l.Services[i].Pools {
			p := &l.Services[i].Pools[j]
			if len(p.Servers) > 0 && r.IntN(3) == 0 {
				p.Servers = slices.Delete(p.Servers, 0, 1)
			}
			if len(p.Servers) > 0 && r.IntN(3) == 0 {
				p.Servers[0] = r.server(p.Servers[0].Name)
			}
			if r.IntN(3) == 0 {
				p.Servers = append(p.Servers, r.server("new"))
			}
			if routes := l.Services[i].Routes; len(routes) > 0 && j == 0 {
				routes[0].Host = one(r, []string{"a"}, []string{"b", "a"}, []string{"d", "e", "f"}, nil)
			}
			if r.rarely() {
				l.Services[i].Disabled = !l.Services[i].Disabled
			}
			if r.rarely() {
				p.Check.Interval = time.Minute
			}
		}
	}
	return l
}
