package host

import (
	"fmt"
	"strings"
)

// Where things go on a host.
const (
	ServicesDir = "/etc/firewalld/services"
	SysctlFile  = "/etc/sysctl.d/60-lbsup.conf"
)

// SysctlText is the file of settings, or nothing where none is needed.
func (n Needs) SysctlText() string {
	if len(n.Sysctls) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("# Written by lbsup host apply, from the cluster file.\n")
	for _, s := range n.Sysctls {
		fmt.Fprintf(&b, "\n# %s\n%s = %s\n", s.Why, s.Key, s.Value)
	}
	return b.String()
}

// Text tells a person everything that the host needs.
func (n Needs) Text() string {
	var b strings.Builder
	for _, s := range n.Firewalld() {
		zones := "the default zone"
		if len(s.Interfaces) > 0 {
			zones = "the zone of " + strings.Join(s.Interfaces, ", ")
		}
		fmt.Fprintf(&b, "# ---- firewalld, %s: %s/%s.xml\n\n%s\n", zones, ServicesDir, s.Name, s.Text)
		if rules := s.RichRules(); len(rules) > 0 {
			fmt.Fprintf(&b, "# Not for all of that zone, but by its rich rules:\n#   %s\n\n", strings.Join(rules, "\n#   "))
		}
	}
	b.WriteString("# ---- nftables, without firewalld: in the chain that judges what comes in\n\n")
	for _, rule := range n.Rules() {
		b.WriteString(rule + "\n")
	}
	if text := n.SysctlText(); text != "" {
		fmt.Fprintf(&b, "\n# ---- %s\n\n%s", SysctlFile, text)
	}
	b.WriteString("\n# ---- not needed, though hand-built pairs set it\n")
	for _, s := range n.Unneeded {
		fmt.Fprintf(&b, "\n# %s\n# %s = %s\n", s.Why, s.Key, s.Value)
	}
	for _, note := range n.Notes {
		fmt.Fprintf(&b, "\n# note: %s\n", note)
	}
	return b.String()
}
