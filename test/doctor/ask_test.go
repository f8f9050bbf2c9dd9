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
	all      []doctor.Finding
	findings map[string]doctor.Finding // the last one of each ID
	fixed    []struct{ Command, Problem string }
}

// ask asks doctor once.
func (p *pair) ask(t *testing.T, n *lab.Node, flags string) answer {
	t.Helper()
	return p.hear(t, n, "lbsup doctor --json "+flags)
}

// disguised asks doctor in a mount namespace of its own, in which a script has put something else in place of what there is: programs, what the
// kernel and the firmware tell, files.
func (p *pair) disguised(t *testing.T, n *lab.Node, script, doctor string) answer {
	t.Helper()
	write(t, n, "/run/disguise", "set -e\n"+script+"\nexec "+doctor+"\n", 0o600)
	return p.hear(t, n, "unshare --mount --propagation private sh /run/disguise")
}

// hear takes down what doctor says.
func (p *pair) hear(t *testing.T, n *lab.Node, command string) answer {
	t.Helper()
	out, code := try(t, n, command)
	var said struct {
		Findings []doctor.Finding
		Fixed    []struct{ Command, Problem string }
	}
	if err := json.Unmarshal([]byte(out), &said); err != nil {
		t.Fatalf("%s: exit code %d, %v: %s", n.Name, code, err, out)
	}
	a := answer{code: code, all: said.Findings, findings: map[string]doctor.Finding{}, fixed: said.Fixed}
	for _, f := range said.Findings {
		a.findings[f.ID] = f
		p.ledger.saw(t, f)
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
func (p *pair) says(t *testing.T, n *lab.Node, w want) answer {
	t.Helper()
	return until(t, n, w, func() answer { return p.ask(t, n, "") })
}

// until asks in some way until the answer is as wanted.
func until(t *testing.T, n *lab.Node, w want, ask func() answer) answer {
	t.Helper()
	for begin := time.Now(); ; {
		a := ask()
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
func (p *pair) well(t *testing.T, n *lab.Node) answer {
	t.Helper()
	for begin := time.Now(); ; {
		a := p.ask(t, n, "")
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

// mends runs the fixes that findings show, as a person would who copies them, and waits until doctor finds each thing well, or no longer there. A fix
// may uncover another one: a unit that is no longer masked has to be started.
func (p *pair) mends(t *testing.T, n *lab.Node, a answer, ask func() answer, ids ...string) {
	t.Helper()
	ran, commands := map[string][]doctor.Finding{}, map[string]bool{}
	for begin := time.Now(); ; a = ask() {
		var ill []string
		for _, f := range a.all {
			if !wanted(f.ID, ids) || f.Level == doctor.OK {
				continue
			}
			ill = append(ill, f.ID+": "+f.What)
			if f.Fix != "" && !contains(ran[f.ID], f) {
				ran[f.ID] = append(ran[f.ID], f)
				if commands[f.Fix] {
					continue
				}
				commands[f.Fix] = true
				if out, code := try(t, n, f.Fix); code != 0 {
					t.Errorf("%s: %s: the fix %q ended with %d: %s", n.Name, f.ID, f.Fix, code, out)
				}
			}
		}
		if len(ill) == 0 {
			break
		}
		if time.Since(begin) > patience || t.Context().Err() != nil {
			t.Fatalf("%s: after the fixes: %s", n.Name, strings.Join(ill, "\n"))
		}
	}
	for _, id := range ids {
		if len(ran[id]) == 0 {
			t.Errorf("%s: no fix was shown for %s", n.Name, id)
		}
		for _, f := range ran[id] {
			p.ledger.helped(f)
		}
	}
}

func wanted(id string, ids []string) bool {
	for _, one := range ids {
		if one == id {
			return true
		}
	}
	return false
}

func contains(all []doctor.Finding, f doctor.Finding) bool {
	for _, one := range all {
		if one.Fix == f.Fix {
			return true
		}
	}
	return false
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
