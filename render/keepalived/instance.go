package keepalived

import (
	"fmt"
	"strconv"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// instance writes a VRRP instance. Every node begins as BACKUP and wins by its priority. There is no nopreempt: with weights it
// would never fail over (keepalived#2599), so the plan makes a holder keep its address by the holder's priority.
func (p *page) instance(l *cluster.Local, i cluster.Instance, plan Plan, secrets cluster.Secrets, build Build) {
	p.gap()
	p.open("vrrp_instance", i.Name)
	p.line("state", "BACKUP")
	p.line("interface", i.Interface)
	p.line("virtual_router_id", strconv.Itoa(i.RouterID))
	p.line("priority", strconv.Itoa(plan.Instance(i.Name).Base))
	p.line("advert_int", seconds(l.VRRP.AdvertInterval))
	if l.VRRP.Unicast && len(l.Peers) > 0 { // keepalived refuses one word about unicast without a peer
		p.unicast(l, i)
	}
	if i.Auth != nil {
		p.authentication(i, secrets, build)
	}
	p.addresses(i)
	if len(i.Track.Interfaces) > 0 {
		p.block("track_interface", i.Track.Interfaces)
	}
	p.block("track_file", []string{i.Name})
	p.block("track_script", []string{scriptName})
	p.close()
}

// unicast writes who gets the adverts, and from which address they come.
func (p *page) unicast(l *cluster.Local, i cluster.Instance) {
	peers := make([]string, len(l.Peers))
	for n, peer := range l.Peers {
		peers[n] = peer.Address.String()
	}
	for _, v := range i.Addresses {
		if v.Address.Addr().Is4() != l.Node.Address.Is4() {
			p.fail(fmt.Errorf("vrrp.instances.%s: cannot send unicast adverts for %s from %s: want addresses of one family", i.Name, v.Address, l.Node.Address))
			return
		}
	}
	p.line("unicast_src_ip", l.Node.Address.String())
	p.block("unicast_peer", peers)
}

// authentication writes VRRPv2's. No error repeats the password.
func (p *page) authentication(i cluster.Instance, secrets cluster.Secrets, build Build) {
	where := "vrrp.instances." + i.Name + ".auth"
	password, ok := secrets[i.Auth.PasswordFile]
	switch {
	case !build.Auth:
		p.fail(fmt.Errorf("%s: cannot authenticate adverts: keepalived %s was built without VRRP authentication", where, build.Version))
	case !ok:
		p.fail(fmt.Errorf("%s: cannot find the contents of %q among the secrets", where, i.Auth.PasswordFile))
	case len(password) == 0 || len(password) > 8:
		p.fail(fmt.Errorf("%s: cannot use the password from %q: got %d characters, want 1 to 8", where, i.Auth.PasswordFile, len(password)))
	case !quotable(password):
		p.fail(fmt.Errorf("%s: cannot use the password from %q: keepalived takes no blanks and none of \" \\ $ ~ in it", where, i.Auth.PasswordFile))
	default:
		p.open("authentication")
		p.line("auth_type", map[string]string{"pass": "PASS", "ah": "AH"}[i.Auth.Type])
		p.quoted("auth_pass", password)
		p.close()
	}
}

// addresses writes the VIPs in the order of the cluster file, which is the same on every node. Only the first goes into the
// adverts: keepalived takes an advert with other addresses than its own for none at all, so while two nodes differ in a list
// that is advertised both of them are master. With the others excluded, VIPs come and go on one node after the other.
func (p *page) addresses(i cluster.Instance) {
	p.addressBlock("virtual_ipaddress", i.Addresses[:1])
	if len(i.Addresses) > 1 {
		p.addressBlock("virtual_ipaddress_excluded", i.Addresses[1:])
	}
}

func (p *page) addressBlock(name string, addresses []cluster.VIP) {
	p.open(name)
	for _, v := range addresses {
		words := []string{v.Address.String(), "dev", v.Interface}
		if v.Label != "" {
			words = append(words, "label", v.Label)
		}
		p.line(words...)
	}
	p.close()
}

// seconds writes an interval. VRRPv3 knows hundredths of a second, and keepalived takes them as a decimal fraction.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Truncate(10*time.Millisecond).Seconds(), 'f', -1, 64)
}
