package packaging_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/lab"
)

const keepalivedConfig = `
vrrp_instance VI_1 {
	state BACKUP
	interface ens160
	virtual_router_id 51
	priority 250
	virtual_ipaddress {
		192.0.2.10/24
	}
}
`

// The package on a host: what it lays down, what its units allow, and what they forbid. One host serves all, for a boot is the dear part.
func TestPackage(t *testing.T) {
	node := host(t)
	t.Run("files", func(t *testing.T) { testFiles(t, node) })
	t.Run("repeated", func(t *testing.T) { testRepeated(t, node) })
	t.Run("verify", func(t *testing.T) { testVerify(t, node) })
	sh(t, node, "systemctl enable lbsup.service && systemctl start lbsup.service")
	t.Run("exposure", func(t *testing.T) { testExposure(t, node) })
	t.Run("haproxy", func(t *testing.T) { testHAProxy(t, node) })
	t.Run("haproxy of EL", func(t *testing.T) { testHAProxyOfEL(t, node) })
	t.Run("keepalived", func(t *testing.T) { testKeepalived(t, node) })
	t.Run("niceness", func(t *testing.T) { testNiceness(t, node) })
	t.Run("confinement", func(t *testing.T) { testConfinement(t, node) })
	t.Run("apply", func(t *testing.T) { testApply(t, node) })
	t.Run("polkit", func(t *testing.T) { testPolkit(t, node) })
	t.Run("restart", func(t *testing.T) { testRestart(t, node) })
	t.Run("remove", func(t *testing.T) { testRemove(t, node) })
}

func testFiles(t *testing.T, node *lab.Node) {
	got := sh(t, node, `cd / && stat -c '%A %U:%G %n' etc/lbsup run/lbsup run/lbsup/* run/keepalived-lbsup var/lib/lbsup var/lib/lbsup/* `+
		`usr/bin/lbsup usr/libexec/keepalived/lbsup-check; id -Gn lbsup; getent passwd keepalived_script | cut -d: -f7`)
	want := strings.TrimSpace(`
drwxr-x--- root:lbsup etc/lbsup
drwxr-xr-x root:lbsup run/lbsup
prw-rw---- root:lbsup run/lbsup/notify.fifo
-rw-r--r-- lbsup:lbsup run/lbsup/servers.state
drwxr-xr-x lbsup:lbsup run/keepalived-lbsup
drwxr-x--- root:lbsup var/lib/lbsup
drwxr-x--- root:lbsup var/lib/lbsup/generations
drwxr-x--- lbsup:lbsup var/lib/lbsup/records
-rwxr-xr-x root:root usr/bin/lbsup
-rwxr-xr-x root:root usr/libexec/keepalived/lbsup-check
lbsup haproxy
/usr/sbin/nologin`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The script is run again by every upgrade.
func testRepeated(t *testing.T, node *lab.Node) {
	if err := node.Install(t.Context(), standin(t)); err != nil {
		t.Error(err)
	}
}

// systemd-analyze exits 0 also when it complains, so its words count.
func testVerify(t *testing.T, node *lab.Node) {
	units := "lbsup.service lbsup-apply@reload.service lbsup-recover.service lbsup-orphans.service lbsup-wire.service lbsup-wire.socket lbsup-health.socket lbsup-control.socket haproxy.service keepalived.service"
	out := sh(t, node, "systemd-analyze verify --man=no "+units+" 2>&1")
	for line := range strings.Lines(out) {
		if strings.Contains(line, "lbsup") || strings.Contains(line, "ordering cycle") {
			t.Errorf("systemd-analyze: %s", line)
		}
	}
}

func testExposure(t *testing.T, node *lab.Node) {
	level := regexp.MustCompile(`Overall exposure level for \S+: ([0-9.]+)`)
	for unit, most := range map[string]float64{"lbsup.service": 1.6, "lbsup-apply@reload.service": 2.5, "lbsup-recover.service": 2.5, "lbsup-wire.service": 2, "lbsup-orphans.service": 2.5} {
		out := sh(t, node, "systemd-analyze security --no-pager "+unit)
		match := level.FindStringSubmatch(out)
		if match == nil {
			t.Fatalf("no exposure level of %s in %q", unit, out)
		}
		got, _ := strconv.ParseFloat(match[1], 64) // the pattern lets only a number through
		t.Logf("%s: %v", unit, got)
		if got > most {
			t.Errorf("exposure of %s: got %v, want at most %v\n%s", unit, got, most, out)
		}
	}
}

// The drop-in gives group haproxy the master CLI, whatever the distribution's unit and the admin's options say.
func testHAProxy(t *testing.T, node *lab.Node) {
	sh(t, node, "systemctl restart haproxy.service")
	if got, want := sh(t, node, "stat -c '%A %U:%G' /run/haproxy-master.sock"), "srw-rw---- root:haproxy"; got != want {
		t.Errorf("master socket: got %q, want %q", got, want)
	}
	line := sh(t, node, "tr '\\0' ' ' </proc/$(systemctl show -P MainPID haproxy.service)/cmdline")
	if strings.Count(line, " -S ") != 1 {
		t.Errorf("want one -S: %q", line)
	}
	if got := wish(t, node, "dial /run/haproxy-master.sock"); got != "granted" {
		t.Errorf("the supervisor at the master CLI: %s", got)
	}
	old := sh(t, node, "systemctl show -P MainPID haproxy.service")
	sh(t, node, "kill -9 "+old)
	eventually(t, "haproxy is started again", func() bool {
		return sh(t, node, "systemctl show -P ActiveState haproxy.service") == "active" &&
			sh(t, node, "systemctl show -P MainPID haproxy.service") != old
	})
}

// Both daemons come before whatever else keeps the processors busy, as far as the host lets itself be told.
func testNiceness(t *testing.T, node *lab.Node) {
	allowed := sh(t, node, "nice -n -20 sh -c 'ps -o ni= -p $$'") == "-20"
	for unit, want := range map[string]string{"haproxy.service": "-10", "keepalived.service": "-20"} {
		sh(t, node, "systemctl restart "+unit)
		pid := sh(t, node, "systemctl show -P MainPID "+unit)
		if got := strings.TrimSpace(sh(t, node, "ps -o ni= -p "+pid)); allowed && got != want {
			t.Errorf("niceness of %s: got %s, want %s", unit, got, want)
		}
	}
	t.Logf("niceness allowed: %v", allowed)
}

// The unit as EL and Fedora have it, with its options under another name and in another file, and without a master CLI.
func testHAProxyOfEL(t *testing.T, node *lab.Node) {
	write(t, node, "/etc/sysconfig/haproxy", "OPTIONS=-dS\n")
	write(t, node, "/etc/systemd/system/haproxy.service", `[Service]
Environment="CONFIG=/etc/haproxy/haproxy.cfg" "PIDFILE=/run/haproxy.pid"
EnvironmentFile=/etc/sysconfig/haproxy
ExecStart=/usr/sbin/haproxy -Ws -f $CONFIG -p $PIDFILE $OPTIONS
ExecReload=/bin/kill -USR2 $MAINPID
KillMode=mixed
SuccessExitStatus=143
Type=notify
`)
	sh(t, node, "rm /run/haproxy-master.sock; systemctl daemon-reload; systemctl restart haproxy.service")
	if got, want := sh(t, node, "stat -c '%A %U:%G' /run/haproxy-master.sock"), "srw-rw---- root:haproxy"; got != want {
		t.Errorf("master socket: got %q, want %q", got, want)
	}
	if got, want := sh(t, node, "systemctl show -P Restart haproxy.service"), "always"; got != want {
		t.Errorf("Restart: got %q, want %q", got, want)
	}
	sh(t, node, "rm /etc/systemd/system/haproxy.service; systemctl daemon-reload; systemctl restart haproxy.service")
}

// keepalived does not respawn its VRRP process: its unit ends and starts anew, and takes the orphaned address along.
func testKeepalived(t *testing.T, node *lab.Node) {
	const vip = "ip -o address show to 192.0.2.10/32"
	write(t, node, "/etc/keepalived/keepalived.conf", keepalivedConfig)
	sh(t, node, "systemctl restart keepalived.service")
	masters := func() int {
		journal, _ := node.Journal(t.Context(), "keepalived.service")
		return strings.Count(journal, "(VI_1) Entering MASTER STATE")
	}
	eventually(t, "the VIP is held", func() bool { return masters() == 1 && sh(t, node, vip) != "" })
	parent := sh(t, node, "systemctl show -P MainPID keepalived.service")
	line := sh(t, node, "tr '\\0' ' ' </proc/"+parent+"/cmdline")
	if !strings.Contains(line, " -R") {
		t.Errorf("want -R: %q", line)
	}
	sh(t, node, "kill -9 $(pgrep -P "+parent+")")
	eventually(t, "the unit is started anew", func() bool {
		return sh(t, node, "systemctl show -P ActiveState keepalived.service") == "active" &&
			sh(t, node, "systemctl show -P MainPID keepalived.service") != parent
	})
	// The address alone proves nothing here: it may be the orphan.
	eventually(t, "the VIP is held by the new process", func() bool { return masters() == 2 && sh(t, node, vip) != "" })
	sh(t, node, "systemctl stop keepalived.service")
	if got := sh(t, node, vip); got != "" {
		t.Errorf("a stopped keepalived left the VIP: %s", got)
	}
}

// A supervisor that cannot start is tried for ever, and its sockets outlive that; a check waits through a restart.
func testRestart(t *testing.T, node *lab.Node) {
	const ask = "curl -sS --max-time 20 --unix-socket /run/lbsup/health.sock http://lbsup/check"
	inode := sh(t, node, "stat -c %i /run/lbsup/health.sock")
	sh(t, node, "touch /etc/lbsup/crash; systemctl kill -s KILL lbsup.service")
	// An impatient client asks on and on: each of its questions is one more trigger of the socket.
	sh(t, node, "systemd-run --quiet --unit=asker /bin/sh -c 'while :; do "+ask+" --max-time 0.05; done'")
	eventually(t, "ten starts failed", func() bool {
		restarts, _ := strconv.Atoi(sh(t, node, "systemctl show -P NRestarts lbsup.service"))
		return restarts >= 10
	})
	sh(t, node, "systemctl stop asker.service; rm /etc/lbsup/crash")
	if got := sh(t, node, ask); got != "well" {
		t.Errorf("got %q, want %q", got, "well")
	}
	if got := sh(t, node, "stat -c %i /run/lbsup/health.sock"); got != inode {
		t.Error("the health socket was made anew")
	}
}

func testRemove(t *testing.T, node *lab.Node) {
	script := func(name, argument string) {
		t.Helper()
		if _, err := node.Script(t.Context(), read(t, "scripts/"+name), argument); err != nil {
			t.Error(err)
		}
	}
	script("preremove.sh", "1")
	if got := sh(t, node, "systemctl is-active lbsup.service"); got != "active" {
		t.Errorf("an upgrade ended the supervisor: %s", got)
	}
	script("preremove.sh", "0")
	fails(t, node, "systemctl is-active lbsup.service lbsup-health.socket lbsup-control.socket")
	script("postremove.sh", "0")
	if got := sh(t, node, "ls /run/lbsup"); got != "notify.fifo\nservers.state" {
		t.Errorf("left in /run/lbsup: %q", got)
	}
}
