package cluster

import "fmt"

// Losses tells what a change takes away at one stroke: more than half of the servers of a service, or any VIP. A person who
// means it says so; a file that was cut off in the middle does not.
func Losses(before, after *Cluster) []string {
	var out []string
	kept := map[string]Service{}
	for _, s := range after.Services {
		kept[s.Name] = s
	}
	for _, s := range before.Services {
		if gone, all := missing(servers(s), servers(kept[s.Name])), len(servers(s)); 2*gone > all {
			out = append(out, fmt.Sprintf("services: %s loses %d of its %d servers", s.Name, gone, all))
		}
	}
	vips := addresses(after)
	for _, i := range before.VRRP.Instances {
		for _, vip := range i.Addresses {
			if !vips[vip.Address.Addr().String()] {
				out = append(out, fmt.Sprintf("vrrp.instances: %s loses the VIP %s", i.Name, vip.Address.Addr()))
			}
		}
	}
	return out
}

// servers are the servers of all pools, by pool and name: one with another address is the same server.
func servers(s Service) map[string]bool {
	all := map[string]bool{}
	for _, p := range s.Pools {
		for _, server := range p.Servers {
			all[p.Name+"/"+server.Name] = true
		}
	}
	return all
}

func missing(before, after map[string]bool) int {
	gone := 0
	for name := range before {
		if !after[name] {
			gone++
		}
	}
	return gone
}

func addresses(c *Cluster) map[string]bool {
	all := map[string]bool{}
	for _, i := range c.VRRP.Instances {
		for _, vip := range i.Addresses {
			all[vip.Address.Addr().String()] = true
		}
	}
	return all
}
