package doctor

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// withoutRight takes the one line out, and nobody else's right to the same program. sudo does not read the copy, whose name has a dot.
func withoutRight(l Leftover) remedy {
	if strings.ContainsFunc(l.User+l.Path, func(r rune) bool { return !strings.ContainsRune(plainRunes, r) }) {
		return see("visudo -f '" + l.Path + "'")
	}
	return fix(fmt.Sprintf(`sed -i.old '/^[[:space:]]*%s[[:space:]].*NOPASSWD.*%s/d' %s && visudo -c`, l.User, l.Text, l.Path))
}

// plainRunes mean nothing to a shell, nor to sed.
const plainRunes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./%"

// leftovers lists what a pair built by hand has left, with how to remove each. None of it is removed by doctor.
func leftovers(e *examination, p patient) {
	left := slices.DeleteFunc(slices.Clone(p.Leftovers), p.used)
	if len(left) == 0 {
		e.ok("leftover", "nothing is left of a pair built by hand")
		return
	}
	loaded(e, left)
	for _, l := range left {
		id := "leftover." + l.Kind
		switch l.Kind {
		case kindSudoers:
			e.warn(id, withoutRight(l), "%s lets a check run %s as root: lbsup-check needs no rights", l.Path, l.Text)
		case kindSELinux:
			e.warn(id, fix("semodule -X "+filepath.Base(filepath.Dir(l.Path))+" -r "+l.Text), "the SELinux module %s was made by hand for keepalived: the package lbsup-selinux grants less", l.Text)
		case kindCheck:
			e.warn(id, fix("lbsup reload --overwrite"), "%s asks by %q whether HAProxy works: that sees a process, and not whether it answers", l.Path, l.Text)
		case kindRoot:
			e.warn(id, fix("lbsup reload --overwrite"), "%s runs its checks as root", l.Path)
		case kindScript:
			e.warn(id, fix("rm "+l.Path), "%s is a check that nothing runs any more", l.Path)
		case kindSysctl:
			e.warn(id, fix(fmt.Sprintf("sed -i.old '/%s/d' %s && sysctl -w %s=0", l.Text, l.Path, l.Text)), "%s sets %s, which nothing needs any more", l.Path, l.Text)
		case kindFirewalld:
			e.warn(id, fix(fmt.Sprintf("firewall-cmd --permanent --remove-service=%s && firewall-cmd --permanent --delete-service=%s && firewall-cmd --reload", l.Text, l.Text)),
				"%s is a firewalld service made by hand: lbsup host apply makes one with exactly the ports", l.Path)
		}
	}
}

// used says whether the cluster file has a use for what guides have people make.
func (p patient) used(l Leftover) bool {
	switch l.Kind {
	case kindScript:
		return slices.ContainsFunc(p.commands(), func(word string) bool { return strings.Contains(word, l.Path) })
	case kindSysctl:
		return p.bindsByHand()
	case kindLoaded:
		return slices.Contains(p.local.HAProxy.Files, l.Path)
	}
	return false
}

// commands are the words of all programs that the cluster file has lbsup run.
func (p patient) commands() (words []string) {
	for _, c := range p.local.Checks {
		words = append(words, c.Probe.Exec...)
	}
	for _, n := range p.local.Notices {
		words = append(words, n.Exec...)
	}
	return words
}

// bindsByHand says whether there may be a bind to a VIP without the word transparent, which needs ip_nonlocal_bind.
func (p patient) bindsByHand() bool {
	return len(p.local.HAProxy.Files) > 0 || slices.ContainsFunc(p.local.Services, func(s cluster.Service) bool {
		return slices.ContainsFunc(s.Raw, func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "bind") })
	})
}
