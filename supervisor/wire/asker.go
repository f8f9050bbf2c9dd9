package wire

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"
)

// asker asks on one link who has addresses of one family, and hears all who say that they have one. It asks as one who has no address yet (RFC 5227,
// section 2.1.1; RFC 4862, section 5.4.2), so nobody learns anything wrong.
type asker struct {
	*socket
	iface *net.Interface
	ipv6  bool
	own   []string // this host's hardware addresses
}

func openAsker(link string, ipv6 bool) (*asker, error) {
	protocol, filter := uint16(unix.ETH_P_ARP), []unix.SockFilter(nil)
	if ipv6 {
		protocol, filter = unix.ETH_P_IPV6, advertisements
	}
	s, err := openPacket(link, protocol, filter)
	if err != nil {
		return nil, err
	}
	iface, err := net.InterfaceByName(link)
	if err != nil || len(iface.HardwareAddr) != 6 {
		s.close()
		return nil, fmt.Errorf("cannot ask on %q who has an address: it is no Ethernet", link)
	}
	return &asker{socket: s, iface: iface, ipv6: ipv6, own: ownHardware()}, nil
}

// ask asks once.
func (a *asker) ask(address netip.Addr) error {
	protocol, question, to := uint16(unix.ETH_P_ARP), arpQuestion, broadcast
	if a.ipv6 {
		protocol, question, to = unix.ETH_P_IPV6, neighborQuestion, solicitedNode(address)
	}
	ll := &unix.SockaddrLinklayer{Protocol: bigEndian(protocol), Ifindex: a.iface.Index, Halen: 6}
	copy(ll.Addr[:], to[:])
	packet := question(a.iface.HardwareAddr, address)
	if err := a.control(func(fd int) error { return unix.Sendto(fd, packet, 0, ll) }); err != nil {
		return fmt.Errorf("cannot ask on %q who has an address: %w", a.link, err)
	}
	return nil
}

// announce tells the neighbours that this host has an address, if it has.
func (a *asker) announce(address netip.Addr) error {
	if !a.has(address) {
		return nil
	}
	protocol, packet, to := uint16(unix.ETH_P_ARP), arpAnnouncement, broadcast
	if a.ipv6 {
		protocol, packet, to = unix.ETH_P_IPV6, neighborAnnouncement, allNodes
	}
	ll := &unix.SockaddrLinklayer{Protocol: bigEndian(protocol), Ifindex: a.iface.Index, Halen: 6}
	copy(ll.Addr[:], to[:])
	data := packet(a.iface.HardwareAddr, address)
	if err := a.control(func(fd int) error { return unix.Sendto(fd, data, 0, ll) }); err != nil {
		return fmt.Errorf("cannot announce %s on %q: %w", address, a.link, err)
	}
	return nil
}

func (a *asker) has(address netip.Addr) bool {
	all, err := a.iface.Addrs()
	return err == nil && slices.ContainsFunc(all, func(one net.Addr) bool {
		prefix, err := netip.ParsePrefix(one.String())
		return err == nil && prefix.Addr() == address
	})
}

// hear calls emit with each claim of another host until ctx ends.
func (a *asker) hear(ctx context.Context, emit func(Claim)) error {
	claimed := arpClaim
	if a.ipv6 {
		claimed = neighborClaim
	}
	return a.each(ctx, func(packet []byte, from unix.Sockaddr) {
		ll, ok := from.(*unix.SockaddrLinklayer)
		if !ok {
			return
		}
		if address, ok := claimed(packet); ok && !slices.Contains(a.own, hardware(ll)) {
			emit(Claim{Link: a.link, Address: address, Hardware: hardware(ll)})
		}
	})
}

// advertisements lets ICMPv6 of type 136 pass, so that other traffic of IPv6 costs nothing.
var advertisements = []unix.SockFilter{
	{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 6},
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: protocolICMPv6, Jf: 3},
	{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: headerIPv6},
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: advertisement, Jf: 1},
	{Code: unix.BPF_RET | unix.BPF_K, K: 0xffff},
	{Code: unix.BPF_RET | unix.BPF_K, K: 0},
}
