package pair

import (
	"net/netip"

	"github.com/lbsup/lbsup/test/lab"
)

// system is one cluster file with the network that it is written for.
type system struct {
	topology lab.Topology
	file     string            // below test/clusters
	secrets  map[string]string // path → text
	vips     []netip.Addr
	url      string // a service behind a VIP
}

func openShift() system {
	return system{
		topology: lab.OpenShift(),
		file:     "ocp-ibm-z.yaml",
		secrets:  map[string]string{"/etc/lbsup/stats.password": "not-a-secret\n"},
		vips:     addresses("172.18.100.100", "10.131.0.1"),
		url:      "http://172.18.100.100:6443/",
	}
}

func vSphere() system {
	return system{
		topology: lab.VSphere(),
		file:     "ocp-vsphere.yaml",
		secrets:  map[string]string{"/etc/lbsup/vrrp.password": "s3same\n"},
		vips:     addresses("198.51.100.50"),
		url:      "http://198.51.100.50:8443/",
	}
}

func web() system {
	return system{
		topology: lab.Web(),
		file:     "web-centos.yaml",
		secrets:  map[string]string{"/etc/lbsup/vrrp.password": "s3same\n"},
		vips:     addresses("192.0.2.10"),
		url:      "http://192.0.2.10:80/",
	}
}

// hyperconverged is three nodes with unicast adverts and two VIPs of their own instances. There is no API server behind them, so the checks that
// ask it fail on all nodes alike.
func hyperconverged() system {
	host := func(name, address string) lab.Host {
		return lab.Host{Name: name, Ports: []lab.Port{{Name: "br-ex", Network: "lan", Addresses: []netip.Prefix{netip.MustParsePrefix(address + "/24")}}}}
	}
	return system{
		topology: lab.Topology{
			Nodes:    []lab.Host{host("master-0", "172.21.104.11"), host("master-1", "172.21.104.12"), host("master-2", "172.21.104.13")},
			Backends: host("backends", "172.21.104.53"),
			Client:   host("client", "172.21.104.200"),
		},
		file: "ocp-upi.yaml",
		vips: addresses("172.21.104.25", "172.21.104.26"), // API, ingress
	}
}

func addresses(texts ...string) []netip.Addr {
	all := make([]netip.Addr, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParseAddr(text)
	}
	return all
}
