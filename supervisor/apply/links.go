package apply

import (
	"fmt"
	"net"
	"net/netip"
)

// Links are the interfaces of this host with their addresses.
func Links() (map[string][]netip.Addr, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("cannot list the interfaces of this host: %w", err)
	}
	links := map[string][]netip.Addr{}
	for _, link := range all {
		addresses, err := link.Addrs()
		if err != nil {
			return nil, fmt.Errorf("cannot list the addresses of %q: %w", link.Name, err)
		}
		links[link.Name] = nil
		for _, address := range addresses {
			if prefix, err := netip.ParsePrefix(address.String()); err == nil {
				links[link.Name] = append(links[link.Name], prefix.Addr())
			}
		}
	}
	return links, nil
}
