package kernel

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Remove takes an address off a link, whatever its prefix length, and tells whether it was there.
func Remove(link string, address netip.Addr) (bool, error) {
	on, err := netlink.LinkByName(link)
	if err != nil {
		if _, gone := err.(netlink.LinkNotFoundError); gone {
			return false, nil
		}
		return false, fmt.Errorf("cannot find link %q: %v", link, err)
	}
	family := netlink.FAMILY_V4
	if address.Is6() {
		family = netlink.FAMILY_V6
	}
	list, err := whole(func() ([]netlink.Addr, error) { return netlink.AddrList(on, family) })
	if err != nil {
		return false, fmt.Errorf("cannot list the addresses of %q: %v", link, err)
	}
	removed := false
	for _, entry := range list {
		if prefix, valid := prefixOf(entry); !valid || prefix.Addr() != address {
			continue
		}
		if err := netlink.AddrDel(on, &entry); err != nil && !errors.Is(err, unix.EADDRNOTAVAIL) { // somebody else was quicker
			return removed, fmt.Errorf("cannot take %s off %q: %v", address, link, err)
		}
		removed = true
	}
	return removed, nil
}
