package doctor

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// parseListeners reads ss -Hlntp: state, two queues, the local address, the peer's, and who has the socket open. Several processes may: the first
// one counts.
func parseListeners(text string) (out []Listener) {
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 5 || f[0] != "LISTEN" {
			continue
		}
		at, ok := listenAddress(f[3])
		if !ok {
			continue
		}
		l := Listener{At: at}
		if len(f) > 5 {
			l.Process, l.PID = holder(f[5])
		}
		out = append(out, l)
	}
	return out
}

// listenAddress reads 0.0.0.0:80, *:80, [::1]:80 and 127.0.0.53%lo:53.
func listenAddress(text string) (netip.AddrPort, bool) {
	host, digits, err := net.SplitHostPort(text)
	if err != nil {
		return netip.AddrPort{}, false
	}
	port, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return netip.AddrPort{}, false
	}
	if host == "*" {
		return netip.AddrPortFrom(netip.Addr{}, uint16(port)), true
	}
	host, _, _ = strings.Cut(host, "%")
	address, err := netip.ParseAddr(host)
	return netip.AddrPortFrom(address.Unmap(), uint16(port)), err == nil
}

// holder reads users:(("haproxy",pid=123,fd=5),…).
func holder(text string) (string, int) {
	_, rest, ok := strings.Cut(text, `(("`)
	if !ok {
		return "", 0
	}
	name, rest, _ := strings.Cut(rest, `"`)
	_, rest, _ = strings.Cut(rest, "pid=")
	digits, _, _ := strings.Cut(rest, ",")
	pid, err := strconv.Atoi(digits)
	if err != nil {
		pid = 0
	}
	return name, pid
}
