package doctor

import (
	"fmt"
	"slices"
	"strings"
)

// Level is how grave a finding is.
type Level string

// The levels.
const (
	OK      Level = "ok"
	Warning Level = "warning" // it serves, and may not tomorrow
	Failing Level = "failing" // it does not serve as the cluster file says
)

// Finding is one thing that was examined.
type Finding struct {
	ID    string `json:"id"` // what was examined, such as "unit.haproxy.service": it never changes
	Level Level  `json:"level"`
	What  string `json:"what"`
	Fix   string `json:"fix,omitempty"`  // the command that mends it
	See   string `json:"see,omitempty"`  // the command that shows more, where a person has to decide
	Safe  bool   `json:"safe,omitempty"` // doctor may run the fix: it ends no connection, moves no VIP and removes nothing
}

// Commands are those of a safe fix, word by word.
func (f Finding) Commands() (out [][]string) {
	if !f.Safe {
		return nil
	}
	for _, command := range strings.Split(f.Fix, " && ") {
		out = append(out, strings.Fields(command))
	}
	return out
}

// Failed says whether anything is failing.
func Failed(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Level == Failing })
}

// examination collects findings.
type examination struct{ findings []Finding }

func (e *examination) ok(id, format string, args ...any) {
	e.findings = append(e.findings, Finding{ID: id, Level: OK, What: fmt.Sprintf(format, args...)})
}

func (e *examination) warn(id string, r remedy, format string, args ...any) {
	e.findings = append(e.findings, Finding{id, Warning, fmt.Sprintf(format, args...), r.fix, r.see, r.safe})
}

func (e *examination) fail(id string, r remedy, format string, args ...any) {
	e.findings = append(e.findings, Finding{id, Failing, fmt.Sprintf(format, args...), r.fix, r.see, r.safe})
}
