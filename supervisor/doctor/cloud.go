package doctor

import (
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
		e.warn("cloud", fix("openstack port set "+strings.Join(pairs, " ")+" PORT   # each node's port"),
			"this is %s: its ports drop what comes from addresses that they do not know, so each VIP must be an allowed address pair", openStack)
	case aws, google, azure:
		if !p.local.VRRP.Unicast {
			e.fail("cloud", fix("lbsup reload   # with unicast: true under vrrp, on every node"), "this is %s, which carries no multicast: the nodes do not hear each other", p.Platform)
			return
		}
		e.warn("cloud", remedy{}, "this is %s, where an address moves by the platform's own interface alone: keepalived's %s stays unreachable without it", p.Platform, joined(vips))
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
