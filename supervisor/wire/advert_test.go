package wire

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const (
	ipv4Head   = "45c00020 00010000 ff700000 c0a80001 e0000012 " // 32 bytes in all: one address, no authentication data
	version3   = ipv4Head + "3133fd01 00140000 c0a8000a"
	version2   = "45c00028 00010000 ff700000 c0a80001 e0000012 " + "21339601 01010000 c0a8000a 7333616d65000000"
	ipv6Advert = "60000000 00187 0ff fe800000000000000000000000000001 ff020000000000000000000000000012 " + // the header of IPv6
		"3107c801 00640000 fd000000000000000000000000000010"
	inAH = "45c00038 00010000 ff330000 c0a80001 e0000012 " + "70040000 00000000 00000001 000000000000000000000000 " + "2133960 1 01010000 c0a8000a"
)

func TestParseAdvert(t *testing.T) {
	address := netip.MustParseAddr
	from, group, vip := address("192.168.0.1"), address("224.0.0.18"), []netip.Addr{address("192.168.0.10")}
	for _, row := range []struct {
		name, packet string
		want         Advert
	}{
		{"version 3", version3, Advert{Version: 3, RouterID: 51, Priority: 253, Interval: 200 * time.Millisecond, Source: from, Destination: group, Addresses: vip}},
		{"version 2, with a password that is left alone", version2,
			Advert{Version: 2, RouterID: 51, Priority: 150, Interval: time.Second, Source: from, Destination: group, Addresses: vip}},
		{"IPv6", ipv6Advert, Advert{Version: 3, RouterID: 7, Priority: 200, Interval: time.Second, Source: address("fe80::1"),
			Destination: address("ff02::12"), Addresses: []netip.Addr{address("fd00::10")}}},
		{"in an authentication header", inAH,
			Advert{Version: 2, RouterID: 51, Priority: 150, Interval: time.Second, Source: from, Destination: group, Addresses: vip, Authenticated: true}},
		{"padded to the smallest frame", version3 + strings.Repeat("00", 14),
			Advert{Version: 3, RouterID: 51, Priority: 253, Interval: 200 * time.Millisecond, Source: from, Destination: group, Addresses: vip}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := ParseAdvert(unhex(t, row.packet))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got, cmpopts.EquateComparable(netip.Addr{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestParseAdvertRefuses(t *testing.T) {
	for _, row := range []struct{ name, packet, want string }{
		{"nothing", "", "cannot read an advert: got 0 bytes that are no IP packet"},
		{"IP version 5", "55c00020 00010000 ff700000 c0a80001 e0000012", "cannot read an advert: got 20 bytes that are no IP packet"},
		{"cut off", version3[:60], "cannot read an advert: got 27 bytes that are no IP packet"},
		{"a later fragment", strings.Replace(version3, "00010000", "00010001", 1), "cannot read an advert: got 32 bytes that are no IP packet"},
		{"IPv6 cut off", ipv6Advert[:100], "cannot read an advert: got 47 bytes that are no IP packet"},
		{"TCP", strings.Replace(version3, "ff70", "ff06", 1), "cannot read an advert: this is another protocol"},
		{"another VRRP type", strings.Replace(version3, "3133", "3233", 1), "cannot read an advert: got VRRP type 2, want 1"},
		{"version 4", strings.Replace(version3, "3133", "4133", 1), "cannot read an advert: got VRRP version 4, want 2 or 3"},
		{"more addresses than there are", strings.Replace(version3, "fd01", "fd02", 1), "cannot read an advert: got 4 bytes of addresses, want 8"},
		{"no room for the header", "45c0001a 00010000 ff700000 c0a80001 e0000012 3133fd010014", "cannot read an advert: got 6 bytes, want 8 or more"},
		{"an authentication header cut off", "45c0001a 00010000 ff330000 c0a80001 e0000012 700400000000", "cannot read an advert: its authentication header is cut off"},
		{"no authentication header at all", "45c00015 00010000 ff330000 c0a80001 e0000012 70", "cannot read an advert: its authentication header is cut off"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := ParseAdvert(unhex(t, row.packet))
			if err == nil || err.Error() != row.want {
				t.Errorf("got %+v, %v, want %q", got, err, row.want)
			}
		})
	}
}

func FuzzParseAdvert(f *testing.F) {
	for _, seed := range []string{version3, version2, ipv6Advert, inAH} {
		f.Add(unhex(f, seed))
	}
	f.Fuzz(func(t *testing.T, packet []byte) {
		a, err := ParseAdvert(packet)
		if err != nil {
			return
		}
		if a.Version != 2 && a.Version != 3 || a.RouterID < 0 || a.RouterID > 255 || !a.Source.IsValid() {
			t.Errorf("accepts %+v", a)
		}
		for _, one := range a.Addresses {
			if one.Is6() != a.IPv6() {
				t.Errorf("an advert of one family with %v of the other", one)
			}
		}
	})
}
