package cluster

import (
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/checks"
)

// edited is the smallest file with one thing replaced.
func edited(t *testing.T, old, replacement string) *Cluster {
	t.Helper()
	if !strings.Contains(smallest, old) {
		t.Fatalf("%q is not in the smallest file", old)
	}
	c, problems := Parse("f", []byte(strings.Replace(smallest, old, replacement, 1)))
	if len(problems) > 0 {
		t.Fatal(told(problems))
	}
	return c
}

// The smallest file shows the defaults: one node is enough, and HAProxy's death is what moves its address.
func TestDefaults(t *testing.T) {
	c := edited(t, "cluster", "cluster")
	wants(t, "version", 3, c.VRRP.Version)
	wants(t, "advert interval", 200*time.Millisecond, c.VRRP.AdvertInterval)
	wants(t, "watch", true, c.Watch)
	wants(t, "preempt", true, c.VRRP.Instances[0].Preempt)
	wants(t, "track", Track{Checks: []TrackedCheck{{"haproxy", checks.Fault, 0}}}, c.VRRP.Instances[0].Track)
	wants(t, "checks", []checks.Definition{
		defined("haproxy", checks.Probe{Kind: checks.KindHAProxy}, 200*time.Millisecond, 200*time.Millisecond, 2, 3, checks.Fault),
	}, c.Checks)
	wants(t, "mode", TCP, c.Services[0].Mode)
	wants(t, "second version", time.Second, edited(t, "vrrp:\n", "vrrp:\n  version: 2\n").VRRP.AdvertInterval)
	wants(t, "stats", &Stats{Bind: Bind{Port: 9000}, URI: "/"}, edited(t, "cluster", "stats: {bind: \"*:9000\"}\ncluster").Stats)
	wants(t, "protocols of TLS in http mode", &TLS{[]string{"/a.pem"}, "1.2", []string{"h2", "http/1.1"}},
		edited(t, "servers:", "mode: http, tls: {certificates: [/a.pem]}, servers:").Services[0].TLS)
	wants(t, "short interval of haproxy", 100*time.Millisecond,
		edited(t, "cluster", "checks: {haproxy: {interval: 100ms}}\ncluster").Checks[0].Timeout)
	wants(t, "checked certificate", true, edited(t, `:80"}`, `:80", tls: true}`).Services[0].Pools[0].Servers[0].Verify)
}

// What looks like a contradiction and is none.
func TestGoodFiles(t *testing.T) {
	const vips = "addresses: [{address: 192.0.2.10/24}]}"
	for _, row := range []struct{ name, old, replacement string }{
		{"IPv4 and IPv6 with one router ID", vips, vips + `, {name: VI_6, router_id: 51, interface: eth0, addresses: [{address: "2001:db8::10/64"}]}`},
		{"one router ID on two interfaces", vips, vips + `, {name: VI_2, router_id: 51, interface: eth1, addresses: [{address: 192.0.2.9/24}]}`},
		{"IPv4 and IPv6 on one port", `"*:80"`, `"*:80", "[::]:80"`},
		{"several addresses on one port", `"*:80"`, `"192.0.2.10:80", "192.0.2.9:80"`},
		{"one address on several ports", `"*:80"`, `"*:80", "192.0.2.10:81"`},
		{"a /32", "/24", "/32"},
		{"the first of two in a /31", "192.0.2.10/24", "192.0.2.10/31"},
		{"the second of two in a /31", "192.0.2.10/24", "192.0.2.255/31"},
		{"the largest network", "192.0.2.10/24", "10.0.0.1/8"},
		{"the longest interval", "vrrp:\n", "vrrp:\n  advert_interval: 40.95s\n"},
		{"the shortest interval", "vrrp:\n", "vrrp:\n  advert_interval: 10ms\n"},
		{"the longest interval in version 2", "vrrp:\n", "vrrp:\n  version: 2\n  advert_interval: 255s\n"},
		{"a check that may take its whole interval", "cluster", "checks: {a: {tcp: \"localhost:80\", interval: 1s, timeout: 1s}}\ncluster"},
		{"a VIP outside of the nodes' network", "192.0.2.10/24", "10.131.0.1/14"},
		{"track the interface of a VIP", "addresses: [{address: 192.0.2.10/24}]", "addresses: [{address: 192.0.2.10/24, interface: eth1}], track: {interfaces: [eth1]}"},
		{"track nothing", "addresses:", "track: {checks: {}}, addresses:"},
		{"an HTTP check in tcp mode", "servers:", "check: {http: {path: /up}}, servers:"},
		{"TLS in tcp mode", "servers:", "tls: {certificates: [/a.pem]}, servers:"},
		{"no checks of servers", "servers:", "check: false, servers:"},
		{"hand-written files", `services: [{name: web, bind: ["*:80"], servers: [{name: web1, address: "192.0.2.21:80"}]}]`,
			"haproxy: {files: [/etc/haproxy/mine.cfg]}\nchecks: {b: {backend: mine}}"},
		{"a check of a service", "cluster", "checks: {b: {backend: web}}\ncluster"},
		{"checks called like the keys of others", "cluster", `checks: {web: {any: [web.http, web.tcp]}, web.http: {http: {url: "http://localhost/"}}, web.tcp: {tcp: "localhost:80"}, ` +
			`web.interval: {tcp: "localhost:81"}, haproxy.http: {tcp: "localhost:82"}}` + "\ncluster"},
		{"a raw comment", "servers:", `raw: ["# a comment", "http-request deny if { path /x }"], servers:`},
		{"windows line ends", "cluster: web\n", "cluster: web\r\n"},
		{"a byte order mark", "cluster: web\n", "\ufeffcluster: web\n"},
		{"a start and an end of the document", "cluster: web\n", "---\ncluster: web\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			promises(t, edited(t, row.old, row.replacement))
		})
	}
}

func TestTrackKeepsExactlyWhatIsWritten(t *testing.T) {
	c, problems := Parse("f", clusterFiles(t)["ocp-upi.yaml"])
	if len(problems) > 0 {
		t.Fatal(told(problems))
	}
	wants(t, "API", []TrackedCheck{{"haproxy", checks.Fault, 0}, {"api-through-lb", checks.Lower, 20}, {"api-anywhere", checks.Lower, 5}},
		c.VRRP.Instances[0].Track.Checks)
	wants(t, "INGRESS", []TrackedCheck{{"ingress", checks.Lower, 50}}, c.VRRP.Instances[1].Track.Checks)
	wants(t, "prefer", []string{"master-1", "master-2", "master-0"}, c.VRRP.Instances[1].Prefer)
}
