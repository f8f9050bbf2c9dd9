package doctor

import (
	"fmt"
	"strings"
)

// The platforms that filter what a machine sends, as their firmware names them (platformOf).
const (
	openStack = "OpenStack"
	aws       = "Amazon EC2"
	google    = "Google Compute Engine"
	azure     = "Microsoft Azure"
	vmware    = "VMware"
)

// cloud tells what a platform wants before a VIP can move. From inside the machine nobody sees whether it was done.
func cloud(e *examination, p patient) {
	var vips []string
	for _, i := range p.local.VRRP.Instances {
		for _, v := range i.Addresses {
			vips = append(vips, v.Address.Addr().String())
		}
	}
	switch p.Platform {
	case openStack:
		var pairs []string
		for _, v := range vips {
			pairs = append(pairs, "--allowed-address ip-address="+v)
		}
		e.warn("cloud", "openstack port set "+strings.Join(pairs, " ")+" PORT   # each node's port",
			"this is %s: its ports drop what comes from addresses that they do not know, so each VIP must be an allowed address pair", openStack)
	case aws, google, azure:
		if !p.local.VRRP.Unicast {
			e.fail("cloud", "write unicast: true under vrrp, on every node", "this is %s, which carries no multicast: the nodes do not hear each other", p.Platform)
			return
		}
		e.warn("cloud", "", "this is %s, where an address moves by the platform's own interface alone: keepalived's %s stays unreachable without it", p.Platform, joined(vips))
	case vmware:
		e.ok("cloud", "this is %s: VIPs move without promiscuous mode, for no virtual hardware addresses are used", vmware)
	default:
		e.ok("cloud", "this is no platform that is known to filter adverts or VIPs")
	}
}

// platformOf tells the platform by what the firmware says of its maker, the product and the chassis (dmi(8)'s sys_vendor, product_name,
// chassis_asset_tag).
func platformOf(vendor, product, chassis string) string {
	// Azure's asset tag tells it from other Hyper-V machines.
	const azureTag = "7783-7084-3265-9085-8269-3286-77"
	switch {
	case strings.Contains(vendor, "OpenStack"), strings.Contains(product, "OpenStack"):
		return openStack
	case strings.HasPrefix(vendor, "Amazon"):
		return aws
	case strings.HasPrefix(vendor, "Google"):
		return google
	case chassis == azureTag:
		return azure
	case strings.HasPrefix(vendor, "VMware"):
		return vmware
	}
	return ""
}

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
			e.warn(id, fmt.Sprintf("sed -i.old '/NOPASSWD.*%s/d' %s && visudo -c", l.Text, l.Path),
				"%s lets a check run %s as root: lbsup-check needs no rights", l.Path, l.Text)
		case kindSELinux:
			e.warn(id, "semodule -X 400 -r "+l.Text, "the SELinux module %s was made by hand for keepalived: the package lbsup-selinux grants less", l.Text)
		case kindCheck:
			e.warn(id, "lbsup reload --overwrite", "%s asks by %q whether HAProxy works: that sees a process, and not whether it answers", l.Path, l.Text)
		case kindRoot:
			e.warn(id, "lbsup reload --overwrite", "%s runs its checks as root", l.Path)
		case kindScript:
			e.warn(id, "rm "+l.Path, "%s is a check that nothing runs any more", l.Path)
		case kindSysctl:
			e.warn(id, fmt.Sprintf("sed -i.old '/%s/d' %s && sysctl -w %s=0", l.Text, l.Path, l.Text), "%s sets %s, which nothing needs any more", l.Path, l.Text)
		case kindFirewalld:
			e.warn(id, fmt.Sprintf("firewall-cmd --permanent --remove-service=%s && firewall-cmd --permanent --delete-service=%s && firewall-cmd --reload", l.Text, l.Text),
				"%s is a firewalld service made by hand: lbsup host apply makes one with exactly the ports", l.Path)
		}
	}
}
