package ruleset

import (
	"net/netip"
	"os"
	"testing"
)

// The rules are those of a keepalived 2.2.7 with vrrp_strict and VIPs of both families.
func TestTablesOfAName(t *testing.T) {
	data, err := os.ReadFile("testdata/vrrp-strict.json")
	if err != nil {
		t.Fatal(err)
	}
	all, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, to           string
		all, only, without Decision
	}{
		{"a VIP", "172.18.100.100", Dropped, Dropped, Accepted},
		{"a VIP of IPv6", "2001:db8::5", Dropped, Dropped, Accepted},
		{"a VIP of one link", "fe80::1:1", Unknown, Unknown, Accepted},
		{"another address", "172.18.0.1", Accepted, Accepted, Accepted},
		{"another one of IPv6", "2001:db8::6", Accepted, Accepted, Accepted},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := netip.MustParseAddr(row.to)
			packet := Packet{Interface: "d0", Destination: a, IPv6: a.Is6(), Protocol: 6, Port: 80}
			for _, one := range []struct {
				name string
				of   Ruleset
				want Decision
			}{{"all", all, row.all}, {"only keepalived's", all.Only("keepalived"), row.only}, {"all but keepalived's", all.Without("keepalived"), row.without}} {
				if got := one.of.Judge(packet).Decision; got != one.want {
					t.Errorf("%s: got %d, want %d", one.name, got, one.want)
				}
			}
		})
	}
	if all.Without("keepalived").Judges() || !all.Only("keepalived").Judges() {
		t.Error("the chains of one table are judged with those of another")
	}
}
