package ruleset

import (
	"net/netip"
	"os"
	"testing"
)

// What firewalld 1.3.3 makes of its default zone, before and after lbsup host apply.
func TestFirewalld(t *testing.T) {
	advert := Packet{Interface: "enc1", Protocol: 112, Destination: netip.MustParseAddr("224.0.0.18")}
	port := func(number int) Packet { return Packet{Interface: "enc6", Protocol: 6, Port: number} }
	for _, row := range []struct {
		name, file string
		packet     Packet
		want       Decision
	}{
		{"adverts before", "closed", advert, Dropped},
		{"a port before", "closed", port(22623), Dropped},
		{"its own service before", "closed", port(22), Accepted},
		{"adverts after", "open", advert, Accepted},
		{"a port after", "open", port(22623), Accepted},
		{"another port after", "open", port(3306), Dropped},
	} {
		t.Run(row.name, func(t *testing.T) {
			data, err := os.ReadFile("testdata/firewalld-" + row.file + ".json")
			if err != nil {
				t.Fatal(err)
			}
			r, err := Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Judge(row.packet); got.Decision != row.want {
				t.Errorf("got %+v, want %d", got, row.want)
			}
		})
	}
}
