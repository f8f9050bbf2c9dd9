package keepalived

import (
	"strconv"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
)

// global writes what concerns all instances. There is no vrrp_strict: with it, keepalived built with firewall support drops all
// traffic to the VIPs, and it refuses unicast and authentication.
func (p *page) global(l *cluster.Local) {
	p.open("global_defs")
	p.line("router_id", l.Node.Name)
	p.line("enable_script_security")
	p.line("script_user", render.ScriptUser)
	p.line("vrrp_version", strconv.Itoa(l.VRRP.Version))
	p.line("vrrp_notify_fifo", render.NotifyFIFO)
	// Nodes that are changed one after the other differ in their VIPs for a while. Without this both would be master until then.
	p.line("vrrp_skip_check_adv_addr")
	// Gratuitous ARP is lost now and then: say again every minute who has the address.
	p.line("vrrp_garp_master_refresh", "60")
	// Adverts must leave in time on a busy host, too.
	p.line("vrrp_priority", "-20")
	p.line("vrrp_no_swap")
	if l.VRRP.Mail != nil {
		p.mail(l.VRRP.Mail)
	}
	p.close()
}

func (p *page) mail(m *cluster.Mail) {
	p.block("notification_email", m.To)
	p.line("notification_email_from", m.From)
	p.line("smtp_server", m.Server.Addr().String(), strconv.Itoa(int(m.Server.Port())))
	p.line("smtp_connect_timeout", "10")
	p.line("smtp_alert_vrrp", "true")
}
