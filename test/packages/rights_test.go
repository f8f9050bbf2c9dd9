package packages

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/host"
	"github.com/lbsup/lbsup/test/lab"
)

// firewalld itself reads the services, from where the package puts them.
func testFirewalld(t *testing.T, n *lab.Node) {
	for _, row := range []struct{ name, ports, protocols, destination string }{
		{"lbsup", "80/tcp 443/tcp 6443/tcp 22623/tcp", "", ""},
		{"lbsup-vrrp", "", "vrrp", "ipv4:224.0.0.18 ipv6:ff02::12"},
		{"lbsup-vrrp-unicast", "", "vrrp", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := map[string]string{}
			for line := range strings.Lines(sh(t, n, "firewall-offline-cmd --info-service="+row.name)) {
				key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
				got[key] = strings.TrimSpace(value)
			}
			if got["ports"] != row.ports || got["protocols"] != row.protocols || got["destination"] != row.destination {
				t.Errorf("got %v, want %+v", got, row)
			}
		})
	}
}

// firewalld takes what lbsup host apply asks it for the port of peers, and lists it as it was asked: by that it is known again.
func testRichRules(t *testing.T, n *lab.Node) {
	needs := host.Needs{Cluster: "c", Own: []host.Port{{Number: 9106, From: []netip.Addr{netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("fd00::2")}, For: "peers"}}}
	const offline = "firewall-offline-cmd --system-config=/root/firewalld --zone=public "
	for _, service := range needs.Firewalld() {
		sh(t, n, "mkdir -p /root/firewalld/services /root/firewalld/zones && cp /etc/firewalld/firewalld.conf /root/firewalld")
		write(t, n, "/root/firewalld/services/"+service.Name+".xml", service.Text, 0o644)
		for _, rule := range service.RichRules() {
			sh(t, n, offline+"--add-rich-rule='"+rule+"'")
		}
		got := strings.Split(sh(t, n, offline+"--list-rich-rules"), "\n")
		slices.Sort(got)
		if diff := cmp.Diff(service.RichRules(), got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// To look and to change are two rights.
func testRights(t *testing.T, n *lab.Node) {
	for _, row := range []struct {
		name, groups, command, want string
	}{
		{"a stranger looks", "nogroup", "status", "cannot open control socket"},
		{"a watcher looks", "lbsup", "status", ""},
		{"a watcher changes", "lbsup", "reload", "it is neither root nor in group lbsup-admin"},
		{"an admin changes", "lbsup,lbsup-admin", "reload", ""},
		{"the supervisor's own user changes", "lbsup,haproxy", "reload", "it is neither root nor in group lbsup-admin"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, err := n.Run(t.Context(), "setpriv", "--reuid=lbsup", "--regid=nogroup", "--groups="+row.groups, "lbsup", row.command)
			if row.want == "" && err != nil {
				t.Errorf("%v: %s", err, out)
			}
			if row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}
