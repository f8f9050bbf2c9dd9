package host

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Service is a firewalld service with the interfaces whose zones need it.
type Service struct {
	Name       string       `json:"name"`
	Interfaces []string     `json:"interfaces"`     // none: the default zone
	From       []netip.Addr `json:"from,omitempty"` // whom it is for; none: everybody
	Text       string       `json:"text"`           // firewalld.service(5)
}

// The names of the services. Files of these names in /etc/firewalld/services win over a package's own.
const (
	PortsService   = "lbsup"
	AdvertsService = "lbsup-vrrp"
	StatusService  = "lbsup-status"
	PeersService   = "lbsup-peers"
)

// Firewalld are the services that a node needs, with exactly its ports.
func (n Needs) Firewalld() (out []Service) {
	if ports := open(n.Ports); len(ports) > 0 {
		out = append(out, n.portsService(PortsService, "Load balancer of ", "The ports on which HAProxy serves the clients of this cluster.", ports))
	}
	if len(n.Adverts) > 0 {
		out = append(out, n.advertsService())
	}
	for _, p := range open(n.Own) {
		if len(p.From) > 0 {
			s := n.portsService(PeersService, "Nodes of ", "The port on which the nodes tell each other how they are.", []Port{p})
			s.From = p.From
			out = append(out, s)
			continue
		}
		out = append(out, n.portsService(StatusService, "Status of ", "The port of lbsup's metrics and status page.", []Port{p}))
	}
	return out
}

func (n Needs) portsService(name, short, description string, ports []Port) Service {
	s := Service{Name: name}
	var lines []string
	for _, p := range ports {
		s.Interfaces = append(s.Interfaces, p.Interfaces...)
		lines = append(lines, fmt.Sprintf(`  <port protocol="tcp" port="%d"/>`, p.Number))
	}
	s.Interfaces = sorted(s.Interfaces)
	s.Text = service(short+n.Cluster, description, slices.Compact(lines))
	return s
}

// RichRules are what lets in those that a service is for, in the language of firewalld.richlanguage(5) and as firewalld lists it.
func (s Service) RichRules() (out []string) {
	for _, a := range s.From {
		family := map[bool]string{false: "ipv4", true: "ipv6"}[a.Is6()]
		out = append(out, fmt.Sprintf(`rule family="%s" source address="%s" service name="%s" accept`, family, a, s.Name))
	}
	return out
}

// advertsService lets multicast adverts in by their group. Unicast ones have this host for their destination: the protocol alone tells them. A
// service has one list of destinations, so that one with both protocols is still narrow.
func (n Needs) advertsService() Service {
	s := Service{Name: AdvertsService}
	var protocols, destinations []string
	for _, a := range n.Adverts {
		s.Interfaces = append(s.Interfaces, a.Interface)
		protocols = append(protocols, `  <protocol value="`+a.protocol()+`"/>`)
		if len(a.From) == 0 {
			destinations = append(destinations, a.family()+`="`+a.group()+`"`)
		}
	}
	s.Interfaces = sorted(s.Interfaces)
	lines := sorted(protocols)
	if len(destinations) > 0 {
		lines = append(lines, `  <destination `+strings.Join(sorted(destinations), " ")+`/>`)
	}
	s.Text = service("VRRP of "+n.Cluster, "The adverts of the other nodes: without them two nodes hold a VIP at once.", lines)
	return s
}

func (a Adverts) protocol() string {
	if a.Authenticated {
		return "ah"
	}
	return "vrrp"
}

func (a Adverts) family() string {
	if a.IPv6 {
		return "ipv6"
	}
	return "ipv4"
}

// group is the multicast address of VRRP (RFC 5798, section 5.1).
func (a Adverts) group() string {
	if a.IPv6 {
		return "ff02::12"
	}
	return "224.0.0.18"
}

// Mark is in each service's file, so that what is not ours is never taken away.
const Mark = "<!-- Written by lbsup host apply, from the cluster file. -->"

func service(short, description string, lines []string) string {
	return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + Mark + "\n<service>\n  <short>" + escape(short) +
		"</short>\n  <description>" + description + "</description>\n" + strings.Join(lines, "\n") + "\n</service>\n"
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func sorted(words []string) []string {
	words = slices.Clone(words)
	slices.Sort(words)
	return slices.Compact(words)
}
