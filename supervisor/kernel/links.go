package kernel

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Link is one network link of this host.
type Link struct {
	Name    string
	Index   int
	Up      bool // somebody set it up
	Carrier bool // its lower layer is up: a cable is plugged in, or whatever it stands on works
}

// Links calls emit with every link of this host, in the order of their indexes, now and after each change, until ctx ends.
func Links(ctx context.Context, emit func([]Link)) error {
	var last []Link
	return changes(ctx, func() error {
		list, err := linkList()
		if err != nil {
			return err
		}
		now := make([]Link, 0, len(list))
		for _, entry := range list {
			now = append(now, linkOf(entry.Attrs()))
		}
		slices.SortFunc(now, func(a, b Link) int { return cmp.Compare(a.Index, b.Index) })
		if last == nil || !slices.Equal(last, now) {
			last = now
			emit(slices.Clone(now))
		}
		return nil
	})
}

func linkOf(attrs *netlink.LinkAttrs) Link {
	return Link{
		Name: attrs.Name, Index: attrs.Index,
		Up: attrs.RawFlags&unix.IFF_UP != 0, Carrier: attrs.RawFlags&unix.IFF_LOWER_UP != 0,
	}
}

func linkList() ([]netlink.Link, error) {
	list, err := whole(netlink.LinkList)
	if err != nil {
		return nil, fmt.Errorf("cannot list the links of this host: %v", err)
	}
	return list, nil
}
