package doctor

import (
	"fmt"
	"slices"
	"strconv"
)

// haproxyPorts are the types of ports that HAProxy's domain may bind and connect to in the targeted policy, and the one of lbsup's own module.
var haproxyPorts = []string{"http_port_t", "http_cache_port_t", "commplex_main_port_t", "lbsup_port_t"}

const selinuxModule = "lbsup"

func selinux(e *examination, p patient) {
	s := p.SELinux
	if !s.Enabled {
		e.ok("selinux", "SELinux is not enabled here")
		return
	}
	mode := "permissive"
	if s.Enforcing {
		mode = "enforcing"
	}
	e.ok("selinux", "SELinux is %s", mode)
	switch install := fix(p.Installer + " install lbsup-selinux"); {
	case slices.Contains(s.Modules, selinuxModule):
		e.ok("selinux.module", "the policy has the module %s", selinuxModule)
	case s.Enforcing:
		e.fail("selinux.module", install, "the policy has no module %s: keepalived may not ask the health socket", selinuxModule)
	default:
		e.warn("selinux.module", install, "the policy has no module %s: keepalived could not ask the health socket if SELinux enforced", selinuxModule)
	}
	if s.ConnectAny {
		e.ok("selinux.ports", "haproxy_connect_any is on: HAProxy may use every port")
		return
	}
	for _, port := range portsOf(p) {
		selinuxPort(e, s, port)
	}
}

func selinuxPort(e *examination, s SELinux, port int) {
	id := fmt.Sprintf("selinux.port.%d", port)
	number := strconv.Itoa(port)
	kind, labelled := s.Ports[port]
	switch {
	case s.Ports == nil:
		e.warn(id, see("semanage port -l"), "the type of port %d is not known", port)
	case slices.Contains(haproxyPorts, kind):
		e.ok(id, "port %d is %s, which HAProxy may use", port, kind)
	case labelled:
		e.fail(id, fix("semanage port -m -t http_port_t -p tcp "+number), "port %d is %s, which HAProxy may not use", port, kind)
	default:
		e.fail(id, fix("semanage port -a -t http_port_t -p tcp "+number), "port %d has no type that HAProxy may use", port)
	}
}

// portsOf are those that HAProxy listens on and connects to.
func portsOf(p patient) (out []int) {
	for _, port := range p.needs.Ports {
		out = append(out, int(port.Number))
	}
	for _, s := range p.local.Services {
		for _, pool := range s.Pools {
			for _, server := range pool.Servers {
				out = append(out, int(server.Port))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
