package reload

import (
	"fmt"
	"strings"
)

const (
	vip         = "172.18.100.100"
	certificate = "/etc/lbsup/bench.pem"
	oldServer   = "compute0" // the stub server behind every server that is there before
	newServer   = "compute1" // and the one behind a server that is added
	oldAddress  = "172.18.0.30:80"
	newAddress  = "172.18.0.31:80"
	firstPort   = 8100 // of the services with many servers
)

// head is the pair itself. Files that `lbsup reload` is asked to make live are not watched, so that each change is made once.
func head(watch bool) string {
	return fmt.Sprintf(`cluster: bench
watch: %v
nodes:
  - {name: loadbalancer-1, address: 10.129.0.1}
  - {name: loadbalancer-2, address: 10.130.0.1}
vrrp:
  instances:
    - {name: VI_1, router_id: 1, interface: enc1, addresses: [{address: %s/16, interface: enc6}]}
services:
`, watch, vip)
}

// soonChecked has HAProxy ask a new worker's servers at once: lbsup waits for the first answers, and a thousand reloads with the default of two seconds would
// take an hour. On a drowned machine many questions in a row go unanswered.
const soonChecked = "check: {interval: 100ms, fall: 50}"

// unending has no old worker ended, neither after half an hour nor after a thousand reloads: a slow machine may need as much, and lost is then what a
// reload has lost.
const unending = `haproxy: {global: ["hard-stop-after 12h", "mworker-max-reloads 100000"]}
`

// loadText is the cluster file under load: requests over HTTP/1.1, HTTP/2 over TLS, and a service in TCP mode. Files with another mark differ in a line for
// which HAProxy has to be reloaded; answers show the mark.
func loadText(watch bool, mark int) string {
	const servers = `    ` + soonChecked + `
    servers:
      - {name: ` + oldServer + `, address: "` + oldAddress + `"}
      - {name: ` + newServer + `, address: "` + newAddress + `"}
`
	return unending + head(watch) + fmt.Sprintf(`  - name: web
    bind: ["*:80"]
    mode: http
    balance: roundrobin
    raw: ["http-response set-header x-mark %d"]
%s  - name: tls
    bind: ["*:443"]
    mode: http
    balance: roundrobin
    tls: {certificates: [%s]}
%s  - name: stream
    bind: ["*:6443"]
    mode: tcp
    balance: roundrobin
    %s
    servers: [{name: control0, address: "172.18.0.21:6443"}]
`, mark, servers, certificate, servers, soonChecked)
}

// byHandText is what an admin adds to the distribution's configuration for the same.
const byHandText = `
frontend web
    bind *:80
    bind *:443 ssl crt ` + certificate + ` alpn h2,http/1.1
    default_backend web
backend web
    balance roundrobin
    server ` + oldServer + ` ` + oldAddress + ` check
    server ` + newServer + ` ` + newAddress + ` check
listen stream
    mode tcp
    bind *:6443
    server control0 172.18.0.21:6443 check
`

// most is how many servers a service has here: HAProxy gives no more than 4095 of a pool their turn in balance roundrobin.
const most = 1000

// manyText is a cluster file of many servers, in services of a thousand. The first service also gets the servers that are added, and the raw lines. All old
// servers share an address: to HAProxy each is a server of its own.
func manyText(servers int, added, raw string) string {
	var b strings.Builder
	b.WriteString(head(true))
	for service := 0; service*most < servers; service++ {
		fmt.Fprintf(&b, "  - name: service%d\n    bind: [\"*:%d\"]\n    mode: http\n    balance: roundrobin\n    check: {interval: 60s}\n", service, firstPort+service)
		if service == 0 {
			fmt.Fprintf(&b, "    raw: [%s]\n", raw)
		}
		b.WriteString("    servers:\n")
		for i := range min(most, servers-service*most) {
			fmt.Fprintf(&b, "      - {name: s%d, address: \"%s\"}\n", service*most+i, oldAddress)
		}
		if service == 0 {
			b.WriteString(added)
		}
	}
	return b.String()
}

// oneMore is a line for one more server. Its weight gives it its turn soon, among a thousand.
func oneMore(n int) string {
	return fmt.Sprintf("      - {name: new%d, address: \"%s\", weight: 256}\n", n, newAddress)
}

// anotherLine is a line for which HAProxy has to be reloaded.
func anotherLine(n int) string { return fmt.Sprintf("http-response set-header x-mark %d", n) }
