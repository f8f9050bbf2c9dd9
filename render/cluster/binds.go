package cluster

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// listeners remembers who listens where. HAProxy refuses two listeners on one address and port; one on every address
// beside one on a single address it takes, and then requests reach either, by the kernel's choice.
type listeners struct {
	exact map[Bind]string   // by address and port
	all   map[Bind]string   // by family (as its unspecified address) and port
	some  map[Bind][]string // the same, for those on one address
}

// binds reports services, the statistics page, the status page and the exchange between nodes, that take connections from each other.
func (b builder) binds() {
	l := listeners{map[Bind]string{}, map[Bind]string{}, map[Bind][]string{}}
	for i, service := range b.cluster.Services {
		for j, bind := range service.Bind {
			b.listen(l, fmt.Sprintf("services[%d].bind[%d]", i, j), bind)
		}
	}
	if b.cluster.Stats != nil {
		b.listen(l, "stats.bind", b.cluster.Stats.Bind)
	}
	if b.cluster.Status != nil {
		b.listen(l, "status.listen", b.cluster.Status.Listen)
	}
	b.listenForPeers(l)
}

func (b builder) listen(l listeners, path string, bind Bind) {
	if bind.Port == 0 {
		return
	}
	written, family := bind, everyAddress(bind)
	wide := bind.Address == (netip.Addr{}) || bind.Address.IsUnspecified()
	if wide {
		bind = family
	}
	other, taken := l.exact[bind]
	if !taken {
		other, taken = l.all[family]
	}
	if wide && !taken && len(l.some[family]) > 0 {
		other, taken = l.some[family][0], true
	}
	if taken {
		b.add(path, mistake{"listen where another part does", quote(written.String()) + ", which meets " + other + " on " + b.line(other), "an address and port of its own", ""})
		return
	}
	l.exact[bind] = path
	if wide {
		l.all[family] = path
	} else {
		l.some[family] = append(l.some[family], path)
	}
}

func everyAddress(bind Bind) Bind {
	if bind.Address.Is6() {
		return Bind{netip.IPv6Unspecified(), bind.Port}
	}
	return Bind{netip.IPv4Unspecified(), bind.Port}
}

// String is the bind as the cluster file spells it.
func (b Bind) String() string {
	if !b.Address.IsValid() {
		return "*:" + strconv.Itoa(int(b.Port))
	}
	return net.JoinHostPort(b.Address.String(), strconv.Itoa(int(b.Port)))
}
