package wire

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"time"
)

// again is how long to wait before asking once more: RFC 5227, section 1.1, has hosts answer within a second, and questions may be lost.
const again = 300 * time.Millisecond

// Claimants asks on a link who has an address, until ctx ends, and returns the hardware addresses of all who said that they have it, other than
// this host's own.
func Claimants(ctx context.Context, link string, address netip.Addr) ([]string, error) {
	a, err := openAsker(link, address.Is6())
	if err != nil {
		return nil, err
	}
	defer a.close()
	asked := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { asked <- a.repeat(ctx, cancel, address) }()
	var found []string
	err = a.hear(ctx, func(c Claim) {
		if c.Address == address && !slices.Contains(found, c.Hardware) {
			found = append(found, c.Hardware)
		}
	})
	cancel()
	if askErr := <-asked; err == nil {
		err = askErr
	}
	slices.Sort(found)
	return found, err
}

// repeat asks until ctx ends. Without any question there is nothing to wait for.
func (a *asker) repeat(ctx context.Context, cancel func(), address netip.Addr) error {
	ticker := time.NewTicker(again)
	defer ticker.Stop()
	for {
		if err := a.ask(address); err != nil {
			cancel()
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

var broadcast = [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

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

// arpAnnouncement is a request for one's own address (RFC 5227, section 3), which neighbours that know another owner take over.
func arpAnnouncement(from net.HardwareAddr, address netip.Addr) []byte {
	own := address.As4()
	q := []byte{0, 1, 8, 0, 6, 4, 0, arpRequest}
	q = append(append(q, from...), own[:]...)
	return append(append(q, make([]byte, 6)...), own[:]...)
}

// arpClaim is the address that the sender of an ARP packet has for its own: in an answer, or an announcement.
func arpClaim(packet []byte) (netip.Addr, bool) {
	if len(packet) < 28 || !bytes.Equal(packet[:6], []byte{0, 1, 8, 0, 6, 4}) {
		return netip.Addr{}, false
	}
	op := binary.BigEndian.Uint16(packet[6:])
	return netip.AddrFrom4([4]byte(packet[14:18])), op == arpRequest || op == arpReply
}
