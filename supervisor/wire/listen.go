package wire

import (
	"context"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// Heard is an advert with what the link tells about it.
type Heard struct {
	Advert
	Interface string
	Hardware  string // the sender's address on the link; empty where the link has none
	Sent      bool   // this host sent it
	At        time.Time
}

// Listen calls emit with every advert that passes a link, in either direction, until ctx ends. It hears also what the firewall drops on its
// way in. What the firewall drops on its way out never reaches the link.
func Listen(ctx context.Context, link string, emit func(Heard)) error {
	s, err := openPacket(link, unix.ETH_P_ALL, adverts)
	if err != nil {
		return err
	}
	defer s.close()
	return s.each(ctx, func(packet []byte, from unix.Sockaddr) {
		advert, err := ParseAdvert(packet)
		if err != nil {
			return // what is no advert has nobody to be told
		}
		h := Heard{Advert: advert, Interface: link, At: time.Now()}
		if ll, ok := from.(*unix.SockaddrLinklayer); ok {
			h.Sent = ll.Pkttype == unix.PACKET_OUTGOING
			h.Hardware = hardware(ll)
		}
		emit(h)
	})
}

func hardware(ll *unix.SockaddrLinklayer) string {
	if n := int(ll.Halen); n > 0 && n <= len(ll.Addr) {
		return net.HardwareAddr(ll.Addr[:n]).String()
	}
	return ""
}

// adverts lets protocols 112 and 51 of IPv4 and IPv6 pass, so that a busy link costs nothing: see BPF in packet(7).
var adverts = []unix.SockFilter{
	{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 0},
	{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0xf0},
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: 0x40, Jt: 2},
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: 0x60, Jt: 3},
	{Code: unix.BPF_RET | unix.BPF_K, K: 0},
	{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 9},
	{Code: unix.BPF_JMP | unix.BPF_JA, K: 1},
	{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 6},
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: protocolVRRP, Jt: 2},
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: protocolAH, Jt: 1},
	{Code: unix.BPF_RET | unix.BPF_K, K: 0},
	{Code: unix.BPF_RET | unix.BPF_K, K: 0xffff},
}
