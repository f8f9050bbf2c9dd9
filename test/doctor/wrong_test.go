package doctor

import (
	"strings"
	"testing"
	"time"
)

// Parts of cluster files that do not fit the host.
const (
	misplaced = `
    - {name: NOPE, router_id: 2, interface: nope0, addresses: [{address: 192.0.2.1/24}, {address: 10.131.0.78/14, interface: enc5}]}
    - {name: BARE, router_id: 3, interface: bare0, addresses: [{address: 192.0.2.2/24}]}
    - {name: SILENT, router_id: 9, interface: enc5, addresses: [{address: 10.131.0.77/14}]}
    - {name: ELSEWHERE, router_id: 1, interface: enc6, addresses: [{address: 172.18.100.100/16}]}

`
	unbindable = `  - name: unbindable
    bind: ["198.51.100.9:8081"]
    tls: {certificates: [/etc/lbsup/certs/future.pem, /etc/open.pem, /etc/lbsup/certs/soon.pem]}
    servers: [{name: compute0, address: "compute0.ocp0.sa.boe:80"}]
`
	handed  = "haproxy: {files: [/etc/haproxy/own.cfg]}\n"
	crossed = "    - {name: CROSSED, router_id: 7, interface: enc5, addresses: [{address: 10.131.0.1/14}]}\n"
)

// variants are the cluster files, by what they are for.
func (p *pair) variants() map[string]string {
	head, services, _ := strings.Cut(p.file, "stats:")
	before, _, _ := strings.Cut(head, "    - name: VI_1")
	change := func(from, to string) string { return strings.Replace(p.file, from, to, 1) }
	return map[string]string{
		"wrong":         strings.Replace(before, "address: 10.130.0.1}", "address: 10.130.0.99}", 1) + misplaced + "stats:" + strings.Replace(services, "peers:", unbindable+"peers:", 1),
		"interval":      change("500ms", "200ms"),
		"other":         strings.Replace(head, "172.18.100.100", "172.18.100.99", 1) + handed,
		"silent":        change("router_id: 1\n", "router_id: 9\n"),
		"crossed":       before + crossed + handed,
		"aside":         before + strings.Replace(crossed, "10.131.0.1/", "10.131.0.77/", 1) + handed,
		"unicast":       strings.Replace(change("vrrp:\n", "vrrp:\n  unicast: true\n"), "address: 10.130.0.1}", "address: 10.130.0.99}", 1),
		"authenticated": strings.Replace(change(interval, "vrrp:\n  version: 2\n  advert_interval: 1s\n"), "router_id: 1\n", "router_id: 1\n      auth: {type: pass, password_file: /etc/lbsup/stats.password}\n", 1),
	}
}

// files are cluster files that do not fit the host or the pair, each examined before it would be made live.
func files(t *testing.T, p *pair) {
	for name, text := range p.variants() {
		for _, n := range p.Nodes {
			write(t, n, "/run/"+name+".yaml", text, 0o600)
		}
	}
	n := p.second
	const year = 365 * 24 * time.Hour
	write(t, n, "/etc/lbsup/certs/future.pem", certificate(t, 3*year), 0o600)
	write(t, n, "/etc/open.pem", certificate(t, year), 0o644)
	write(t, n, "/etc/lbsup/certs/soon.pem", certificate(t, 24*time.Hour), 0o600)
	sh(t, n, "ip link add bare0 type veth peer name bare1; ip link set bare0 up; ip link set bare1 up")
	wrong := func() answer { return p.ask(t, n, "--file /run/wrong.yaml") }
	a := until(t, n, want{
		"link.nope0":                           "failing: nope0 is not there",
		"link.bare0":                           "failing: bare0 has no IPv4 address to send the adverts of BARE from",
		"address":                              "warning: this host has no address 10.130.0.99",
		"port.8081":                            "failing: unbindable cannot listen on 198.51.100.9:8081",
		"sysctl.net.ipv4.conf.nope0.rp_filter": "failing: net.ipv4.conf.nope0.rp_filter is not there",
		"certificate./etc/lbsup/certs/future.pem": "failing: only begins on ",
		"certificate./etc/open.pem":               "warning: can be read by everybody",
		"certificate./etc/lbsup/certs/soon.pem":   "warning: ends on ",
		"adverts.NOPE":                            "warning: nothing could be heard on nope0",
		"adverts.SILENT":                          "failing: no node sent an advert of SILENT on enc5",
		"adverts.ELSEWHERE":                       "failing: adverts of ELSEWHERE come in on enc1, and the cluster file has enc6 for them",
		"vip.192.0.2.1":                           "warning: who answers for 192.0.2.1 could not be asked",
		"vip.10.131.0.77":                         "failing: nobody answers for the VIP 10.131.0.77",
	}, wrong)
	write(t, n, "/etc/lbsup/certs/soon.pem", certificate(t, year), 0o600)
	p.mends(t, n, a, wrong, "certificate./etc/open.pem")
	sh(t, n, "ip link del bare0; rm /etc/lbsup/certs/future.pem /etc/open.pem /etc/lbsup/certs/soon.pem")

	until(t, n, want{"adverts.VI_1": "warning: loadbalancer-1 sends the adverts of VI_1 every "}, func() answer { return p.ask(t, n, "--file /run/interval.yaml") })
	until(t, n, want{
		"adverts.VI_1":      "warning: loadbalancer-1 sends adverts of VI_1 for other addresses than 172.18.100.99",
		"vip.172.18.100.99": "failing: nobody answers for the VIP 172.18.100.99",
		"config.haproxy":    "ok: HAProxy runs the hand-written files",
	}, func() answer { return p.ask(t, n, "--file /run/other.yaml") })
	until(t, p.first, want{"adverts.VI_1": "failing: this node has the VIPs of VI_1, and in "}, func() answer { return p.ask(t, p.first, "--file /run/silent.yaml") })
}
