package wire

import (
	"net"
	"net/netip"
	"testing"
)

func TestARPClaims(t *testing.T) {
	ours := netip.MustParseAddr("192.0.2.10")
	for _, row := range []struct {
		name, packet string
		want         bool
	}{
		{"an answer", "0001080006040002 020000000001 c000020a 020000000002 00000000", true},
		{"an announcement", "0001080006040001 020000000001 c000020a 000000000000 c000020a", true},
		{"a probe of another", "0001080006040001 020000000001 00000000 000000000000 c000020a", false},
		{"an answer for another address", "0001080006040002 020000000001 c000020b 020000000002 00000000", false},
		{"reverse ARP", "0001080006040004 020000000001 c000020a 020000000002 00000000", false},
		{"no Ethernet", "0006080006040002 020000000001 c000020a 020000000002 00000000", false},
		{"cut off", "0001080006040002 020000000001 c000020a", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if claimed, ok := arpClaim(unhex(t, row.packet)); (ok && claimed == ours) != row.want {
				t.Errorf("got %v %v, want %v", claimed, ok, row.want)
			}
		})
	}
}

func TestNeighborClaims(t *testing.T) {
	ours := netip.MustParseAddr("fd00::10")
	const header = "60000000 00203aff fe800000000000000000000000000001 ff020000000000000000000000000001 "
	const owned = "fd000000000000000000000000000010 0201020000000001"
	for _, row := range []struct {
		name, packet string
		want         bool
	}{
		{"an advertisement", header + "88000000 20000000 " + owned, true},
		{"a solicitation", header + "87000000 00000000 " + owned, false},
		{"of another address", header + "88000000 20000000 fd000000000000000000000000000011 0201020000000001", false},
		{"cut off", header + "88000000", false},
		{"an ARP packet", "0001080006040002 020000000001 c000020a 020000000002 00000000", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if claimed, ok := neighborClaim(unhex(t, row.packet)); (ok && claimed == ours) != row.want {
				t.Errorf("got %v %v, want %v", claimed, ok, row.want)
			}
		})
	}
}

// What is asked is understood by the same rules as what is answered.
func TestQuestions(t *testing.T) {
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	t.Run("ARP", func(t *testing.T) {
		q := arpQuestion(mac, netip.MustParseAddr("192.0.2.10"))
		if want := unhex(t, "0001080006040001 020000000001 00000000 000000000000 c000020a"); string(q) != string(want) {
			t.Errorf("got %x, want %x", q, want)
		}
	})
	t.Run("neighbor", func(t *testing.T) {
		q := neighborQuestion(mac, netip.MustParseAddr("fd00::abcd:10"))
		want := unhex(t, "60000000 00183aff 00000000000000000000000000000000 ff0200000000000000000001ffcd0010"+
			"8700 0000 00000000 fd0000000000000000000000abcd0010")
		copy(want[42:44], q[42:44])
		if string(q) != string(want) {
			t.Errorf("got %x, want %x", q, want)
		}
		// A message with its checksum in place sums up to nothing.
		if sum := checksum(q[8:40], q[40:]); sum != 0 {
			t.Errorf("the checksum is off by %x", sum)
		}
		if mac := solicitedNode(netip.MustParseAddr("fd00::abcd:10")); mac != [6]byte{0x33, 0x33, 0xff, 0xcd, 0x00, 0x10} {
			t.Errorf("asks %x", mac)
		}
	})
}

func FuzzClaims(f *testing.F) {
	f.Add(unhex(f, "0001080006040002 020000000001 c000020a 020000000002 00000000"))
	f.Add(unhex(f, "60000000 00203aff fe800000000000000000000000000001 ff020000000000000000000000000001 88000000 20000000 fd000000000000000000000000000010 0201020000000001"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		four, arp := arpClaim(packet)
		six, neighbor := neighborClaim(packet)
		if arp && !four.Is4() || neighbor && !six.Is6() {
			t.Error("a claim for an address of the other family")
		}
		if arp && neighbor {
			t.Error("a packet of two protocols")
		}
	})
}
