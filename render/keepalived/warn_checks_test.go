package keepalived

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

func probing(name string, p checks.Probe) checks.Definition {
	return checks.Definition{Name: name, Probe: p, Interval: time.Second, Timeout: 900 * ms, Rise: 2, Fall: 2, HolderFall: 2}
}

// TestSharedChecks tells what every node sees alike from what tells the nodes apart.
func TestSharedChecks(t *testing.T) {
	http := func(url string) checks.Probe { return checks.Probe{Kind: checks.KindHTTP, HTTP: checks.HTTP{URL: url}} }
	tcp := func(address string) checks.Probe { return checks.Probe{Kind: checks.KindTCP, TCP: address} }
	parts := []checks.Definition{probing("near", tcp("localhost:80")), probing("far", tcp("db.example.net:5432"))}
	of := func(kind checks.Kind, names ...string) checks.Probe { return checks.Probe{Kind: kind, Of: names} }
	for _, row := range []struct {
		name  string
		probe checks.Probe
		want  string
	}{
		{"localhost", http("http://localhost:8080/up"), ""},
		{"127.0.0.1", tcp("127.0.0.1:80"), ""},
		{"::1", http("https://[::1]/up"), ""},
		{"another host", http("https://db.example.net/up"), "db.example.net"},
		{"another address", tcp("192.0.2.9:80"), "192.0.2.9:80"},
		{"an IPv6 address", tcp("[2001:db8::9]:80"), "[2001:db8::9]:80"},
		{"servers", checks.Probe{Kind: checks.KindBackend, Backend: "web/app"}, "the servers of web/app"},
		{"a program", checks.Probe{Kind: checks.KindExec, Exec: []string{"/bin/true"}}, ""},
		{"an interface", checks.Probe{Kind: checks.KindInterface, Interface: "eth1"}, ""},
		{"all of one shared and one own", of(checks.KindAll, "near", "far"), "db.example.net:5432"},
		{"any of one shared and one own", of(checks.KindAny, "near", "far"), ""},
		{"any of shared ones", of(checks.KindAny, "far"), "db.example.net:5432"},
		{"all of its own", of(checks.KindAll, "near"), ""},
	} {
		for _, kind := range []struct {
			what   string
			effect checks.Effect
			hold   bool
			text   string
		}{
			{"fault", checks.Fault, false, "when it fails every node is in FAULT, and nobody has the VIPs => write lower, or hold: true"},
			{"fault and hold", checks.Fault, true, "it fails on all of them at once and tells nothing about one => write lower"},
			{"lower", checks.Lower, false, ""},
		} {
			t.Run(row.name+", "+kind.what, func(t *testing.T) {
				c := rated(cluster.TrackedCheck{Check: "c", Effect: kind.effect})
				c.Checks = append(c.Checks, append(parts, probing("c", row.probe))...)
				c.VRRP.Instances[0].Hold = kind.hold
				var want, got []string
				if row.want != "" && kind.text != "" {
					want = []string{"vrrp.instances.VI.track.checks.c: the check looks at " + row.want + ", the same from every node: " + kind.text}
				}
				for _, w := range Warnings(c) {
					got = append(got, w.Where+": "+w.Text+" => "+w.Hint)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("warnings (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestSlowChecks(t *testing.T) {
	slow := func(kind checks.Kind) checks.Definition { return defined("c", kind, 5*time.Second, 4500*ms, 2) }
	tracked := cluster.TrackedCheck{Check: "c", Effect: checks.Lower}
	any := checks.Definition{Name: "any", Probe: checks.Probe{Kind: checks.KindAny, Of: []string{"c"}}, HolderFall: 1, Fall: 1}
	for _, row := range []struct {
		name    string
		tracked cluster.TrackedCheck
		check   checks.Definition
		want    []Warning
	}{
		{"slow", tracked, slow(checks.KindTCP), []Warning{{"checks.c", "it takes up to 14.5s to notice", "a shorter interval or fewer looks"}}},
		{"a slow program", tracked, slow(checks.KindExec), []Warning{{"checks.c", "it takes up to 14.5s to notice",
			"a program costs a process at each look: an http, tcp or backend check can look more often"}}},
		{"a part of what is tracked", cluster.TrackedCheck{Check: "any", Effect: checks.Lower}, slow(checks.KindTCP),
			[]Warning{{"checks.c", "it takes up to 14.5s to notice", "a shorter interval or fewer looks"}}},
		{"slow and not tracked", cluster.TrackedCheck{Check: "c", Effect: checks.Report}, slow(checks.KindTCP), nil},
		{"quick", tracked, defined("c", checks.KindTCP, time.Second, 900*ms, 2), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := rated(row.tracked)
			c.Checks = append(c.Checks, row.check, any)
			if diff := cmp.Diff(row.want, Warnings(c)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}
