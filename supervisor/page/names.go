package page

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// names are what this site is called. A page from elsewhere whose name is made to lead here ("DNS rebinding") is, for a browser, of one origin with this
// one and may read it; what it cannot do is to ask for it by another name than its own.
type names struct {
	known       []string     // host names and addresses, without ports
	certificate *certificate // whose names are known too; nil: none
}

// only answers who asks by one of the names. What has no name at all is no browser.
func (n names) only(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !n.has(r) {
			http.Error(w, "cannot answer: this node is not known by the name that was asked for; key status.names of the cluster file may say that it is", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (n names) has(r *http.Request) bool {
	host := bareHost(r.Host)
	at, err := netip.ParseAddr(host)
	at = at.Unmap()
	switch {
	case host == "" || host == "localhost":
		return true
	case err != nil:
		return slices.ContainsFunc(n.known, func(name string) bool { return called(name, host) }) || n.certified(host)
	case at.IsLoopback():
		return true
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return slices.Contains(n.known, at.String()) || local != nil && plainAddress(local) == at || n.certified(host)
}

// called tells whether a host is meant by a name, or by the first part of it.
func called(name, host string) bool {
	first, _, _ := strings.Cut(name, ".")
	return strings.EqualFold(name, host) || strings.EqualFold(first, host)
}

func (n names) certified(host string) bool {
	if n.certificate == nil {
		return false
	}
	pair, err := n.certificate.get(&tls.ClientHelloInfo{})
	return err == nil && pair.Leaf != nil && pair.Leaf.VerifyHostname(host) == nil
}

// bareHost is a host without its port, brackets and the dot that may end it.
func bareHost(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// plainAddress is one without its port and its link.
func plainAddress(a net.Addr) netip.Addr {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap().WithZone("")
}
