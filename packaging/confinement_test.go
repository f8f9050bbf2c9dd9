package packaging_test

import (
	"os"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// wish has the supervisor's stand-in try something from inside its unit.
func wish(t *testing.T, node *lab.Node, text string) string {
	t.Helper()
	const ask = `import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect("/run/lbsup/control.sock"); s.sendall((sys.argv[1]+"\n").encode()); print(s.makefile().read())`
	out, err := node.Run(t.Context(), "python3", "-c", ask, text)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// What the supervisor may do, and what it may not.
func testConfinement(t *testing.T, node *lab.Node) {
	const granted = "granted"
	for _, row := range []struct{ name, wish, want string }{
		{"its records", "write /var/lib/lbsup/records/1.json", granted},
		{"the track files", "write /run/keepalived-lbsup/VI_1", granted},
		{"what HAProxy is told of its servers, but not its directory", "write /run/lbsup/servers.state", "remove /run/lbsup/servers.state: permission denied"},
		{"keepalived's news", "fifo /run/lbsup/notify.fifo", granted},
		{"its own temporary files", "write /tmp/x", granted},
		{"the generations", "write /var/lib/lbsup/generations/x", "read-only file system"},
		{"HAProxy's configuration", "write /etc/haproxy/haproxy.cfg", "read-only file system"},
		{"keepalived's configuration", "write /etc/keepalived/x", "read-only file system"},
		{"its own configuration", "write /etc/lbsup/x", "read-only file system"},
		{"the check client", "write /usr/libexec/keepalived/lbsup-check", "read-only file system"},
		{"another service's files", "write /run/x", "permission denied"},
		{"passwords", "read /etc/shadow", "permission denied"},
		{"a low port", "bind :80", "permission denied"},
		{"a file's owner", "chown /run/keepalived-lbsup", "operation not permitted"},
		{"another user", "run runuser -u root true", "may not be used by non-root users"},
		{"an exec check", "run true", granted},
		{"a check that is a Python program", "run python3 -c 'import socket, subprocess; subprocess.check_call([\"true\"])'", granted},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := wish(t, node, row.wish); !strings.Contains(got, row.want) {
				t.Errorf("%s: got %q, want %q", row.wish, got, row.want)
			}
		})
	}
}

// What an apply may do beyond that. The daemons' own checks run inside its unit: also on a configuration with a
// regular expression, which HAProxy compiles to machine code, and on a certificate that only another user may read.
func testApply(t *testing.T, node *lab.Node) {
	write(t, node, "/tmp/regex.cfg", "defaults\n mode http\n timeout connect 1s\n timeout client 1s\n timeout server 1s\n"+
		"frontend f\n bind :8080\n http-request deny if { path_reg ^/(a|b)+[0-9]*$ }\n default_backend b\nbackend b\n server s 127.0.0.1:9\n")
	sh(t, node, "mv /tmp/regex.cfg /etc/lbsup/; install -d -o nobody -m 0700 /etc/lbsup/certs; echo x >/etc/lbsup/certs/c; chown nobody /etc/lbsup/certs/c; chmod 0600 /etc/lbsup/certs/c")
	const granted = "granted"
	rows := []struct{ name, wish, want string }{
		{"HAProxy's configuration", "write /etc/haproxy/x", granted},
		{"keepalived's configuration", "write /etc/keepalived/x", granted},
		{"a generation", "write /var/lib/lbsup/generations/x", granted},
		{"a file of the group", "chown /etc/haproxy/haproxy.cfg", granted},
		{"a trial bind", "bind :81", granted},
		{"a certificate of another user", "read /etc/lbsup/certs/c", granted},
		{"HAProxy's check", "run haproxy -c -f /etc/lbsup/regex.cfg", granted},
		{"HAProxy's version", "run haproxy -vv", granted},
		{"keepalived's check", "run keepalived -t -f /etc/keepalived/keepalived.conf", granted},
		{"keepalived's version", "run keepalived -v", granted},
		{"what executes as root elsewhere", "write /etc/cron.d/x", "read-only file system"},
		{"units", "write /usr/lib/systemd/system/x.service", "read-only file system"},
		{"its own input", "write /etc/lbsup/lbsup.yaml", "read-only file system"},
		{"a mount", "run mount -t tmpfs x /mnt", "permission denied"},
		{"the supervisor's environment", "run cat /proc/$(systemctl show -P MainPID lbsup.service)/environ", "Permission denied"},
	}
	var wishes []string
	for _, row := range rows {
		wishes = append(wishes, row.wish)
	}
	write(t, node, "/etc/lbsup/rollback-7.wishes", strings.Join(wishes, "\n")+"\n")
	sh(t, node, "systemctl start lbsup-apply@rollback-7.service")
	journal, err := node.Journal(t.Context(), "lbsup-apply@rollback-7.service")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			_, rest, found := strings.Cut(journal, row.wish+": ")
			got, _, _ := strings.Cut(rest, "\n")
			if !found || !strings.Contains(got, row.want) {
				t.Errorf("%s: got %q, want %q", row.wish, got, row.want)
			}
		})
	}
	if got := sh(t, node, "systemctl list-units --all --plain --no-legend 'lbsup-apply@*'"); got != "" {
		t.Errorf("a finished apply stays loaded: %s", got)
	}
}

// What user lbsup may ask of systemd.
func testPolkit(t *testing.T, node *lab.Node) {
	sh(t, node, "systemctl restart haproxy.service keepalived.service")
	write(t, node, "/etc/lbsup/reload.wishes", "")
	const call = "busctl --system call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager "
	for _, row := range []struct {
		name, call string
		allowed    bool
	}{
		{"reload haproxy", "ReloadUnit ss haproxy.service replace", true},
		{"restart haproxy", "RestartUnit ss haproxy.service replace", true},
		{"start keepalived", "StartUnit ss keepalived.service replace", true},
		{"reload keepalived", "ReloadUnit ss keepalived.service replace", true},
		{"signal keepalived", "KillUnit ssi keepalived.service main 1", true},
		{"start an apply", "StartUnit ss lbsup-apply@reload.service replace", true},
		{"have orphans taken off", "StartUnit ss lbsup-orphans.service replace", true},
		{"look at a unit", "GetUnit s haproxy.service", true},
		{"hear of units", "Subscribe", true},
		{"stop haproxy", "StopUnit ss haproxy.service replace", false},
		{"stop an apply", "StopUnit ss lbsup-apply@reload.service replace", false},
		{"stop the removal of orphans", "StopUnit ss lbsup-orphans.service replace", false},
		{"stop the listener", "StopUnit ss lbsup-wire.service replace", false},
		{"restart another unit", "RestartUnit ss systemd-logind.service replace", false},
		{"start a unit that is named like an apply", "StartUnit ss lbsup-apply@reload.service.socket replace", false},
		{"start a shell", "StartUnit ss debug-shell.service replace", false},
		{"signal itself", "KillUnit ssi lbsup.service main 15", false},
		{"reload the manager", "Reload", false},
		{"enable a unit", "EnableUnitFiles asbb 1 haproxy.service false false", false},
		{"set a property", "SetUnitProperties sba(sv) haproxy.service true 1 CPUWeight t 1", false},
		{"make a unit", "StartTransientUnit ssa(sv)a(sa(sv)) x.service replace 0 0", false},
		{"power off", "PowerOff", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, err := node.Run(t.Context(), "runuser", "-u", "lbsup", "--", "/bin/sh", "-c", call+strings.ReplaceAll(strings.ReplaceAll(row.call, "(", "\\("), ")", "\\)"))
			if row.allowed && err != nil {
				t.Errorf("refused: %v %s", err, out)
			}
			if !row.allowed {
				refused := err != nil && (strings.Contains(err.Error(), "Access denied") || strings.Contains(err.Error(), "authentication required"))
				if !refused {
					t.Errorf("not refused: %v %s", err, out)
				}
			}
		})
	}
}
