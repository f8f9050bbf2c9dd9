package status

import "time"

// Change is what became of one request to change something.
type Change struct {
	Request    string    `json:"request"` // reload, overwrite, rollback-N
	By         string    `json:"by"`      // a user's name, or "an edit of …"
	Asked      time.Time `json:"asked"`
	Took       float64   `json:"took_seconds"`
	Settled    float64   `json:"settle_seconds"` // of these, how long only the health checks of servers were waited for
	Phase      string    `json:"phase"`          // applying, activating, verifying, rolling back, done
	Outcome    Outcome   `json:"outcome"`        // empty until done
	Generation int       `json:"generation"`
	Effects    []string  `json:"effects"` // what was done, each with its reason
	Problems   []Problem `json:"problems"`
	Output     string    `json:"output,omitempty"` // the daemon's own words
	Notes      []string  `json:"notes,omitempty"`  // what was left out or is worth a look
}

// Outcome says how a change ended.
type Outcome string

// The ways in which a change can end.
const (
	Live Outcome = "live" // installed, activated and verified

	// Unconfirmed is live, and goes back by itself unless somebody confirms it in time.
	Unconfirmed Outcome = "live, to be confirmed"
	Unchanged   Outcome = "unchanged"   // there was nothing to do
	Refused     Outcome = "refused"     // nothing was installed
	RolledBack  Outcome = "rolled back" // it was installed and did not prove itself
	TakenBack   Outcome = "taken back"  // it was live, and somebody took it back before it was confirmed
	Broken      Outcome = "broken"      // neither it nor the generation before it could be activated
)

// Good tells whether what was asked for is so.
func (o Outcome) Good() bool {
	return o == Live || o == Unconfirmed || o == Unchanged || o == TakenBack
}

// Problem is one reason for a refusal, with its place in the cluster file where it has one.
type Problem struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Entry is one line of history.
type Entry struct {
	Generation int       `json:"generation"`
	At         time.Time `json:"at"`
	Request    string    `json:"request"`
	By         string    `json:"by,omitempty"`
	Outcome    string    `json:"outcome"` // an Outcome, or what `lbsup apply` alone knows: committed, rejected, found
	Took       float64   `json:"took_seconds"`
	Reason     string    `json:"reason,omitempty"`
	Installed  bool      `json:"installed"` // it is the one on disk now
}
