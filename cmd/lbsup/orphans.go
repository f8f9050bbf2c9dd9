package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/kernel"
)

func orphansCommand() command {
	return command{
		name: "orphans", summary: "take off VIPs that a dead keepalived left; the supervisor starts this",
		about: `Takes the VIPs of the installed cluster file off this node, and no other address. While a
keepalived runs, which has them or takes them off itself, it takes none. The supervisor
starts it by lbsup-orphans.service when keepalived is dead, has left VIPs behind and has not
come back in the time that a peer takes to have them. With vrrp.orphans: report in the
cluster file it does not.`,
		outcomes: []outcome{{exitOK, "none is left, or a keepalived runs"}, {exitNo, "one could not be taken off"}, usageWrong},
		example:  "sudo lbsup orphans",
		run: func(_ context.Context, p *program, _ []string) int {
			if os.Geteuid() != 0 {
				return p.fail(hinted("use sudo", "cannot take addresses off this node as this user"))
			}
			removed, err := takeOff(apply.Store{Dir: render.GenerationsDir}, kernel.Runs, kernel.Remove)
			for _, a := range removed {
				if _, err := fmt.Fprintf(p.stdout, "took %s off this node\n", a); err != nil {
					return p.fail(err)
				}
			}
			switch {
			case errors.Is(err, errNoCluster):
				_, err = fmt.Fprintf(p.stdout, "nothing to take off: %v\n", err)
				return p.wrote(err)
			case err != nil:
				return p.fail(err)
			}
			return exitOK
		},
	}
}

// errNoCluster says that no VIP here is lbsup's.
var errNoCluster = errors.New("no cluster file was installed here yet")

// takeOff looks for a keepalived before each address: one that starts meanwhile has three adverts' time before it takes them.
func takeOff(s apply.Store, runs func(string) (bool, error), remove func(string, netip.Addr) (bool, error)) (removed []netip.Addr, err error) {
	installed, err := s.Current()
	if errors.Is(err, fs.ErrNotExist) {
		if all, unread := s.List(); unread == nil && len(all) == 0 {
			return nil, errNoCluster
		}
	}
	switch {
	case err != nil:
		return nil, err
	case installed.Origin == apply.OriginFound:
		return nil, errNoCluster
	}
	source, err := s.Cluster(installed.Number)
	if err != nil {
		return nil, err
	}
	c, problems := cluster.Parse(render.ClusterFile, source)
	if len(problems) > 0 {
		return nil, fmt.Errorf("cannot understand generation %d: %w", installed.Number, problems)
	}
	var errs []error
	for _, i := range c.VRRP.Instances {
		for _, vip := range i.Addresses {
			if running, err := runs("keepalived"); err != nil || running {
				return removed, errors.Join(append(errs, err)...)
			}
			was, err := remove(vip.Interface, vip.Address.Addr())
			if errs = append(errs, err); was {
				removed = append(removed, vip.Address.Addr())
			}
		}
	}
	return removed, errors.Join(errs...)
}
