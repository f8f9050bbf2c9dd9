package wire

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// again is how long to wait before asking once more: RFC 5227, section 1.1, has hosts answer within a second, and questions may be lost.
const again = 300 * time.Millisecond

// Claimants asks on a link who has an address, until ctx ends, and returns the hardware addresses of all who said that they have it, other than
// this host's own. It asks as one who has no address yet (RFC 5227, section 2.1.1; RFC 4862, section 5.4.2), so nobody learns anything wrong.
func Claimants(ctx context.Context, link string, address netip.Addr) ([]string, error) {
	protocol, question, to, claims := uint16(unix.ETH_P_ARP), arpQuestion, broadcast, arpClaims
	if address.Is6() {
		protocol, question, to, claims = unix.ETH_P_IPV6, neighborQuestion, solicitedNode(address), neighborClaims
	}
	s, err := openPacket(link, protocol, nil)
	if err != nil {
		return nil, err
	}
	defer s.close()
	iface, err := net.InterfaceByName(link)
	if err != nil || len(iface.HardwareAddr) != 6 {
		return nil, fmt.Errorf("cannot ask on %q who has an address: it is no Ethernet", link)
	}
	asked := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { asked <- s.ask(ctx, cancel, iface, question(iface.HardwareAddr, address), to, protocol) }()
	own := ownHardware()
	var found []string
	err = s.each(ctx, func(packet []byte, from unix.Sockaddr) {
		ll, ok := from.(*unix.SockaddrLinklayer)
		if !ok || !claims(packet, address) {
			return
		}
		if mac := hardware(ll); !slices.Contains(own, mac) && !slices.Contains(found, mac) {
			found = append(found, mac)
		}
	})
	cancel()
	if askErr := <-asked; err == nil {
		err = askErr
	}
	slices.Sort(found)
	return found, err
}

var broadcast = [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// ask repeats a question until ctx ends. Without any there is nothing to wait for.
func (s *socket) ask(ctx context.Context, cancel func(), iface *net.Interface, question []byte, to [6]byte, protocol uint16) error {
	ll := &unix.SockaddrLinklayer{Protocol: bigEndian(protocol), Ifindex: iface.Index, Halen: 6}
	copy(ll.Addr[:], to[:])
	ticker := time.NewTicker(again)
	defer ticker.Stop()
	for {
		if err := s.control(func(fd int) error { return unix.Sendto(fd, question, 0, ll) }); err != nil {
			cancel()
			return fmt.Errorf("cannot ask on %q who has an address: %w", s.link, err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

func ownHardware() (out []string) {
	all, err := net.Interfaces()
	if err != nil {
		return nil
	}
	for _, one := range all {
		out = append(out, one.HardwareAddr.String())
	}
	return out
}

const arpRequest, arpReply = 1, 2

// arpQuestion is an ARP probe: a request whose sender has no address.
func arpQuestion(from net.HardwareAddr, address netip.Addr) []byte {
	target := address.As4()
	q := []byte{0, 1, 8, 0, 6, 4, 0, arpRequest}
	q = append(q, from...)
	q = append(q, make([]byte, 4+6)...)
	return append(q, target[:]...)
}

// arpClaims says whether the sender of an ARP packet has the address for its own: an answer, or an announcement.
func arpClaims(packet []byte, address netip.Addr) bool {
	if len(packet) < 28 || !address.Is4() || !bytes.Equal(packet[:6], []byte{0, 1, 8, 0, 6, 4}) {
		return false
	}
	op := binary.BigEndian.Uint16(packet[6:])
	return (op == arpRequest || op == arpReply) && [4]byte(packet[14:18]) == address.As4()
}
