package haproxy

import (
	"fmt"
	"net/netip"
	"reflect"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
)

// stateHeading begins a state file. HAProxy goes by the places of the columns, which are those of every version from 2.4 on.
const stateHeading = `1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port
`

// StateFile writes what a new worker has to know of its servers and cannot know by itself: what a person decided and what a
// check found dead. Of these rows it writes those that keep lets stay. Without any it is a file that changes nothing, and about
// which HAProxy does not complain as it does about one that is empty or missing.
//
// The port and the use of TLS in a row win over the configuration, on every version: there is no value that leaves them alone. So
// keep must not let a row stay whose server is another one now; see Stayed. Addresses and weights are left out: a name that has
// moved since would else stay where it was.
func StateFile(rows []ServerState, keep func(ServerState) bool) []byte {
	var text strings.Builder
	text.WriteString(stateHeading)
	for _, s := range rows {
		if (s.decided() || s.dead()) && keep(s) {
			text.WriteString(s.line())
		}
	}
	return []byte(text.String())
}

// decided says whether a person made the server another one than the configuration: drained it, by its state or by its weight, or
// put it into maintenance or out of it.
func (s ServerState) decided() bool { return s.Drain || s.Maint != s.Configured || s.Weight == 0 }

// Decided names the servers of a cluster about which a person decided.
func Decided(rows []ServerState, l *cluster.Local) []string {
	var names []string
	all := servers(l)
	for _, s := range rows {
		if _, has := all[s.Target]; has && s.decided() {
			names = append(names, s.String())
		}
	}
	return names
}

// dead says whether a check found the server dead. A server without an address is down, too, and nobody asked it.
func (s ServerState) dead() bool { return s.Checked && !s.Up && !s.Maint && s.Address.IsValid() }

func (s ServerState) line() string {
	up, admin := 2, 0
	if !s.Up {
		up = stopped
	}
	switch {
	case s.Maint:
		admin = forcedMaint
	case s.Drain:
		admin = forcedDrain
	}
	if s.Configured {
		admin |= configuredMaint
	}
	// HAProxy takes the weight of a row where the initial one is that of the configuration, so these two change none. With an initial
	// weight of 0 it would take a drained server for one that the configuration had drained.
	weight, initial := 256, 256
	if s.Weight == 0 {
		weight, initial = 0, s.Initial
	}
	tls := 0
	if s.TLS {
		tls = 1
	}
	const unknownCheck, checkOn = 1, 6
	return fmt.Sprintf("0 %s 0 %s - %d %d %d %d %d %d 0 0 %d 0 0 0 - %d - %d 0 - - 0\n",
		s.Backend, s.Server, up, admin, weight, initial, int(s.Since.Seconds()), unknownCheck, checkOn, s.Port, tls)
}

// Stayed lets those rows stay whose server is the same before and after a change: with the address, the port and the use of TLS that
// the row tells. What a check found stays only where the check does.
func Stayed(before, after *cluster.Local) func(ServerState) bool {
	was, is := servers(before), servers(after)
	return func(s ServerState) bool {
		b, there := was[s.Target]
		a, stays := is[s.Target]
		switch {
		case !there || !stays || a.Host != b.Host || a.Port != b.Port || a.TLS != b.TLS:
			return false
		case s.Port != a.Port || s.TLS != a.TLS || s.Host == "" && !isAddress(a.Host, s.Address):
			return false // a person sent it elsewhere
		}
		return s.decided() || reflect.DeepEqual(a.check, b.check)
	}
}

// checkedServer is a server with the check of its pool.
type checkedServer struct {
	cluster.Server
	check cluster.HealthCheck
}

func servers(l *cluster.Local) map[haproxy.Target]checkedServer {
	all := map[haproxy.Target]checkedServer{}
	if l == nil {
		return all
	}
	for _, service := range l.Services {
		for _, pool := range service.Pools {
			for _, s := range pool.Servers {
				all[haproxy.Target{Backend: haproxy.BackendName(service, pool), Server: s.Name}] = checkedServer{s, pool.Check}
			}
		}
	}
	return all
}

func isAddress(host string, a netip.Addr) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip == a
}
