package selinux

import (
	"slices"
	"strings"
	"testing"
)

// ban is what must not be granted. The example breaks it.
type ban struct {
	name                  string
	source, target, class string // "*" is any
	permissions           []string
	but                   string // those for which it is right, where any is meant
	example               string // the rule of CIL that a mistake would add
	choice                bool   // a boolean that is off grants it, so no assertion can forbid it
}

func changing() []string {
	return []string{"append", "create", "link", "relabelto", "rename", "setattr", "unlink", "write"}
}

func anything() []string { return []string{"*"} }

func entering() []string { return []string{"transition"} }

func running() []string { return []string{"execute", "execute_no_trans"} }

var bans = []ban{
	{name: "the supervisor writes no configuration: the daemons run what is named there, as root", source: "lbsup_t", target: "lbsup_daemon_conf_t", class: "file",
		permissions: changing(), example: "(allow lbsup_t lbsup_daemon_conf_t (file (open write)))"},
	{name: "nor by renaming", source: "lbsup_t", target: "lbsup_daemon_conf_t", class: "dir",
		permissions: []string{"add_name", "remove_name", "write"}, example: "(allow lbsup_t lbsup_daemon_conf_t (dir (add_name write)))"},
	{name: "the supervisor does not read the daemons' configuration: passwords", source: "lbsup_t", target: "lbsup_daemon_conf_t", class: "file",
		permissions: []string{"open", "read"}, example: "(allow lbsup_t lbsup_daemon_conf_t (file (open read)))"},
	{name: "the supervisor does not read passwords", source: "lbsup_t", target: "lbsup_secret_t", class: "file",
		permissions: []string{"open", "read"}, example: "(allow lbsup_t lbsup_secret_t (file (read)))"},
	{name: "the supervisor does not read keys", source: "lbsup_t", target: "cert_t", class: "file",
		permissions: []string{"open", "read"}, example: "(allow lbsup_t cert_t (file (open read)))", choice: true},
	{name: "the supervisor does not change what root is going to apply", source: "lbsup_t", target: "lbsup_etc_t", class: "file",
		permissions: changing(), example: "(allow lbsup_t lbsup_etc_t (file (append)))"},
	{name: "the supervisor does not rewrite generations, which a rollback installs", source: "lbsup_t", target: "lbsup_var_lib_t", class: "file",
		permissions: changing(), example: "(allow lbsup_t lbsup_var_lib_t (file (setattr)))"},
	{name: "the supervisor writes nowhere in /etc", source: "lbsup_t", target: "etc_t", class: "file",
		permissions: changing(), example: "(allow lbsup_t etc_t (file (write)))"},
	{name: "the supervisor executes no shell", source: "lbsup_t", target: "shell_exec_t", class: "file",
		permissions: running(), example: "(allow lbsup_t shell_exec_t (file (execute)))"},
	{name: "the supervisor executes no program but the daemons', for their version, and checks", source: "lbsup_t", target: "bin_t", class: "file",
		permissions: running(), example: "(allow lbsup_t bin_t (file (execute execute_no_trans)))"},
	{name: "nobody executes systemctl", source: "*", target: "systemd_systemctl_exec_t", class: "file",
		permissions: running(), example: "(allow lbsup_probe_t systemd_systemctl_exec_t (file (execute_no_trans)))"},
	{name: "no other unit", source: "*", target: "auditd_unit_file_t", class: "service",
		permissions: anything(), example: "(allow lbsup_t auditd_unit_file_t (service (status)))"},
	{name: "nor its own", source: "*", target: "lbsup_unit_file_t", class: "service",
		permissions: anything(), example: "(allow lbsup_t lbsup_unit_file_t (service (stop)))"},
	{name: "it never stops HAProxy", source: "*", target: "haproxy_unit_file_t", class: "service",
		permissions: []string{"stop", "enable", "disable"}, example: "(allow lbsup_t haproxy_unit_file_t (service (stop)))"},
	{name: "nor takes it out of the boot", source: "*", target: "keepalived_unit_file_t", class: "service",
		permissions: []string{"enable", "disable"}, example: "(allow lbsup_t keepalived_unit_file_t (service (disable)))"},
	{name: "it does not end an apply", source: "*", target: "lbsup_apply_unit_file_t", class: "service",
		permissions: []string{"stop", "reload", "enable", "disable"}, example: "(allow lbsup_t lbsup_apply_unit_file_t (service (stop)))"},
	{name: "only the supervisor speaks of units: keepalived's checks did", source: "*", target: "*", class: "service", but: "lbsup_t",
		permissions: anything(), example: "(allow lbsup_check_t haproxy_unit_file_t (service (status)))"},
	{name: "nobody reloads or halts the system", source: "*", target: "init_t", class: "system",
		permissions: []string{"reload", "reboot", "halt", "start", "stop", "enable", "disable"}, example: "(allow lbsup_t init_t (system (reload)))"},
	{name: "the supervisor has no capability", source: "lbsup_t", target: "lbsup_t", class: "capability",
		permissions: anything(), example: "(allow lbsup_t self (capability (net_bind_service)))"},
	{name: "apply has no capability that would be all of them", source: "lbsup_apply_t", target: "lbsup_apply_t", class: "capability",
		permissions: []string{"dac_override", "setuid", "sys_admin", "sys_ptrace", "sys_module", "net_admin"}, example: "(allow lbsup_apply_t self (capability (sys_admin)))"},
	{name: "only systemd starts an apply", source: "*", target: "lbsup_apply_t", class: "process", but: "init_t",
		permissions: entering(), example: "(allow lbsup_t lbsup_apply_t (process (transition)))"},
	{name: "only systemd starts a supervisor", source: "*", target: "lbsup_t", class: "process", but: "init_t",
		permissions: entering(), example: "(allow keepalived_t lbsup_t (process (transition)))"},
	{name: "only keepalived starts a check client", source: "*", target: "lbsup_check_t", class: "process", but: "keepalived_t",
		permissions: entering(), example: "(allow lbsup_t lbsup_check_t (process (transition)))"},
	{name: "only the supervisor starts a probe", source: "*", target: "lbsup_probe_t", class: "process", but: "lbsup_t",
		permissions: entering(), example: "(allow keepalived_t lbsup_probe_t (process (transition)))"},
	{name: "only the supervisor starts the program of a notice", source: "*", target: "lbsup_hook_t", class: "process", but: "lbsup_t",
		permissions: entering(), example: "(allow keepalived_t lbsup_hook_t (process (transition)))"},
	{name: "the supervisor becomes nothing but a program of the admin's", source: "lbsup_t", target: "*", class: "process", but: "lbsup_probe_t lbsup_hook_t",
		permissions: entering(), example: "(allow lbsup_t haproxy_t (process (transition)))"},
	{name: "a domain is never left without a program", source: "*", target: "*", class: "process",
		permissions: []string{"dyntransition", "setcurrent", "setexec", "ptrace"}, example: "(allow lbsup_apply_t haproxy_t (process (dyntransition)))"},
	{name: "no memory is written and then executed", source: "*", target: "*", class: "process",
		permissions: []string{"execmem", "execstack", "execheap"}, example: "(allow lbsup_t self (process (execmem)))"},
	{name: "the supervisor asks no stray port", source: "lbsup_t", target: "ssh_port_t", class: "tcp_socket",
		permissions: []string{"name_connect"}, example: "(allow lbsup_t ssh_port_t (tcp_socket (name_connect)))", choice: true},
	{name: "the supervisor opens no port but that of its peers", source: "lbsup_t", target: "*", class: "tcp_socket", but: "lbsup_peers_port_t",
		permissions: []string{"name_bind"}, example: "(allow lbsup_t http_port_t (tcp_socket (name_bind)))", choice: true},
	{name: "only the supervisor opens the port of peers", source: "*", target: "lbsup_peers_port_t", class: "tcp_socket", but: "lbsup_t",
		permissions: anything(), example: "(allow haproxy_t lbsup_peers_port_t (tcp_socket (name_bind)))", choice: true},
	{name: "what it proves itself with is read by nobody else", source: "*", target: "lbsup_own_secret_t", class: "file", but: "lbsup_t",
		permissions: anything(), example: "(allow lbsup_hook_t lbsup_own_secret_t (file (open read)))"},
	{name: "nor written by it", source: "lbsup_t", target: "lbsup_own_secret_t", class: "file",
		permissions: changing(), example: "(allow lbsup_t lbsup_own_secret_t (file (write)))"},
	{name: "apply connects to nothing", source: "lbsup_apply_t", target: "*", class: "tcp_socket",
		permissions: []string{"connect", "name_connect"}, example: "(allow lbsup_apply_t self (tcp_socket (connect)))"},
	{name: "nor to a socket of the host but HAProxy's", source: "lbsup_apply_t", target: "*", class: "unix_stream_socket", but: "haproxy_t",
		permissions: []string{"connectto"}, example: "(allow lbsup_apply_t lbsup_t (unix_stream_socket (connectto)))"},
	{name: "apply asks systemd nothing", source: "lbsup_apply_t", target: "*", class: "dbus",
		permissions: anything(), example: "(allow lbsup_apply_t init_t (dbus (send_msg)))"},
	{name: "apply executes no shell", source: "lbsup_apply_t", target: "shell_exec_t", class: "file",
		permissions: running(), example: "(allow lbsup_apply_t shell_exec_t (file (execute)))"},
	{name: "apply writes nowhere else in /etc", source: "lbsup_apply_t", target: "etc_t", class: "file",
		permissions: changing(), example: "(allow lbsup_apply_t etc_t (file (create write)))"},
	{name: "apply writes no certificate", source: "lbsup_apply_t", target: "cert_t", class: "file",
		permissions: changing(), example: "(allow lbsup_apply_t cert_t (file (write)))"},
	{name: "apply does not write its own orders", source: "lbsup_apply_t", target: "lbsup_etc_t", class: "file",
		permissions: changing(), example: "(allow lbsup_apply_t lbsup_etc_t (file (write)))"},
	{name: "nor passwords", source: "lbsup_apply_t", target: "lbsup_secret_t", class: "file",
		permissions: changing(), example: "(allow lbsup_apply_t lbsup_secret_t (file (write)))"},
	{name: "the check client connects to the health socket alone", source: "lbsup_check_t", target: "*", class: "unix_stream_socket", but: "lbsup_t",
		permissions: []string{"connectto"}, example: "(allow lbsup_check_t haproxy_t (unix_stream_socket (connectto)))"},
	{name: "the check client has no network", source: "lbsup_check_t", target: "*", class: "tcp_socket",
		permissions: anything(), example: "(allow lbsup_check_t self (tcp_socket (create)))"},
	{name: "not by UDP either", source: "lbsup_check_t", target: "*", class: "udp_socket",
		permissions: anything(), example: "(allow lbsup_check_t self (udp_socket (create)))"},
	{name: "the check client speaks no D-Bus", source: "lbsup_check_t", target: "*", class: "dbus",
		permissions: anything(), example: "(allow lbsup_check_t init_t (dbus (send_msg)))"},
	{name: "the check client starts nothing", source: "lbsup_check_t", target: "*", class: "process",
		permissions: entering(), example: "(allow lbsup_check_t keepalived_t (process (transition)))"},
	{name: "the check client writes no file", source: "lbsup_check_t", target: "*", class: "file",
		permissions: changing(), example: "(allow lbsup_check_t lbsup_var_lib_t (file (write)))"},
	{name: "the check client reads no file but what the kernel says of it", source: "lbsup_check_t", target: "etc_t", class: "file",
		permissions: anything(), example: "(allow lbsup_check_t etc_t (file (open read)))"},
	{name: "keepalived's checks need no systemctl: the guides' rule", source: "keepalived_t", target: "*", class: "service",
		permissions: anything(), example: "(allow keepalived_t haproxy_unit_file_t (service (status)))"},
	{name: "keepalived does not write its configuration", source: "keepalived_t", target: "lbsup_daemon_conf_t", class: "file",
		permissions: changing(), example: "(allow keepalived_t lbsup_daemon_conf_t (file (write)))"},
	{name: "HAProxy does not write its configuration", source: "haproxy_t", target: "lbsup_daemon_conf_t", class: "file",
		permissions: changing(), example: "(allow haproxy_t lbsup_daemon_conf_t (file (write)))"},
	{name: "HAProxy touches no socket of lbsup's: it only passes by", source: "haproxy_t", target: "lbsup_var_run_t", class: "sock_file",
		permissions: anything(), example: "(allow haproxy_t lbsup_var_run_t (sock_file (write)))"},
	{name: "the daemons do not call the supervisor", source: "keepalived_t", target: "lbsup_t", class: "unix_stream_socket",
		permissions: []string{"connectto"}, example: "(allow keepalived_t lbsup_t (unix_stream_socket (connectto)))"},
	{name: "an exec check reads no password", source: "lbsup_probe_t", target: "lbsup_secret_t", class: "file",
		permissions: anything(), example: "(allow lbsup_probe_t lbsup_secret_t (file (open read)))"},
	{name: "an exec check reads no key", source: "lbsup_probe_t", target: "cert_t", class: "file",
		permissions: anything(), example: "(allow lbsup_probe_t cert_t (file (open read)))"},
	{name: "an exec check writes no file", source: "lbsup_probe_t", target: "*", class: "file",
		permissions: changing(), example: "(allow lbsup_probe_t lbsup_record_t (file (write)))"},
	{name: "an exec check has no way to HAProxy, systemd or the supervisor", source: "lbsup_probe_t", target: "*", class: "unix_stream_socket",
		permissions: []string{"connectto"}, example: "(allow lbsup_probe_t haproxy_t (unix_stream_socket (connectto)))"},
	{name: "the program of a notice reads no password", source: "lbsup_hook_t", target: "lbsup_secret_t", class: "file",
		permissions: anything(), example: "(allow lbsup_hook_t lbsup_secret_t (file (open read)))"},
	{name: "nor a key, unless it may read the authorities beside them", source: "lbsup_hook_t", target: "cert_t", class: "file",
		permissions: anything(), example: "(allow lbsup_hook_t cert_t (file (open read)))", choice: true},
	{name: "it writes no file", source: "lbsup_hook_t", target: "*", class: "file",
		permissions: changing(), example: "(allow lbsup_hook_t lbsup_record_t (file (write)))"},
	{name: "it has no way to HAProxy, systemd or the supervisor", source: "lbsup_hook_t", target: "*", class: "unix_stream_socket",
		permissions: []string{"connectto"}, example: "(allow lbsup_hook_t haproxy_t (unix_stream_socket (connectto)))"},
	{name: "it opens no port", source: "lbsup_hook_t", target: "*", class: "tcp_socket",
		permissions: []string{"name_bind", "node_bind", "listen", "accept"}, example: "(allow lbsup_hook_t http_port_t (tcp_socket (name_bind)))"},
	{name: "it has no capability", source: "lbsup_hook_t", target: "lbsup_hook_t", class: "capability",
		permissions: anything(), example: "(allow lbsup_hook_t self (capability (net_raw)))"},
	{name: "nobody reads the shadow file", source: "*", target: "shadow_t", class: "file",
		permissions: anything(), example: "(allow lbsup_apply_t shadow_t (file (open read)))"},
}

// broken are the rules of a policy that a ban forbids.
func (b ban) broken(all rules) rules {
	var found rules
	for _, r := range all.granted(b.source, b.target, b.class, b.permissions...) {
		right := strings.Fields(b.but)
		if b.source == "*" && slices.Contains(right, r.source) || b.target == "*" && slices.Contains(right, r.target) {
			continue
		}
		found = append(found, r)
	}
	return found
}

func TestMustNot(t *testing.T) {
	all := rulesOf(t, mustCompile(t, full(t)))
	for _, b := range bans {
		for _, r := range b.broken(all) {
			t.Errorf("%s: allow %s %s:%s %v", b.name, r.source, r.target, r.class, r.permissions)
		}
	}
}

// Every ban sees the mistake that it is there for.
func TestMustNotSees(t *testing.T) {
	src := full(t)
	for _, b := range bans {
		src["mistakes.cil"] += b.example + "\n"
	}
	all := rulesOf(t, mustCompile(t, src))
	for _, b := range bans {
		if len(b.broken(all)) == 0 {
			t.Errorf("%s: %s is not seen", b.name, b.example)
		}
	}
}

// The compiler refuses each of these mistakes by itself, and nothing of the module.
func TestAssertions(t *testing.T) {
	src := full(t)
	src["assertions.cil"] = read(t, source+"/stub/assertions.cil")
	mustCompile(t, src)
	for _, b := range bans {
		if b.choice {
			continue
		}
		src["mistake.cil"] = b.example + "\n"
		if p, err := compile(t, src); err == nil || !strings.Contains(p.words, "neverallow") {
			t.Errorf("%s: %s is compiled: %v", b.name, b.example, err)
		}
	}
}
