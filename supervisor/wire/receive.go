package wire

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// Group are the multicast addresses of VRRP (RFC 5798, section 5.1).
var (
	GroupIPv4 = netip.AddrFrom4([4]byte{224, 0, 0, 18})
	GroupIPv6 = netip.MustParseAddr("ff02::12")
)

// Receive calls emit with every advert that comes in on a link and that the firewall lets through to a program: what keepalived itself can hear.
// What Listen hears on its way in and Receive does not, the firewall has dropped. Adverts in an authentication header are asked for apart.
func Receive(ctx context.Context, link string, ipv6, authenticated bool, emit func(Heard)) error {
	s, err := openReceiver(link, ipv6, authenticated)
	if err != nil {
		return err
	}
	defer s.close()
	return s.each(ctx, func(packet []byte, from unix.Sockaddr) {
		advert, err := received(packet, from)
		if err != nil {
			return
		}
		emit(Heard{Advert: advert, Interface: link, At: time.Now()})
	})
}

// received reads what a raw socket gives: of IPv4 the whole packet, of IPv6 what is behind the header (ipv6(7)).
func received(packet []byte, from unix.Sockaddr) (Advert, error) {
	if sender, ok := from.(*unix.SockaddrInet6); ok {
		advert, err := parseMessage(packet, true)
		advert.Source = netip.AddrFrom16(sender.Addr)
		return advert, err
	}
	return ParseAdvert(packet)
}

func openReceiver(link string, ipv6, authenticated bool) (*socket, error) {
	iface, err := net.InterfaceByName(link)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %q: there is no such link", link)
	}
	family, protocol := unix.AF_INET, protocolVRRP
	if ipv6 {
		family = unix.AF_INET6
	}
	if authenticated {
		protocol = protocolAH
	}
	s, err := newSocket(link, family, unix.SOCK_RAW, protocol)
	if err != nil {
		return nil, err
	}
	if err := s.control(func(fd int) error { return join(fd, iface, ipv6) }); err != nil {
		s.close()
		return nil, fmt.Errorf("cannot listen on %q: %w", link, err)
	}
	return s, nil
}

// join makes the host a member of VRRP's group on this link for as long as the socket is open, so that a keepalived that is down is not taken for
// a firewall.
func join(fd int, iface *net.Interface, ipv6 bool) error {
	if err := unix.BindToDevice(fd, iface.Name); err != nil {
		return err
	}
	if ipv6 {
		return unix.SetsockoptIPv6Mreq(fd, unix.IPPROTO_IPV6, unix.IPV6_JOIN_GROUP, &unix.IPv6Mreq{Multiaddr: GroupIPv6.As16(), Interface: uint32(iface.Index)})
	}
	return unix.SetsockoptIPMreqn(fd, unix.IPPROTO_IP, unix.IP_ADD_MEMBERSHIP, &unix.IPMreqn{Multiaddr: GroupIPv4.As4(), Ifindex: int32(iface.Index)})
}
