package cluster

import (
	"net/netip"
	"time"
)

// Mode is the layer that a service works on.
type Mode string

// The two modes of a service.
const (
	TCP  Mode = "tcp"
	HTTP Mode = "http"
)

// Service is one thing that clients reach through the load balancer.
type Service struct {
	Name           string
	Bind           []Bind
	Mode           Mode
	Pools          []Pool // at least one; servers written without pools are one pool with the service's name
	Routes         []Route
	Default        string // the pool for what no route takes
	TLS            *TLS
	ForwardedFor   *ForwardedFor
	RequestHeaders []Header // sorted by name
	Disabled       bool     // it takes no new connections
	Raw            []string // raw lines for what takes the connections
}

// Bind is where a service listens.
type Bind struct {
	Address netip.Addr // the zero Addr stands for *
	Port    uint16
}

// Pool is a group of servers that share the load: a backend, in HAProxy's words.
type Pool struct {
	Name    string
	Balance string
	Check   HealthCheck
	Sticky  *Sticky
	Servers []Server
	Raw     []string // raw lines for the backend
}

// HealthCheck is how HAProxy itself looks after a pool's servers.
type HealthCheck struct {
	Interval time.Duration
	Timeout  time.Duration // 0: HAProxy's own
	Rise     int
	Fall     int
	TLS      bool // speak TLS to the server for the check alone
	HTTP     *HealthRequest
	Off      bool
}

// HealthRequest is an HTTP health check.
type HealthRequest struct {
	Method string
	Path   string
	Host   string
	Status []int // empty: any 2xx or 3xx
}

// Server is one server of a pool.
type Server struct {
	Name    string
	Host    string // a name or an IP address
	Port    uint16
	Backup  bool
	Weight  int // 0: HAProxy's own default; drain is asked for at run time, not here
	MaxConn int // 0: unlimited
	TLS     bool
	Verify  bool // with TLS: check the server's certificate
}

// Route sends some requests to another pool than the default one. All its conditions must hold.
type Route struct {
	Host       []string
	PathBegins []string
	PathEnds   []string
	To         string
}

// TLS is how a service speaks TLS to its clients.
type TLS struct {
	Certificates []string // PEM files with the chain and the key
	MinVersion   string   // "1.2" or "1.3"
	ALPN         []string
}

// Sticky keeps a client on one server.
type Sticky struct{ Cookie string }

// ForwardedFor adds X-Forwarded-For to requests.
type ForwardedFor struct {
	Except netip.Prefix // the zero Prefix: no exception
}

// Header is a header that is set in each request.
type Header struct{ Name, Value string }
