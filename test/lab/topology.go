package lab

import (
	"fmt"
	"net/netip"
)

// Topology is what Up builds: hosts that boot, and around them the namespaces of the backends and of the client.
type Topology struct {
	Nodes    []Host
	Backends Host
	Client   Host
	Servers  []Server
	// Nameserver is the address at which the backends' namespace answers DNS: one of its own.
	Nameserver netip.Addr
}

// Host is a network namespace with links to bridges; the bridges are made as the ports name them.
type Host struct {
	Name  string
	Ports []Port
}

// Port is one link of a host.
type Port struct {
	Name      string // as the host sees it, such as enc1
	Network   string // the bridge at the other end
	Addresses []netip.Prefix
	// Routes are addresses reached directly over this link though no prefix on it says so.
	Routes []netip.Prefix
}

// Server is a stub backend: a name, an address and the TCP ports on which it answers HTTP with its own name.
type Server struct {
	Name    string
	Address netip.Addr
	Ports   []uint16
}

// networks are the names of the bridges, each once, in order of appearance.
func (t Topology) networks() []string {
	seen := map[string]bool{}
	var names []string
	for _, host := range t.hosts() {
		for _, port := range host.Ports {
			if !seen[port.Network] {
				seen[port.Network] = true
				names = append(names, port.Network)
			}
		}
	}
	return names
}

// hosts are all namespaces of the topology but the switch.
func (t Topology) hosts() []Host {
	all := append([]Host{}, t.Nodes...)
	return append(all, t.Backends, t.Client)
}

// check finds what the kernel would refuse with less telling words.
func (t Topology) check() error {
	seen := map[string]bool{}
	for _, host := range t.hosts() {
		if host.Name == "" || seen[host.Name] {
			return fmt.Errorf("cannot use topology: host name %q is empty or used twice", host.Name)
		}
		seen[host.Name] = true
		for _, port := range host.Ports {
			if len(port.Name) > 15 || port.Name == "" {
				return fmt.Errorf("cannot use topology: host %q: interface name %q must have 1 to 15 characters", host.Name, port.Name)
			}
		}
	}
	if len(t.Nodes) == 0 {
		return fmt.Errorf("cannot use topology: it has no nodes")
	}
	return nil
}
