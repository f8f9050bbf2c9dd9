package keepalived

import (
	"strconv"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
)

// global writes what concerns all instances. There is no vrrp_strict: with it, keepalived built with firewall support drops all
// traffic to the VIPs, and it refuses unicast and authentication.
func (p *page) global(l *cluster.Local, build Build) {
	p.open("global_defs")
	p.line("router_id", l.Node.Name)
	p.line("enable_script_security")
	p.line("script_user", render.ScriptUser)
	p.line("vrrp_version", strconv.Itoa(l.VRRP.Version))
	p.line("vrrp_notify_fifo", render.NotifyFIFO)
	// So that lbsup sees whether keepalived follows its track file: one that it cannot watch is dropped with a line in the log.
	p.line("vrrp_notify_priority_changes", "true")
	// Nodes that are changed one after the other differ in their VIPs for a while. Without this both would be master until then.
	p.line("vrrp_skip_check_adv_addr")
	p.neighbours()
	p.scheduling(build)
	if l.VRRP.Mail != nil {
		p.mail(l.VRRP.Mail)
	}
	p.close()
}

// neighbours writes how the network learns who has the address now. A gratuitous ARP that is lost costs as long as a neighbour
// believes its cache, up to a minute on Linux, so there are three at once (keepalived sends five to each VIP), three more after a
// second, and one every ten seconds later on. vrrp_min_garp would leave one single.
func (p *page) neighbours() {
	p.line("vrrp_garp_master_repeat", "3")
	p.line("vrrp_garp_master_delay", "1")
	p.line("vrrp_garp_master_refresh", "10")
	// A lowered holder and its successor have the address both for a moment. With a last advert from the one who yields, the
	// successor knows when that is over, and speaks up again.
	p.line("vrrp_higher_prio_send_advert", "true")
}

// scheduling has adverts leave in time on a busy host, too. keepalived whose CPU time in one piece exceeds the limit is killed;
// its own default of 10 ms is less than a reload may take, and one second still ends an endless loop. keepalived that may not run
// in real time goes on without: the unit's Nice then has to do.
//
// At a reload keepalived 2.2.7 sets that limit to nothing and then back, which takes CAP_SYS_RESOURCE. A container often has the
// capability for real time and not this one: there the VRRP process is killed (SIGKILL) soon after a reload.
func (p *page) scheduling(build Build) {
	if build.Contained {
		p.note("vrrp", "keepalived runs without real-time scheduling: in a container that may not raise its limits it would be killed after a reload")
	} else {
		p.line("vrrp_rt_priority", "50")
		p.line("vrrp_rlimit_rttime", "1000000")
	}
	p.line("vrrp_no_swap")
}

func (p *page) mail(m *cluster.Mail) {
	p.block("notification_email", m.To)
	p.line("notification_email_from", m.From)
	p.line("smtp_server", m.Server.Addr().String(), strconv.Itoa(int(m.Server.Port())))
	p.line("smtp_connect_timeout", "10")
	p.line("smtp_alert_vrrp", "true")
}
