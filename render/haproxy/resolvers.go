package haproxy

import (
	"net/netip"

	"github.com/lbsup/lbsup/render/cluster"
)

// resolversName is the section that servers with a host name refer to.
const resolversName = "lbsup"

// resolvers lets servers follow their names. The system's resolver ("libc" in init-addr) answers first, so that a new worker has
// its addresses from its first connection on and /etc/hosts and search domains count; "none" lets it start without an answer,
// and this section brings such a server up once its name appears.
//
// The long holds keep the last address that was known when the name server is silent or says no. Without them a name that only
// /etc/hosts knows would take its server down after half a minute.
func (p *page) resolvers() {
	p.section("resolvers", resolversName)
	for _, line := range []string{
		"parse-resolv-conf",
		"accepted_payload_size 8192",
		"resolve_retries 3",
		"timeout resolve 1s",
		"timeout retry 1s",
		"hold valid 10s",
		"hold nx 20d",
		"hold other 20d",
		"hold refused 20d",
		"hold timeout 20d",
	} {
		p.setting(line)
	}
}

func hasHostNames(services []cluster.Service) bool {
	for _, service := range services {
		for _, pool := range service.Pools {
			for _, server := range pool.Servers {
				if isHostName(server.Host) {
					return true
				}
			}
		}
	}
	return false
}

func isHostName(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil
}
