package haproxy

import "net/netip"

// Change is one change of a running HAProxy, without a reload.
type Change struct {
	Where string // in the words of the cluster file, such as "services.api-server"
	What  string // such as "server control3 added (10.0.0.4:6443)"
	Do    Operation
}

func (c Change) String() string { return c.Where + ": " + c.What }

// Operation is what the runtime API is asked for.
type Operation interface{ operation() }

// Target is a server as HAProxy calls it.
type Target struct{ Backend, Server string }

func (t Target) String() string { return t.Backend + "/" + t.Server }

// AddServer adds a server that takes new connections at once.
type AddServer struct {
	Target
	Address    netip.AddrPort
	Attributes []string // the words after the address, as in the configuration
	Checked    bool     // it has a health check, which is off until it is asked for
	TLS        bool
	Weight     int
	MaxConn    int // 0: unlimited
}

// DeleteServer takes a server away. It takes no new connections from then on; those that it has are not cut.
type DeleteServer struct{ Target }

// SetAddress sends new connections to another address. Those that exist stay with the old one.
type SetAddress struct {
	Target
	Address netip.AddrPort
}

// SetWeight changes a server's share of the load.
type SetWeight struct {
	Target
	Weight int
}

// SetMaxConn changes how many connections a server gets at most.
type SetMaxConn struct {
	Target
	MaxConn int // 0: unlimited
}

// SetFrontend closes a frontend to new connections, or opens it again. Those that exist stay.
type SetFrontend struct {
	Frontend string
	Open     bool
}

// SetPatterns changes the values of a route's condition. They are in lists of HAProxy's with the numbers from First on, Patterns of them.
type SetPatterns struct {
	First  int
	Values []string // all of them
}

func (SetPatterns) operation()  {}
func (SetFrontend) operation()  {}
func (AddServer) operation()    {}
func (DeleteServer) operation() {}
func (SetAddress) operation()   {}
func (SetWeight) operation()    {}
func (SetMaxConn) operation()   {}
