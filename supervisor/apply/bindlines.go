package apply

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// mostPorts bounds a range of ports: trying the ends of more of them tells enough.
const mostPorts = 64

// bindLines reads what a HAProxy configuration binds, raw lines and hand-written files too. HAProxy binds nothing of a
// section that is disabled when it starts.
func bindLines(text []byte) []wanted {
	var all, section []wanted
	disabled := false
	end := func() {
		if !disabled {
			all = append(all, section...)
		}
		section, disabled = nil, false
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case isSection(words[0]):
			end()
		case words[0] == "disabled", words[0] == "enabled":
			disabled = words[0] == "disabled"
		case words[0] == "bind":
			section = append(section, bindLine(words[1:])...)
		}
	}
	end()
	return all
}

// bindLine reads the words behind a bind. What is no plain IP address with a port (a name, a unix socket, a file
// descriptor) is passed over: HAProxy's own check judges it.
func bindLine(words []string) (all []wanted) {
	if len(words) == 0 {
		return nil
	}
	for address := range strings.SplitSeq(unquote(words[0]), ",") {
		for _, at := range bindAddresses(address) {
			all = append(all, wanted{at: at, path: "bind " + address, nonLocal: slices.Contains(words[1:], "transparent")})
		}
	}
	return all
}

// bindAddresses reads one address of a bind line (configuration manual, section 11: address formats).
func bindAddresses(text string) []netip.AddrPort {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "ipv4@"), "ipv6@")
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 {
		return nil
	}
	host, ok := bindHost(text[:colon])
	if !ok {
		return nil
	}
	first, last, isRange := strings.Cut(text[colon+1:], "-")
	low, err := strconv.ParseUint(first, 10, 16)
	if err != nil || low == 0 {
		return nil
	}
	high := low
	if isRange {
		if high, err = strconv.ParseUint(last, 10, 16); err != nil {
			return nil
		}
	}
	var all []netip.AddrPort
	for port := low; port <= high && port < low+mostPorts; port++ {
		all = append(all, netip.AddrPortFrom(host, uint16(port)))
	}
	return all
}

func bindHost(text string) (netip.Addr, bool) {
	switch text {
	case "", "*", "0.0.0.0":
		return netip.IPv4Unspecified(), true
	}
	host, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return host, err == nil
}

// wantedBinds are the binds of the cluster file, in its words, and then those that only the configuration itself knows.
func wantedBinds(c *cluster.Cluster, texts [][]byte) []wanted {
	var all []wanted
	if c != nil {
		all = binds(c)
	}
	for _, text := range texts {
		for _, line := range bindLines(text) {
			if !slices.ContainsFunc(all, func(w wanted) bool { return w.at == line.at }) {
				all = append(all, line)
			}
		}
	}
	return all
}
