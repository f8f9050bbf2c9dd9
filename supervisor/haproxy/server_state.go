package haproxy

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/lbsup/lbsup/render/haproxy"
)

// ServerState is what "show servers state" says of a server.
type ServerState struct {
	haproxy.Target
	Host    string // the name that its address is looked up for, "" without one
	Address netip.Addr
	Port    uint16

	Up         bool // a health check found it well, or there is none
	Maint      bool // by a person or by lbsup at run time, or by the configuration
	Drain      bool // by a person
	Configured bool // the configuration says disabled, whatever a person made of it since
	Checked    bool // its health check is on
	TLS        bool

	Weight  int           // now
	Initial int           // what it began with
	Since   time.Duration // the last change
}

// Bits of the columns srv_admin_state and srv_check_state (Management Guide, 9.3 "show servers state").
const (
	forcedMaint     = 0x01
	configuredMaint = 0x04
	forcedDrain     = 0x08
	checkEnabled    = 0x04
)

// stopped is the value of srv_op_state of a server that takes no traffic.
const stopped = 0

// States asks for all servers.
func (r Runtime) States(ctx context.Context) ([]ServerState, error) { return r.states(ctx, "") }

// states asks for the servers of one backend, or of all.
func (r Runtime) states(ctx context.Context, backend string) ([]ServerState, error) {
	command := "show servers state"
	if backend != "" {
		command += " " + backend
	}
	text, err := ask(ctx, r.Socket, command, statLimit)
	if err != nil {
		return nil, err
	}
	return ParseStates(text)
}

// facts are what changes at run time are read back by.
func (s ServerState) facts() map[string]string {
	address := ""
	if s.Address.IsValid() {
		address = net.JoinHostPort(s.Address.String(), strconv.Itoa(int(s.Port)))
	}
	return map[string]string{
		"address": address, "maintenance": onOff(s.Maint), "weight": strconv.Itoa(s.Weight),
		"health check": onOff(s.Checked), "tls": onOff(s.TLS),
	}
}
