package lab

import "net/netip"

// OpenShift is the network of test/clusters/ocp-ibm-z.yaml: two KVM guests, adverts on enc1, one VIP in each of the networks of enc5 and
// enc6. The address of enc1 is a host address with a route to the peer, because the VIP on enc5 brings a /14 that contains both.
func OpenShift() Topology {
	node := func(name, enc1, peer, enc5, enc6 string) Host {
		return Host{Name: name, Ports: []Port{
			{Name: "enc1", Network: "kvm", Addresses: prefixes(enc1 + "/32"), Routes: prefixes(peer + "/32")},
			{Name: "enc5", Network: "cluster", Addresses: prefixes(enc5 + "/14")},
			{Name: "enc6", Network: "outside", Addresses: prefixes(enc6 + "/16")},
		}}
	}
	return Topology{
		Nodes: []Host{
			node("loadbalancer-1", "10.129.0.1", "10.130.0.1", "10.131.0.11", "172.18.0.11"),
			node("loadbalancer-2", "10.130.0.1", "10.129.0.1", "10.131.0.12", "172.18.0.12"),
		},
		Client: Host{Name: "client", Ports: []Port{
			{Name: "enc5", Network: "cluster", Addresses: prefixes("10.131.0.200/14")},
			{Name: "enc6", Network: "outside", Addresses: prefixes("172.18.0.200/16")},
		}},
		Backends: Host{Name: "backends", Ports: []Port{{Name: "enc6", Network: "outside", Addresses: prefixes(
			"172.18.0.53/16", "172.18.0.20/16", "172.18.0.21/16", "172.18.0.22/16", "172.18.0.23/16", "172.18.0.30/16", "172.18.0.31/16")}}},
		Nameserver: netip.MustParseAddr("172.18.0.53"),
		Servers: []Server{
			stub("bootstrap.ocp0.sa.boe", "172.18.0.20", 6443, 22623),
			stub("control0.ocp0.sa.boe", "172.18.0.21", 6443, 22623),
			stub("control1.ocp0.sa.boe", "172.18.0.22", 6443, 22623),
			stub("control2.ocp0.sa.boe", "172.18.0.23", 6443, 22623),
			stub("compute0.ocp0.sa.boe", "172.18.0.30", 80, 443),
			stub("compute1.ocp0.sa.boe", "172.18.0.31", 80, 443),
		},
	}
}

// VSphere is the network of test/clusters/ocp-vsphere.yaml: one network for everything, masters on 8443, routers on 80 and 443.
func VSphere() Topology {
	t := flat("ens192", "198.51.100.", []Host{{Name: "haproxy-1"}, {Name: "haproxy-0"}}, []string{"11", "10"})
	t.Servers = []Server{
		stub("master0", "198.51.100.20", 8443), stub("master1", "198.51.100.21", 8443),
		stub("infra0", "198.51.100.30", 80, 443), stub("infra1", "198.51.100.31", 80, 443),
	}
	return t.withServerAddresses(24)
}

// Web is the network of test/clusters/web-centos.yaml: a plain pair in front of three web servers.
func Web() Topology {
	t := flat("ens160", "192.0.2.", []Host{{Name: "lb1.example.net"}, {Name: "lb2.example.net"}}, []string{"11", "12"})
	t.Servers = []Server{stub("web1", "192.0.2.21", 80), stub("web2", "192.0.2.22", 80), stub("web3", "192.0.2.23", 80)}
	return t.withServerAddresses(24)
}

// flat puts everything into one /24: the nodes at the given last bytes, DNS at .53, the client at .200.
func flat(iface, network string, nodes []Host, last []string) Topology {
	port := func(host string) []Port {
		return []Port{{Name: iface, Network: "lan", Addresses: prefixes(network + host + "/24")}}
	}
	for i := range nodes {
		nodes[i].Ports = port(last[i])
	}
	return Topology{
		Nodes:      nodes,
		Client:     Host{Name: "client", Ports: port("200")},
		Backends:   Host{Name: "backends", Ports: port("53")},
		Nameserver: netip.MustParseAddr(network + "53"),
	}
}

func (t Topology) withServerAddresses(bits int) Topology {
	for _, server := range t.Servers {
		t.Backends.Ports[0].Addresses = append(t.Backends.Ports[0].Addresses, netip.PrefixFrom(server.Address, bits))
	}
	return t
}

func stub(name, address string, ports ...uint16) Server {
	return Server{Name: name, Address: netip.MustParseAddr(address), Ports: ports}
}

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}
