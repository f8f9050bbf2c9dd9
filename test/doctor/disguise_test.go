package doctor

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/supervisor/doctor"
)

// What a disguise puts in place of what there is.
const (
	// selinux is a kernel with SELinux: the directory of its file system that doctor looks into, and none of the others below it.
	selinux    = "mount -t tmpfs none /sys/fs; mkdir -p /sys/fs/selinux/booleans; echo 0 0 >/sys/fs/selinux/booleans/haproxy_connect_any\n"
	enforcing  = selinux + "echo 1 >/sys/fs/selinux/enforce\n"
	permissive = selinux + "echo 0 >/sys/fs/selinux/enforce\n"
	connectAny = "echo 1 1 >/sys/fs/selinux/booleans/haproxy_connect_any\n"

	// oldRules are those of the old iptables, as the process that the script becomes is told of them.
	oldRules = "mount -t tmpfs none /proc/$$/net; echo filter >/proc/$$/net/ip_tables_names\n"

	keyless = "HAProxy version 2.6.12-1 2023/12/16\nFeature list : +EPOLL -OPENSSL"
	oldest  = "HA-Proxy version 1.8.27-493ce0b 2020/11/06"
	bare    = "Keepalived v2.2.8 (04/04,2023)\nConfig options: LVS VRRP"
	older   = "Keepalived v2.0.20 (01/22,2020)\nConfig options: LVS VRRP VRRP_AUTH"
)

// firmware is a machine of a maker.
func firmware(maker string) string {
	return "mount -t tmpfs none /sys/class; mkdir -p /sys/class/dmi/id; echo '" + maker + "' >/sys/class/dmi/id/sys_vendor\n"
}

// hidden is a host without some programs: what cannot be executed is not found.
func hidden(paths ...string) (script string) {
	for _, path := range paths {
		script += "mount --bind /dev/null " + path + "\n"
	}
	return script
}

// speaking is a program that says something else of itself.
func speaking(path, text string) string {
	fake := "/run/as-" + strings.ReplaceAll(path, "/", "-")
	return "printf '#!/bin/sh\\ncat <<END\\n%s\\nEND\\n' '" + text + "' >" + fake + "; chmod 755 " + fake + "; mount --bind " + fake + " " + path + "\n"
}

// clock has the kernel answer something else when it is asked for its clock: the machine's own is synchronized or not, and no business of a test.
func clock(answer string) string {
	return "strace -f -o /dev/null -e trace=adjtimex,clock_adjtime -e inject=adjtimex,clock_adjtime:" + answer + " "
}

// unsynchronized is STA_UNSYNC in the field status, which stands 40 bytes into struct timex (adjtimex(2)); without it, all is zero and well.
var unsynchronized = "retval=0:poke_exit=@arg1=" + strings.Repeat("00", 40) + "40000000"

// semanage keeps the types of ports in a file, and changes them as the real one does: what has a type of its own is modified, the rest added.
const semanage = `#!/bin/sh
case "$2" in
-l) cat /run/ports ;;
-a) ! grep -q " $7\$" /run/ports && echo "$4 tcp $7" >>/run/ports ;;
-m) grep -q " $7\$" /run/ports && sed -i "/ $7\$/d" /run/ports && echo "$4 tcp $7" >>/run/ports ;;
esac
`

// ports are some of the targeted policy's.
const ports = `SELinux Port Type              Proto    Port Number

http_port_t                    tcp      80, 81, 443, 488, 8008, 8009, 8443, 9000
pki_ca_port_t                  tcp      9443
unreserved_port_t              tcp      1024-32767, 61001-65535
`

// semodule takes a module away, and visudo has nothing to say: neither is on a host without SELinux or sudo.
const semodule = "#!/bin/sh\n[ \"$1 $3\" = '-X -r' ] && rm -r /var/lib/selinux/targeted/active/modules/$2/$4\n"

const modules = "/var/lib/selinux/targeted/active/modules"

// unitOfEL is a unit of HAProxy that loads a directory, too.
const unitOfEL = `sed 's/^ExecStart=.*-f $CONFIG/& -f $CFGDIR/' /usr/lib/systemd/system/haproxy.service >/run/haproxy.service
mount --bind /run/haproxy.service /usr/lib/systemd/system/haproxy.service
`

// guarded is a host where SELinux enforces, and some things are not there at all.
func guarded(t *testing.T, p *pair) {
	n := p.second
	write(t, n, "/usr/local/sbin/semanage", semanage, 0o755)
	write(t, n, "/run/ports", ports, 0o644)
	ask := func() answer { return p.disguised(t, n, enforcing, "lbsup doctor --json") }
	a := p.disguised(t, n, enforcing+firmware("OpenStack Foundation")+speaking("/usr/sbin/haproxy", keyless)+hidden("/usr/sbin/keepalived")+oldRules+
		unitOfEL+"mount -t tmpfs -o size=180m none /etc/haproxy; mkdir /etc/haproxy/conf.d; echo >/etc/haproxy/conf.d/a.cfg; fallocate -l 171m /etc/haproxy/big; mount -t tmpfs -o nr_inodes=60 none /var/log\n", "lbsup doctor --json")
	for _, one := range a.misses(want{
		"selinux":            "ok: SELinux is enforcing",
		"selinux.module":     "failing: the policy has no module lbsup",
		"selinux.port.443":   "ok: port 443 is http_port_t",
		"selinux.port.9443":  "failing: port 9443 is pki_ca_port_t, which HAProxy may not use",
		"selinux.port.22623": "failing: port 22623 has no type that HAProxy may use",
		"cloud":              "warning: this is OpenStack",
		"firewall":           "warning: there are rules of the old iptables",
		"program.haproxy":    "failing: HAProxy 2.6.12-1 was built without OpenSSL, and the cluster file wants TLS",
		"program.keepalived": "failing: keepalived: it is not installed",
		"config.haproxy":     "failing: /etc/haproxy/haproxy.cfg is not there",
		"leftover.loaded":    "warning: haproxy.service loads /etc/haproxy/conf.d/a.cfg too",
		"disk./etc/haproxy":  "warning: /etc/haproxy is nearly full: ",
		"disk./var/log":      "failing: /var/log has room for ",
	}) {
		t.Error(one)
	}
	if pairs := a.findings["cloud"].Fix; !strings.HasPrefix(pairs, "openstack port set --allowed-address ip-address=172.18.100.100 --allowed-address ip-address=10.131.0.1 PORT") {
		t.Errorf("on OpenStack the fix is %q", pairs)
	}
	sh(t, n, "mkdir -p "+modules+"/200/lbsup")
	p.mends(t, n, ask(), ask, "selinux.port.9443", "selinux.port.22623", "selinux.port.6443", "selinux.port.1936")
	after := ask()
	level(t, after, doctor.OK, want{"selinux.module": "", "selinux.port.9443": "", "selinux.port.80": ""})
	sh(t, n, "rm -r "+modules+" /usr/local/sbin/semanage")
}

// blind is a host where little can be asked.
func blind(t *testing.T, p *pair) {
	n := p.second
	a := p.disguised(t, n, permissive+firmware("Amazon EC2")+hidden("/usr/sbin/nft", "/usr/bin/ss", "/run/dbus/system_bus_socket", "/run/systemd/private")+
		speaking("/usr/sbin/haproxy", oldest)+speaking("/usr/sbin/keepalived", older), clock("error=EPERM")+"lbsup doctor --json")
	for _, one := range a.misses(want{
		"selinux":            "ok: SELinux is permissive",
		"selinux.module":     "warning: the policy has no module lbsup",
		"selinux.port.443":   "warning: the type of port 443 is not known",
		"cloud":              "failing: this is Amazon EC2, which carries no multicast",
		"systemd":            "warning: the units could not be asked for",
		"firewall":           "warning: the rules of the firewall could not be read: nft is not installed",
		"port":               "warning: who listens could not be seen: ss is not installed",
		"program.haproxy":    "failing: HAProxy: cannot render for HAProxy 1.8.27",
		"program.keepalived": "failing: keepalived: cannot render for keepalived 2.0.20",
		"clock":              "warning: whether the clock is right could not be seen: operation not permitted",
	}) {
		t.Error(one)
	}
	a = p.disguised(t, n, permissive+connectAny+firmware("VMware, Inc.")+"mount -t tmpfs none /var\n"+speaking("/usr/sbin/keepalived", bare),
		clock(unsynchronized)+"lbsup doctor --json --file /run/authenticated.yaml")
	for _, one := range a.misses(want{
		"selinux.ports":      "ok: haproxy_connect_any is on",
		"cloud":              "ok: this is VMware",
		"clock":              "warning: the clock follows no other",
		"disk./var/log":      "warning: the room below /var/log is not known",
		"program.keepalived": "failing: keepalived 2.2.8 was built without VRRP authentication, and the cluster file wants it",
	}) {
		t.Error(one)
	}
	a = p.disguised(t, n, firmware("Amazon EC2"), clock("retval=0")+"lbsup doctor --json --file /run/unicast.yaml")
	for _, one := range a.misses(want{
		"cloud":   "warning: this is Amazon EC2, where an address moves by the platform's own interface alone",
		"clock":   "ok: the clock is synchronized",
		"address": "failing: this host has no address 10.130.0.99: the adverts of node loadbalancer-2 cannot leave",
	}) {
		t.Error(one)
	}
}
