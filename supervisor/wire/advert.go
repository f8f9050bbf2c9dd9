package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// Advert is one VRRP advertisement.
type Advert struct {
	Version       int
	RouterID      int
	Priority      int // 0: its sender lets go
	Interval      time.Duration
	Source        netip.Addr
	Destination   netip.Addr
	Addresses     []netip.Addr // that its sender claims
	Authenticated bool         // it came inside an authentication header (auth type ah)
}

// IPv6 says in which of the two families the advert's instance lives: IDs of one do not meet those of the other.
func (a Advert) IPv6() bool { return a.Source.Is6() }

const (
	protocolVRRP = 112
	protocolAH   = 51

	headerIPv6    = 40
	headerMessage = 8
)

var errNone = errors.New("cannot read an advert: this is another protocol")

// ParseAdvert reads an IP packet that carries an advert. The checksum is left alone: what came so far has passed the network card's.
func ParseAdvert(packet []byte) (Advert, error) {
	source, destination, protocol, payload, ok := network(packet)
	if !ok {
		return Advert{}, fmt.Errorf("cannot read an advert: got %d bytes that are no IP packet", len(packet))
	}
	authenticated := protocol == protocolAH
	if authenticated {
		if protocol, payload, ok = insideAH(payload); !ok {
			return Advert{}, errors.New("cannot read an advert: its authentication header is cut off")
		}
	}
	if protocol != protocolVRRP {
		return Advert{}, errNone
	}
	advert, err := parseMessage(payload, source.Is6())
	advert.Source, advert.Destination, advert.Authenticated = source, destination, authenticated
	return advert, err
}

// network takes the IP header off. A later fragment has no VRRP header; adverts are never that long.
func network(packet []byte) (source, destination netip.Addr, protocol byte, payload []byte, ok bool) {
	switch {
	case len(packet) >= 20 && packet[0]>>4 == 4:
		header, total := int(packet[0]&0xf)*4, int(binary.BigEndian.Uint16(packet[2:]))
		if header < 20 || total < header || total > len(packet) || binary.BigEndian.Uint16(packet[6:])&0x1fff != 0 {
			return source, destination, 0, nil, false
		}
		return netip.AddrFrom4([4]byte(packet[12:16])), netip.AddrFrom4([4]byte(packet[16:20])), packet[9], packet[header:total], true
	case len(packet) >= headerIPv6 && packet[0]>>4 == 6:
		total := headerIPv6 + int(binary.BigEndian.Uint16(packet[4:]))
		if total > len(packet) {
			return source, destination, 0, nil, false
		}
		return netip.AddrFrom16([16]byte(packet[8:24])), netip.AddrFrom16([16]byte(packet[24:40])), packet[6], packet[headerIPv6:total], true
	}
	return source, destination, 0, nil, false
}

// insideAH takes an authentication header off: its length is in 32-bit words, less two (RFC 4302, section 2.2).
func insideAH(payload []byte) (protocol byte, inner []byte, ok bool) {
	if len(payload) < 2 {
		return 0, nil, false
	}
	length := (int(payload[1]) + 2) * 4
	if length > len(payload) {
		return 0, nil, false
	}
	return payload[0], payload[length:], true
}

// parseMessage reads RFC 3768, section 5.1 (version 2) and RFC 5798, section 5.1 (version 3): they differ in the fifth and sixth byte.
func parseMessage(data []byte, ipv6 bool) (Advert, error) {
	if len(data) < headerMessage {
		return Advert{}, fmt.Errorf("cannot read an advert: got %d bytes, want %d or more", len(data), headerMessage)
	}
	out := Advert{Version: int(data[0] >> 4), RouterID: int(data[1]), Priority: int(data[2])}
	if kind := data[0] & 0xf; kind != 1 {
		return Advert{}, fmt.Errorf("cannot read an advert: got VRRP type %d, want 1", kind)
	}
	switch out.Version {
	case 2:
		out.Interval = time.Duration(data[5]) * time.Second
	case 3:
		out.Interval = time.Duration(binary.BigEndian.Uint16(data[4:])&0xfff) * 10 * time.Millisecond
	default:
		return Advert{}, fmt.Errorf("cannot read an advert: got VRRP version %d, want 2 or 3", out.Version)
	}
	size := 4
	if ipv6 {
		size = 16
	}
	count, rest := int(data[3]), data[headerMessage:]
	if len(rest) < count*size {
		return Advert{}, fmt.Errorf("cannot read an advert: got %d bytes of addresses, want %d", len(rest), count*size)
	}
	for i := range count {
		address, _ := netip.AddrFromSlice(rest[i*size : (i+1)*size])
		out.Addresses = append(out.Addresses, address)
	}
	return out, nil
}
