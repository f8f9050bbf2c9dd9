package haproxy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/render/haproxy"
)

// serverState is what "show servers state" says of a server.
type serverState struct {
	address     string // ip:port, "" without one
	maintenance bool   // by the runtime API, not by the configuration or for want of an address
	weight      string
	checked     bool // its health check is on
	tls         bool
}

func (s serverState) facts() map[string]string {
	return map[string]string{
		"address": s.address, "maintenance": onOff(s.maintenance), "weight": s.weight, "health check": onOff(s.checked), "tls": onOff(s.tls),
	}
}

// Bits of the columns srv_admin_state and srv_check_state (Management Guide, 9.3 "show servers state").
const (
	forcedMaintenance = 0x01
	checkEnabled      = 0x04
)

// states asks for the servers of some backends.
func (c Changer) states(ctx context.Context, backends []string) (map[haproxy.Target]serverState, error) {
	command := "show servers state"
	if len(backends) == 1 {
		command += " " + backends[0]
	}
	text, err := ask(ctx, c.Runtime.Socket, command, statLimit)
	if err != nil {
		return nil, err
	}
	return parseServerStates(text)
}

// parseServerStates reads the answer to "show servers state". Columns are found by their headings.
func parseServerStates(text string) (map[haproxy.Target]serverState, error) {
	version, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	heading, rows, _ := strings.Cut(rest, "\n")
	if version != "1" || !strings.HasPrefix(heading, "# ") {
		return nil, fmt.Errorf("cannot read the state of HAProxy's servers: got %q, want the heading of version 1", version)
	}
	column := map[string]int{}
	for i, name := range strings.Fields(heading[2:]) {
		column[name] = i
	}
	for _, name := range []string{"be_name", "srv_name", "srv_addr", "srv_admin_state", "srv_uweight", "srv_check_state", "srv_port"} {
		if _, is := column[name]; !is {
			return nil, fmt.Errorf("cannot read the state of HAProxy's servers: no column %q", name)
		}
	}
	states := map[haproxy.Target]serverState{}
	for line := range strings.SplitSeq(rows, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		r := stateRow{column, strings.Fields(line)}
		state, err := r.state()
		if err != nil {
			return nil, fmt.Errorf("cannot read the state of HAProxy's servers: %w", err)
		}
		states[haproxy.Target{Backend: r.text("be_name"), Server: r.text("srv_name")}] = state
	}
	return states, nil
}

// stateRow is one row with the places of the columns.
type stateRow struct {
	column map[string]int
	fields []string
}

func (r stateRow) text(name string) string {
	if i, known := r.column[name]; known && i < len(r.fields) {
		return r.fields[i]
	}
	return ""
}

func (r stateRow) state() (serverState, error) {
	if len(r.fields) < len(r.column) {
		return serverState{}, errors.New("a row is short of columns")
	}
	admin, err := strconv.ParseUint(r.text("srv_admin_state"), 10, 32)
	if err != nil {
		return serverState{}, fmt.Errorf("srv_admin_state: got %q", r.text("srv_admin_state"))
	}
	check, err := strconv.ParseUint(r.text("srv_check_state"), 10, 32)
	if err != nil {
		return serverState{}, fmt.Errorf("srv_check_state: got %q", r.text("srv_check_state"))
	}
	state := serverState{
		maintenance: admin&forcedMaintenance != 0, weight: r.text("srv_uweight"), checked: check&checkEnabled != 0, tls: r.text("srv_use_ssl") == "1",
	}
	if ip, err := netip.ParseAddr(r.text("srv_addr")); err == nil { // "-" has none
		state.address = net.JoinHostPort(ip.String(), r.text("srv_port"))
	}
	return state, nil
}
