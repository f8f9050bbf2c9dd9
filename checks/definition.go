package checks

import "time"

// Kind says what a check asks. Exactly one part of a Definition's Probe belongs to each kind.
type Kind string

// The kinds of check, by the key that the cluster file uses for each.
const (
	KindHAProxy    Kind = "haproxy"    // built in: process, unit and runtime API of HAProxy
	KindSupervisor Kind = "supervisor" // built in: lbsup's own loop turns and its track files can be written
	KindHTTP       Kind = "http"
	KindTCP        Kind = "tcp"
	KindBackend    Kind = "backend"
	KindInterface  Kind = "interface"
	KindExec       Kind = "exec"
	KindAny        Kind = "any"
	KindAll        Kind = "all"
)

// The names of the two checks that exist without being written in a cluster file.
const (
	HAProxy    = "haproxy"
	Supervisor = "supervisor"
)

// Definition is one check as the cluster file states it, every default filled in.
type Definition struct {
	Name     string
	Probe    Probe
	Interval time.Duration // from the start of one probe to the start of the next
	Timeout  time.Duration // after which an unanswered probe counts as Doubtful
	Rise     int           // good results in a row that make a check Healthy
	Fall     int           // bad results in a row that end it
	OnFail   Effect

	HolderFall int // Fall on the node that holds an address, so that it does not let go for a hiccup
}

// Probe is the question of a check.
type Probe struct {
	Kind      Kind
	HTTP      HTTP
	TCP       string   // host:port to connect to
	Backend   string   // service, or service/pool, that must have a server up
	Interface string   // link that must be up and have carrier
	Exec      []string // program with its arguments; exit 0 is healthy
	Of        []string // checks that KindAny and KindAll combine
}

// HTTP is one request and what counts as a good answer to it.
type HTTP struct {
	URL       string
	TLSVerify bool
	Status    []int // accepted status codes; empty: any 2xx or 3xx
}

// Effect is what a check that is not healthy does to a VRRP instance.
type Effect string

// The effects, mildest first.
const (
	Report Effect = "report" // shown, moves nothing
	Lower  Effect = "lower"  // lowers the priority
	Fault  Effect = "fault"  // puts the instance in FAULT when the check has certainly failed; doubt only lowers
)
