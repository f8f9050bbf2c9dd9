package wire

import (
	"encoding/binary"
	"net"
	"net/netip"
)

const (
	protocolICMPv6 = 58
	solicitation   = 135
	advertisement  = 136
)

// solicitedNode is the hardware address of the group that the owner of an address listens to: ff02::1:ffnn:nnnn (RFC 4291, section 2.7.1).
func solicitedNode(address netip.Addr) [6]byte {
	a := address.As16()
	return [6]byte{0x33, 0x33, 0xff, a[13], a[14], a[15]}
}

// neighborQuestion is a neighbor solicitation from no address, as for duplicate address detection. It carries no hardware address then (RFC 4861,
// section 4.3).
func neighborQuestion(_ net.HardwareAddr, address netip.Addr) []byte {
	target := address.As16()
	to := [16]byte{0xff, 2, 11: 1, 12: 0xff, 13: target[13], 14: target[14], 15: target[15]}
	message := append([]byte{solicitation, 0, 0, 0, 0, 0, 0, 0}, target[:]...)
	packet := make([]byte, headerIPv6, headerIPv6+len(message))
	packet[0], packet[6], packet[7] = 0x60, protocolICMPv6, 255
	binary.BigEndian.PutUint16(packet[4:], uint16(len(message)))
	copy(packet[24:], to[:])
	binary.BigEndian.PutUint16(message[2:], checksum(packet[8:40], message))
	return append(packet, message...)
}

// allNodes is the hardware address of ff02::1.
var allNodes = [6]byte{0x33, 0x33, 0, 0, 0, 1}

// neighborAnnouncement is an unsolicited neighbor advertisement that overrides what the neighbours know (RFC 4861, section 7.2.6).
func neighborAnnouncement(from net.HardwareAddr, address netip.Addr) []byte {
	const override, targetHardware = 0x20, 2
	own, to := address.As16(), [16]byte{0xff, 2, 15: 1}
	message := append([]byte{advertisement, 0, 0, 0, override, 0, 0, 0}, own[:]...)
	message = append(append(message, targetHardware, 1), from...)
	packet := make([]byte, headerIPv6, headerIPv6+len(message))
	packet[0], packet[6], packet[7] = 0x60, protocolICMPv6, 255
	binary.BigEndian.PutUint16(packet[4:], uint16(len(message)))
	copy(packet[8:], own[:])
	copy(packet[24:], to[:])
	binary.BigEndian.PutUint16(message[2:], checksum(packet[8:40], message))
	return append(packet, message...)
}

// checksum is ICMPv6's, over both addresses, the length, the protocol and the message (RFC 8200, section 8.1).
func checksum(addresses, message []byte) uint16 {
	sum := uint32(len(message)) + protocolICMPv6
	for _, part := range [][]byte{addresses, message} {
		for i := 0; i+1 < len(part); i += 2 {
			sum += uint32(binary.BigEndian.Uint16(part[i:]))
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// neighborClaim is the address that a neighbor advertisement is for.
func neighborClaim(packet []byte) (netip.Addr, bool) {
	_, _, protocol, message, ok := network(packet)
	if !ok || packet[0]>>4 != 6 || protocol != protocolICMPv6 || len(message) < 24 || message[0] != advertisement {
		return netip.Addr{}, false
	}
	return netip.AddrFrom16([16]byte(message[8:24])), true
}
