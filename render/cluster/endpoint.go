package cluster

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// binding is where something listens.
type binding Bind

func (b *binding) read(n *yaml.Node) *mistake {
	const noun, want = "a bind", `one such as "*:443", "192.0.2.10:443" or "[2001:db8::10]:443"`
	text, m := textOf(n, noun, want)
	if m != nil {
		if n.ShortTag() == "!!int" {
			m.hint = `write "*:` + shorten(n.Value) + `" to listen on every address`
		}
		return m
	}
	host, port, ok := splitPort(text)
	if !ok {
		hint := ""
		if strings.HasPrefix(text, ":") {
			hint = `write "*` + shorten(text) + `" to listen on every address`
		}
		return &mistake{"read " + noun, quote(text), want, hint}
	}
	b.Port = port
	if host == "*" {
		return nil
	}
	parsed, err := netip.ParseAddr(host)
	if err != nil || parsed.Zone() != "" || parsed.Is4In6() || parsed.IsMulticast() {
		return &mistake{"read " + noun, quote(text), want, ""}
	}
	b.Address = parsed
	return nil
}

func (binding) describe() property { return property{"type": "string", "pattern": `^.+:[0-9]{1,5}$`} }

// endpoint is a host and a port to connect to.
type endpoint struct {
	host string
	port uint16
}

func (e *endpoint) read(n *yaml.Node) *mistake {
	const noun, want = "an address with a port", `one such as "192.0.2.21:80", "web1.example.net:80" or "[2001:db8::21]:80"`
	text, m := textOf(n, noun, want)
	if m != nil {
		return m
	}
	host, port, ok := splitPort(text)
	if !ok || !isHost(host) {
		hint := ""
		switch _, err := netip.ParseAddr(text); {
		case err == nil && strings.Contains(text, ":"):
			hint = "put an IPv6 address in brackets: \"[2001:db8::21]:80\""
		case isHost(text):
			hint = "add the port"
		}
		return &mistake{"read " + noun, quote(text), want, hint}
	}
	*e = endpoint{host, port}
	return nil
}

func (endpoint) describe() property { return property{"type": "string", "pattern": `^.+:[0-9]{1,5}$`} }

func (e endpoint) String() string { return net.JoinHostPort(e.host, strconv.Itoa(int(e.port))) }

// splitPort splits host:port and refuses port 0 and IPv6 without brackets.
func splitPort(text string) (string, uint16, bool) {
	host, digits, err := net.SplitHostPort(text)
	if err != nil || host == "" || strings.HasPrefix(digits, "+") {
		return "", 0, false
	}
	if bracketed := strings.HasPrefix(text, "["); bracketed != strings.Contains(host, ":") {
		return "", 0, false
	}
	port, err := strconv.ParseUint(digits, 10, 16)
	return host, uint16(port), err == nil && port > 0
}

// isHost accepts an IP address or a name that cannot be taken for a mistyped one.
func isHost(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return unusable(a) == ""
	}
	return hostShape.pattern.MatchString(host) && strings.Trim(host, "0123456789.") != ""
}
