package supervisor

import (
	"fmt"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// findings lists what is wrong, what fails before what only may.
func findings(s state.State) []status.Finding {
	var all []status.Finding
	for _, look := range []func(state.State) []status.Finding{
		installedFindings, unitFindings, switchFindings, checkFindings, splitFindings, vipFindings, wireFindings, changeFindings, driftFindings,
	} {
		all = append(all, look(s)...)
	}
	return sorted(all)
}

// sorted puts what fails before what only may.
func sorted(all []status.Finding) []status.Finding {
	var out []status.Finding
	for _, severity := range []string{status.Failing, status.Warning} {
		for _, f := range all {
			if f.Severity == severity {
				out = append(out, f)
			}
		}
	}
	return out
}

func failing(hint, format string, args ...any) status.Finding {
	return status.Finding{Severity: status.Failing, What: fmt.Sprintf(format, args...), Hint: hint}
}

func warning(hint, format string, args ...any) status.Finding {
	return status.Finding{Severity: status.Warning, What: fmt.Sprintf(format, args...), Hint: hint}
}

func installedFindings(s state.State) []status.Finding {
	switch {
	case s.LoadError != "":
		return []status.Finding{failing("`journalctl -u lbsup` tells since when", "what is installed cannot be read: %s", s.LoadError)}
	case s.Installed.Number == 0:
		return []status.Finding{failing("write /etc/lbsup/lbsup.yaml; examples are in /usr/share/doc/lbsup/examples", "no cluster file was installed yet")}
	default:
		return nil
	}
}

func unitFindings(s state.State) []status.Finding {
	var out []status.Finding
	for _, name := range []string{state.HAProxyUnit, state.KeepalivedUnit} {
		u, known := s.Units[name]
		switch {
		case !known:
			out = append(out, warning("is D-Bus running? `systemctl status dbus`", "systemd has not told the state of %s", name))
		case u.ByHand:
			out = append(out, failing("`systemctl start "+name+"` starts it again", "%s was stopped by hand", name))
		case u.Active != "active" && u.Active != "reloading":
			out = append(out, failing("`journalctl -u "+name+"` has its last words", "%s is %s", name, u.Active))
		}
	}
	return out
}

// unasked is how long keepalived's track_script, which asks each second, may be silent.
const unasked = 10 * time.Second

// switchFindings looks whether the dead man's switch is armed. keepalived drops a script that it cannot run, says so
// in one line of its journal, and goes on as if all were well.
func switchFindings(s state.State) []status.Finding {
	unit := s.Units[state.KeepalivedUnit]
	if s.Installed.Keepalived.Generation == 0 || !unit.Running() || s.Ticked.Sub(unit.Since) < unasked || s.Ticked.Sub(s.Started) < unasked {
		return nil
	}
	if s.Ticked.Sub(s.Questioned) < unasked {
		return nil
	}
	return []status.Finding{failing("`journalctl -u keepalived` says why it does not run "+render.CheckClient,
		"keepalived does not ask whether lbsup is alive: its track_script does not run")}
}

func checkFindings(s state.State) []status.Finding {
	var out []status.Finding
	for _, v := range s.Verdicts() {
		switch v.Health {
		case checks.Failed:
			out = append(out, failing("", "check %s: %s", v.Check, v.Reason))
		case checks.Doubtful:
			out = append(out, warning("", "check %s is in doubt: %s", v.Check, v.Reason))
		}
	}
	return out
}

func vipFindings(s state.State) []status.Finding {
	var out []status.Finding
	if s.Installed.Local == nil {
		return nil
	}
	for _, i := range s.Installed.Local.VRRP.Instances {
		here, role := s.Holds(i.Name), roleOf(s, i).Name
		switch {
		case here && !s.Units[state.KeepalivedUnit].Running():
			out = append(out, failing("`systemctl restart keepalived` cleans up", "%s: the VIPs are here but keepalived does not run", i.Name))
		case role == master && !here:
			out = append(out, failing("`ip address` and the journal of keepalived", "%s: keepalived is MASTER but the VIPs are not here", i.Name))
		}
	}
	return out
}
