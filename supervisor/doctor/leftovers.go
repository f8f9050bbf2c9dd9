package doctor

import (
	"fmt"
	"path/filepath"
	"strings"
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
	if len(p.Leftovers) == 0 {
		e.ok("leftover", "nothing is left of a pair built by hand")
		return
	}
	for _, l := range p.Leftovers {
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
