package page

import (
	"fmt"
	"strings"

	"github.com/lbsup/lbsup/supervisor/status"
)

// headline is the one sentence that a person who has no time reads: who has the VIPs.
func headline(s status.Snapshot, split map[string]bool) string {
	if len(s.Instances) == 0 {
		return "Nothing is installed yet"
	}
	for _, i := range s.Instances {
		if h := holders(s, i, split[i.Name]); len(h) > 1 {
			return fmt.Sprintf("%s both have the VIPs of %s", strings.Join(h, " and "), i.Name)
		}
	}
	held := map[string][]string{} // by node
	for _, i := range s.Instances {
		for _, n := range holders(s, i, false) {
			held[n] = append(held[n], i.Name)
		}
	}
	var parts []string
	for _, n := range s.Nodes {
		switch count := len(held[n.Name]); {
		case count == 0:
		case count == len(s.Instances):
			return n.Name + " holds " + theVIPs(s)
		default:
			parts = append(parts, n.Name+" holds "+strings.Join(held[n.Name], ", "))
		}
	}
	if len(parts) == 0 {
		return "No node is known to hold " + theVIPs(s)
	}
	return strings.Join(parts, "; ")
}

func theVIPs(s status.Snapshot) string {
	n := 0
	for _, i := range s.Instances {
		n += len(i.VIPs)
	}
	return "the VIP" + plural(n)
}

// subline says how it is otherwise.
func subline(s status.Snapshot) string {
	failing, warning := 0, 0
	for _, f := range s.Findings {
		if f.Severity == status.Failing {
			failing++
		} else {
			warning++
		}
	}
	switch {
	case failing > 0:
		return fmt.Sprintf("%d thing%s failing%s", failing, isOrAre(failing), also(warning))
	case warning > 0:
		return fmt.Sprintf("%d thing%s worth a look", warning, isOrAre(warning))
	default:
		return "All is well"
	}
}

func isOrAre(n int) string {
	if n == 1 {
		return " is"
	}
	return "s are"
}

func also(warnings int) string {
	if warnings == 0 {
		return ""
	}
	return fmt.Sprintf(", %d more worth a look", warnings)
}

// Change is a change under way, or the last one.
type Change struct {
	status.Change
	Tone  Tone   `json:"tone"`
	Words string `json:"words"`
	Step  int    `json:"step"` // how far it is: into Steps; -1: it goes back
}

// Steps are what a change goes through.
var Steps = []string{"applying", "activating", "verifying", "done"}

func changeOf(s status.Snapshot) *Change {
	if s.Change == nil {
		return nil
	}
	c := Change{Change: *s.Change, Step: -1}
	for n, step := range Steps {
		if c.Phase == step {
			c.Step = n
		}
	}
	switch {
	case c.Outcome != "":
		c.Tone, c.Step = toneOfOutcome(string(c.Outcome)), len(Steps)-1
		c.Words = fmt.Sprintf("%s by %s: %s", c.Request, c.By, c.Outcome)
	case c.Step < 0:
		c.Tone, c.Words = Warn, fmt.Sprintf("%s by %s is being taken back", c.Request, c.By)
	default:
		c.Tone, c.Words = Busy, fmt.Sprintf("%s by %s: %s", c.Request, c.By, c.Phase)
	}
	return &c
}
