package haproxy

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/lbsup/lbsup/render/haproxy"
)

// stateColumns are the columns that must be there. The column srv_use_ssl is read where it is.
var stateColumns = []string{
	"be_name", "srv_name", "srv_addr", "srv_op_state", "srv_admin_state", "srv_uweight", "srv_iweight", "srv_time_since_last_change",
	"srv_check_state", "srv_fqdn", "srv_port",
}

// ParseStates reads the answer to "show servers state". Columns are found by their headings.
func ParseStates(text string) ([]ServerState, error) {
	version, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	heading, rows, _ := strings.Cut(rest, "\n")
	if version != "1" || !strings.HasPrefix(heading, "# ") {
		return nil, fmt.Errorf("cannot read the state of HAProxy's servers: got %q, want the heading of version 1", version)
	}
	column := map[string]int{}
	for i, name := range strings.Fields(heading[2:]) {
		column[name] = i
	}
	for _, name := range stateColumns {
		if _, is := column[name]; !is {
			return nil, fmt.Errorf("cannot read the state of HAProxy's servers: no column %q", name)
		}
	}
	var states []ServerState
	for line := range strings.SplitSeq(rows, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		state, err := stateRow{column: column, fields: strings.Fields(line)}.state()
		if err != nil {
			return nil, fmt.Errorf("cannot read the state of HAProxy's servers: %w", err)
		}
		states = append(states, state)
	}
	return states, nil
}

// stateRow is one row with the places of the columns.
type stateRow struct {
	column map[string]int
	fields []string
	err    error
}

func (r stateRow) text(name string) string {
	if i, known := r.column[name]; known && i < len(r.fields) {
		return r.fields[i]
	}
	return ""
}

// number reads a column, and remembers the first that is none.
func (r *stateRow) number(name string, bits int) int {
	n, err := strconv.ParseUint(r.text(name), 10, bits)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("%s: got %q", name, r.text(name))
	}
	return int(n)
}

// since reads seconds. HAProxy compares two clocks of its own for them, and right after a change the answer can be -1.
func (r *stateRow) since(name string) time.Duration {
	if r.text(name) == "-1" {
		return 0
	}
	return time.Duration(r.number(name, 31)) * time.Second
}

func (r stateRow) state() (ServerState, error) {
	if len(r.fields) < len(r.column) {
		return ServerState{}, errors.New("a row is short of columns")
	}
	admin, check := r.number("srv_admin_state", 31), r.number("srv_check_state", 31)
	state := ServerState{
		Target: haproxy.Target{Backend: r.text("be_name"), Server: r.text("srv_name")},
		Port:   uint16(r.number("srv_port", 16)),
		Up:     r.number("srv_op_state", 31) != stopped,
		Maint:  admin&forcedMaint != 0, Drain: admin&forcedDrain != 0, Configured: admin&configuredMaint != 0,
		Checked: check&checkEnabled != 0, TLS: r.text("srv_use_ssl") == "1",
		Weight: r.number("srv_uweight", 31), Initial: r.number("srv_iweight", 31),
		Since: r.since("srv_time_since_last_change"),
	}
	state.Address, _ = netip.ParseAddr(r.text("srv_addr")) // "-" has none
	if host := r.text("srv_fqdn"); host != "-" {
		state.Host = host
	}
	return state, r.err
}
