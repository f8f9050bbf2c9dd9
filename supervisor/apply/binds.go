package apply

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"github.com/lbsup/lbsup/render/cluster"
	"golang.org/x/sys/unix"
)

// wanted is one address that HAProxy will bind, with what for.
type wanted struct {
	at       netip.AddrPort
	path     string // in the words of the cluster file, or the line of the configuration
	nonLocal bool   // the address may be on another node now
}

// preflightBinds tries each bind the way HAProxy will make it.
func (a *attempt) preflightBinds() problems {
	var c *cluster.Cluster
	if a.local != nil && a.targets[0].intent == install {
		c = a.local.Cluster
	}
	var refused problems
	for _, w := range wantedBinds(c, a.loaded()) {
		err := a.Bind(w.at, w.nonLocal)
		if err == nil {
			continue
		}
		p := Problem{Path: w.path, Message: fmt.Sprintf("cannot bind %s: %v", w.at, err)}
		switch {
		case errors.Is(err, syscall.EADDRINUSE):
			p.Message = fmt.Sprintf("cannot bind %s: %s holds it", w.at, holder(w.at))
			p.Hint = "end that program, or give the service another address or port"
		case errors.Is(err, syscall.EADDRNOTAVAIL):
			p.Message = fmt.Sprintf("cannot bind %s: this host has no such address", w.at)
			p.Hint = "bind *, a VIP of this cluster, or an address of this host"
		case errors.Is(err, syscall.EACCES):
			p.Hint = "a security policy forbids this port: see the audit log"
		}
		refused = append(refused, p)
	}
	return refused
}

func binds(c *cluster.Cluster) []wanted {
	var all []wanted
	vips := virtual(c)
	add := func(b cluster.Bind, path string) {
		at := addrPort(b)
		all = append(all, wanted{at, path, vips[at.Addr()]})
	}
	for _, s := range c.Services {
		for _, b := range s.Bind {
			if !s.Disabled { // HAProxy binds nothing of a frontend that is disabled when it starts
				add(b, "services."+s.Name+".bind")
			}
		}
	}
	if c.Stats != nil {
		add(c.Stats.Bind, "stats.bind")
	}
	return all
}

func addrPort(b cluster.Bind) netip.AddrPort {
	if !b.Address.IsValid() {
		return netip.AddrPortFrom(netip.IPv4Unspecified(), b.Port) // * is IPv4 to HAProxy
	}
	return netip.AddrPortFrom(b.Address, b.Port)
}

// virtual holds the VIPs: a bind to one is rendered so that it works while the other node holds the address.
func virtual(c *cluster.Cluster) map[netip.Addr]bool {
	vips := map[netip.Addr]bool{}
	for _, i := range c.VRRP.Instances {
		for _, v := range i.Addresses {
			vips[v.Address.Addr()] = true
		}
	}
	return vips
}

// Bind tries bind(2) and takes it back at once. With SO_REUSEPORT, and without listen(2), a port that HAProxy itself
// holds is fine and takes no connection away from it, while a stranger's is EADDRINUSE.
func Bind(at netip.AddrPort, nonLocal bool) error {
	family, level, freebind := unix.AF_INET, unix.IPPROTO_IP, unix.IP_FREEBIND
	var address unix.Sockaddr = &unix.SockaddrInet4{Port: int(at.Port())}
	if at.Addr().Is4() {
		address.(*unix.SockaddrInet4).Addr = at.Addr().As4()
	} else {
		family, level, freebind = unix.AF_INET6, unix.IPPROTO_IPV6, unix.IPV6_FREEBIND
		address = &unix.SockaddrInet6{Port: int(at.Port()), Addr: at.Addr().As16()}
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	options := [][2]int{{unix.SOL_SOCKET, unix.SO_REUSEADDR}, {unix.SOL_SOCKET, unix.SO_REUSEPORT}}
	if nonLocal {
		options = append(options, [2]int{level, freebind})
	}
	for _, o := range options {
		if err := unix.SetsockoptInt(fd, o[0], o[1], 1); err != nil {
			return err
		}
	}
	return unix.Bind(fd, address)
}
