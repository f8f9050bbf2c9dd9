package doctor

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/doctor"
	"github.com/lbsup/lbsup/test/lab"
)

// patience is far longer than anything here takes on an idle machine. Each question takes a few seconds by itself.
const patience = 60 * time.Second

type answer struct {
	code     int
	findings map[string]doctor.Finding
	fixed    []struct{ Command, Problem string }
}

// ask asks doctor once.
func ask(t *testing.T, n *lab.Node, flags string) answer {
	t.Helper()
	out, code := try(t, n, "lbsup doctor --json "+flags)
	var said struct {
		Findings []doctor.Finding
		Fixed    []struct{ Command, Problem string }
	}
	if err := json.Unmarshal([]byte(out), &said); err != nil {
		t.Fatalf("%s: exit code %d, %v: %s", n.Name, code, err, out)
	}
	a := answer{code: code, findings: map[string]doctor.Finding{}, fixed: said.Fixed}
	for _, f := range said.Findings {
		a.findings[f.ID] = f
	}
	return a
}

// want is a part of what a finding must say, by ID: "failing: is masked".
type want map[string]string

// misses says what an answer lacks of what is wanted.
func (a answer) misses(w want) (out []string) {
	for id, text := range w {
		level, part, _ := strings.Cut(text, ": ")
		if f := a.findings[id]; string(f.Level) != level || !strings.Contains(f.What, part) {
			out = append(out, id+": got "+string(f.Level)+": "+f.What+"; want "+text)
		}
	}
	return out
}

// says asks until the answer is as wanted.
func says(t *testing.T, n *lab.Node, w want) answer {
	t.Helper()
	for begin := time.Now(); ; {
		a := ask(t, n, "")
		misses := a.misses(w)
		if len(misses) == 0 {
			return a
		}
		if time.Since(begin) > patience || t.Context().Err() != nil {
			t.Fatalf("%s: %s", n.Name, strings.Join(misses, "\n"))
		}
	}
}

// well waits until nothing is failing, and no kind of finding that this package provokes is missing.
func well(t *testing.T, n *lab.Node) answer {
	t.Helper()
	for begin := time.Now(); ; {
		a := ask(t, n, "")
		if a.code == 0 {
			return a
		}
		if time.Since(begin) > patience || t.Context().Err() != nil {
			for _, f := range a.findings {
				if f.Level == doctor.Failing {
					t.Errorf("%s: %s: %s", n.Name, f.ID, f.What)
				}
			}
			t.FailNow()
		}
	}
}

// level is the level at which a node's own answer has every one of some findings.
func level(t *testing.T, a answer, level doctor.Level, ids want) {
	t.Helper()
	for id := range ids {
		if f, there := a.findings[id]; !there && (strings.HasPrefix(id, "leftover.") || strings.HasPrefix(id, "firewall.")) {
			continue // there is one line for all of them where nothing is left, or no rule judges
		} else if f.Level != level {
			t.Errorf("%s is %q, want %q: %s", id, f.Level, level, f.What)
		}
	}
}
