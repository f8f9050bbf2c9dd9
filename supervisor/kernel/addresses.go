package kernel

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
)

// Addresses calls emit with every address of this host by the name of its link, now and after each change, until ctx ends.
func Addresses(ctx context.Context, emit func(map[string][]netip.Prefix)) error {
	var last map[string][]netip.Prefix
	return changes(ctx, func() error {
		now, err := addresses()
		if err != nil {
			return err
		}
		if last == nil || !maps.EqualFunc(last, now, slices.Equal) {
			last = now
			emit(maps.Clone(now))
		}
		return nil
	})
}

func addresses() (map[string][]netip.Prefix, error) {
	links, err := linkList()
	if err != nil {
		return nil, err
	}
	list, err := whole(func() ([]netlink.Addr, error) { return netlink.AddrList(nil, netlink.FAMILY_ALL) })
	if err != nil {
		return nil, fmt.Errorf("cannot list the addresses of this host: %v", err)
	}
	names := make(map[int]string, len(links))
	for _, link := range links {
		names[link.Attrs().Index] = link.Attrs().Name
	}
	found := map[string][]netip.Prefix{}
	for _, entry := range list {
		prefix, valid := prefixOf(entry)
		if name := names[entry.LinkIndex]; valid && name != "" {
			found[name] = append(found[name], prefix)
		}
	}
	for _, prefixes := range found {
		slices.SortFunc(prefixes, netip.Prefix.Compare)
	}
	return found, nil
}

func prefixOf(entry netlink.Addr) (netip.Prefix, bool) {
	if entry.IPNet == nil {
		return netip.Prefix{}, false
	}
	address, valid := netip.AddrFromSlice(entry.IP)
	bits, _ := entry.Mask.Size()
	return netip.PrefixFrom(address.Unmap(), bits), valid
}

// whole repeats a listing that a change cut into (NLM_F_DUMP_INTR), which may have missed an entry. After some attempts in
// vain it takes what there is: the change that cut in has been announced too, and so will be looked at again.
func whole[T any](list func() ([]T, error)) ([]T, error) {
	const attempts = 5
	for try := 1; ; try++ {
		found, err := list()
		if !errors.Is(err, netlink.ErrDumpInterrupted) {
			return found, err
		}
		if try == attempts {
			return found, nil
		}
	}
}
