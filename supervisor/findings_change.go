package supervisor

import (
	"strings"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

func changeFindings(s state.State) []status.Finding {
	last := s.Last
	if last == nil || s.Job != nil {
		return editedFindings(s)
	}
	switch last.Outcome {
	case status.Refused:
		return []status.Finding{warning(firstHint(last, "mend the cluster file; what runs is untouched"), "the last change, %s by %s, was refused: %s", last.Request, last.By, firstWords(last))}
	case status.RolledBack:
		return []status.Finding{warning(firstHint(last, "`lbsup history` tells more"), "the last change, %s by %s, was rolled back: %s", last.Request, last.By, firstWords(last))}
	case status.Broken:
		return []status.Finding{failing(firstHint(last, "`lbsup history` tells more"), "the last change, %s by %s, broke: %s", last.Request, last.By, firstWords(last))}
	default:
		return editedFindings(s)
	}
}

func editedFindings(s state.State) []status.Finding {
	if s.Edited && s.Job == nil && s.Installed.Number > 0 {
		return []status.Finding{warning("`lbsup plan` shows what `lbsup reload` would do", "the cluster file or a file that it names was edited and not applied")}
	}
	return nil
}

// firstHint is what the refusal itself says to do, if it says anything.
func firstHint(c *status.Change, otherwise string) string {
	if len(c.Problems) > 0 && c.Problems[0].Hint != "" {
		return c.Problems[0].Hint
	}
	return otherwise
}

func firstWords(c *status.Change) string {
	if len(c.Problems) > 0 {
		return c.Problems[0].Message
	}
	first, _, _ := strings.Cut(c.Output, "\n")
	return first
}

func driftFindings(s state.State) []status.Finding {
	var out []status.Finding
	for _, file := range s.Drift {
		out = append(out, warning("move the edit into the cluster file, or `lbsup reload --overwrite` puts back what lbsup wrote", "%s was changed by hand", file))
	}
	return out
}
