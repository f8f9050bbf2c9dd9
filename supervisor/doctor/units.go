package doctor

import (
	"slices"
	"strings"
)

// The units of a node. Two are the daemons' own, which lbsup adds a drop-in to.
var (
	daemonUnits = []string{"haproxy.service", "keepalived.service"}
	ownUnits    = []string{"lbsup.service", "lbsup-health.socket", "lbsup-control.socket", "lbsup-wire.socket"}
)

const (
	healthSocket = "lbsup-health.socket"
	readUnits    = "systemctl daemon-reload"
	dropIn       = "50-lbsup.conf"
)

func units(e *examination, p patient) {
	if p.Systemd.Problem != "" {
		e.warn("systemd", see("systemctl status"), "the units could not be asked for: %s", p.Systemd.Problem)
		return
	}
	for _, name := range slices.Concat(daemonUnits, ownUnits) {
		unit(e, name, p.Systemd.Units[name], p.Installer)
	}
	for _, name := range daemonUnits {
		supplement(e, name, p.Systemd.Units[name], p.Installer)
	}
	order(e, p.Systemd, p.Installer)
}

// unit says whether a unit runs now and will after a boot.
func unit(e *examination, name string, u Unit, installer string) {
	id := "unit." + name
	switch {
	case u.LoadState == "masked":
		e.fail(id, safely("systemctl unmask "+name+" && systemctl enable "+name), "%s is masked: it can never start", name)
	case u.LoadState != "loaded":
		packageName, _, _ := strings.Cut(name, ".")
		if slices.Contains(ownUnits, name) {
			packageName = "lbsup"
		}
		e.fail(id, fix(installer+" install "+packageName), "%s is not installed", name)
	case u.ActiveState == "failed":
		e.fail(id, fix(u.reread()+"systemctl start "+name).or("journalctl -u "+name+" -n 20"), "%s has failed", name)
	case u.ActiveState != "active" && u.ActiveState != "reloading":
		e.fail(id, fix(u.reread()+u.start()+name), "%s does not run: it is %s", name, u.ActiveState)
	case u.FileState == "disabled":
		e.warn(id, safely("systemctl enable "+name), "%s runs, and will not after a boot: it is disabled", name)
	default:
		e.ok(id, "%s runs, and is %s", name, u.FileState)
	}
}

func (u Unit) supplemented() bool {
	return slices.ContainsFunc(u.DropIns, func(path string) bool { return strings.HasSuffix(path, "/"+dropIn) })
}

// orderly is what makes keepalived wait. Where the drop-in is there and says something else, somebody meant it to.
func (u Unit) orderly(installer string) remedy {
	switch {
	case u.NeedReload:
		return safely(readUnits)
	case !u.supplemented():
		return fix(installer + " reinstall lbsup")
	}
	return see("systemctl cat keepalived.service")
}

// reread has systemd read what was changed before anything is started by it.
func (u Unit) reread() string {
	if u.NeedReload {
		return readUnits + " && "
	}
	return ""
}

// start is what starts a unit now, and at each boot where that is the unit's own business: a static one is started by another.
func (u Unit) start() string {
	if u.FileState == "static" {
		return "systemctl start "
	}
	return "systemctl enable --now "
}

// supplement looks for lbsup's drop-in: without it HAProxy has no master CLI for lbsup, and keepalived respawns too late.
func supplement(e *examination, name string, u Unit, installer string) {
	if u.LoadState != "loaded" {
		return
	}
	id := "unit.dropin." + name
	switch {
	case u.NeedReload:
		e.warn(id, safely(readUnits), "the files of %s were changed, and systemd has not read them again", name)
	case !u.supplemented():
		e.fail(id, fix(installer+" reinstall lbsup"), "%s lacks the drop-in %s of the package lbsup", name, dropIn)
	default:
		e.ok(id, "%s has lbsup's drop-in", name)
	}
}

// order looks at who waits for whom. systemd breaks a cycle by leaving out one of its units at boot, any of them.
func order(e *examination, s Systemd, installer string) {
	if len(s.Cycles) > 0 {
		e.fail("unit.cycle", see("systemd-analyze verify "+strings.Join(slices.Concat(daemonUnits, ownUnits[:1]), " ")),
			"units wait for each other, and a boot leaves one of them out: %s", s.Cycles[0])
	} else {
		e.ok("unit.cycle", "no units wait for each other")
	}
	k := s.Units["keepalived.service"]
	if k.LoadState != "loaded" {
		return
	}
	if !slices.Contains(k.After, healthSocket) {
		e.fail("unit.order", k.orderly(installer), "keepalived.service does not wait for %s: its first checks fail", healthSocket)
		return
	}
	e.ok("unit.order", "keepalived.service starts after %s", healthSocket)
}

// configs says whose configuration the daemons have.
func configs(e *examination, p patient) {
	for _, c := range configPaths {
		id := "config." + c.daemon
		handed := c.daemon == "haproxy" && len(p.local.HAProxy.Files) > 0
		switch found := p.Configs[c.path]; {
		case handed:
			e.ok(id, "HAProxy runs the hand-written files that the cluster file names")
		case !found.There:
			e.fail(id, fix("lbsup reload"), "%s is not there: nothing was applied yet", c.path)
		case !found.Ours:
			e.warn(id, fix("lbsup reload --overwrite"), "%s was not written by lbsup; the command replaces it, and keeps it with the generation", c.path)
		default:
			e.ok(id, "%s was written by lbsup", c.path)
		}
	}
}
