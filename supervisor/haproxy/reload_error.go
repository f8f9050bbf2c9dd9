package haproxy

// Failure says in which way a reload failed.
type Failure uint8

// The failures. After the first three the old worker serves on; after the others nobody can tell without looking.
const (
	Unreachable Failure = iota // there is no master CLI, or none that may be used: nothing was done
	Silent                     // the master CLI does not answer: nothing was done
	Rejected                   // HAProxy refused the new configuration
	Mismatched                 // a new worker serves, but not what it was meant to
	Unproven                   // nothing showed in time that a new worker serves
)

func (f Failure) String() string {
	switch f {
	case Unreachable:
		return "its master CLI cannot be reached"
	case Silent:
		return "its master CLI does not answer"
	case Rejected:
		return "it refused the configuration"
	case Mismatched:
		return "the new worker runs another configuration"
	default:
		return "nothing shows that a new worker serves"
	}
}

// ReloadError tells why a reload brought no proof.
type ReloadError struct {
	Failure Failure
	Words   string // HAProxy's own where it said any
}

func (e *ReloadError) Error() string {
	if e.Words == "" {
		return "cannot reload HAProxy: " + e.Failure.String()
	}
	return "cannot reload HAProxy: " + e.Failure.String() + ": " + e.Words
}
