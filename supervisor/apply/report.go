package apply

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// Outcome is what became of a request.
type Outcome string

// The outcomes.
const (
	Unchanged Outcome = "unchanged" // what is installed already says this
	Committed Outcome = "committed" // installed; the daemons have not been told yet
	Accepted  Outcome = "accepted"  // a check alone: it would be committed
	Rejected  Outcome = "rejected"  // refused; what was installed before is still there
)

// Stage is a step of an apply; in a report, the one that refused.
type Stage string

// The stages, in the order in which they are passed.
const (
	StageLock       Stage = "lock"
	StageRecover    Stage = "recover"
	StageRead       Stage = "read"
	StageParse      Stage = "parse"
	StageRender     Stage = "render"
	StageDrift      Stage = "drift"
	StageRadius     Stage = "radius"
	StageStage      Stage = "stage"
	StagePreflight  Stage = "preflight"
	StageHAProxy    Stage = "haproxy"
	StageKeepalived Stage = "keepalived"
	StageCommit     Stage = "commit"
)

// Report tells what became of one request. Its JSON form is what `lbsup apply` leaves for the supervisor. It holds no
// secrets.
type Report struct {
	Request    string        `json:"request"`
	ID         string        `json:"id,omitempty"` // of the request
	Number     int           `json:"number"`       // the generation that this made, or the current one when nothing changed
	Previous   int           `json:"previous"`     // the generation that was current before: what a rollback goes back to
	Outcome    Outcome       `json:"outcome"`
	Stage      Stage         `json:"stage,omitempty"`
	Problems   []Problem     `json:"problems,omitempty"`
	Words      string        `json:"words,omitempty"` // what the daemon itself said, bounded and masked
	Notes      []string      `json:"notes,omitempty"`
	Drifted    []string      `json:"drifted,omitempty"`        // installed files found edited by hand
	HAProxy    bool          `json:"haproxy"`                  // HAProxy has something new to load
	Keepalived bool          `json:"keepalived"`               // keepalived has something new to load
	Reason     string        `json:"reason,omitempty"`         // why HAProxy has to load though its text is the same
	Renewed    []Renewal     `json:"renewed,omitempty"`        // certificates that are others than HAProxy had
	Digest     string        `json:"haproxy_digest,omitempty"` // what a worker that runs this configuration shows
	Explained  bool          `json:"explained,omitempty"`      // the cluster file alone explains what HAProxy has to load
	Version    string        `json:"version,omitempty"`        // of the installed HAProxy
	Started    time.Time     `json:"started"`
	Took       time.Duration `json:"took"` // in nanoseconds
}

// Problem is one reason for a refusal.
type Problem struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Path    string `json:"path,omitempty"` // such as services[2].bind[0]
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

func (p Problem) String() string {
	text := p.Message
	if p.Path != "" {
		text = p.Path + ": " + text
	}
	if p.Line > 0 {
		text = fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, text)
	}
	return text
}

// ReadReport returns the report of the latest apply, from the state directory. It wraps fs.ErrNotExist when there has
// been none.
func ReadReport(stateDir string) (Report, error) {
	name := filepath.Join(stateDir, reportName)
	data, err := os.ReadFile(name)
	if err != nil {
		return Report{}, fmt.Errorf("cannot read report %q: %w", name, err)
	}
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return Report{}, fmt.Errorf("cannot read report %q: %v", name, err)
	}
	return r, nil
}

func fromCluster(ps cluster.Problems) problems {
	var out problems
	for _, p := range ps {
		out = append(out, Problem{File: p.File, Line: p.Line, Column: p.Column, Path: p.Path, Message: p.Message, Hint: p.Hint})
	}
	return out
}
