package selinux

import (
	"strings"
	"testing"
)

// need is what lbsup cannot do its work without.
type need struct {
	source, target, class string
	permissions           []string
	why                   string
}

func may(source, target, class, why string, permissions ...string) need {
	return need{source, target, class, permissions, why}
}

var needs = []need{
	may("init_t", "lbsup_t", "process", "systemd starts the supervisor in its domain", "transition", "sigkill"),
	may("init_t", "lbsup_t", "process2", "its unit has NoNewPrivileges", "nnp_transition", "nosuid_transition"),
	may("init_t", "lbsup_apply_t", "process", "systemd starts an apply in its domain", "transition", "sigkill"),
	may("init_t", "lbsup_apply_t", "process2", "its unit has NoNewPrivileges", "nnp_transition", "nosuid_transition"),
	may("keepalived_t", "lbsup_check_t", "process", "a check that cannot start counts as healthy", "transition", "sigkill", "signal"),
	may("keepalived_t", "lbsup_check_t", "process2", "also where keepalived's unit has NoNewPrivileges", "nnp_transition", "nosuid_transition"),
	may("keepalived_t", "lbsup_check_exec_t", "file", "a check that cannot start counts as healthy", "execute", "map", "open", "read"),
	may("lbsup_t", "lbsup_probe_t", "process", "exec checks run, and are ended", "transition", "sigkill"),
	may("lbsup_t", "lbsup_probe_t", "process2", "the supervisor has NoNewPrivileges", "nnp_transition", "nosuid_transition"),
	may("lbsup_t", "lbsup_hook_t", "process", "programs of notices run, and are ended", "transition", "sigkill"),
	may("lbsup_t", "lbsup_hook_t", "process2", "the supervisor has NoNewPrivileges", "nnp_transition", "nosuid_transition"),
	may("lbsup_hook_t", "lbsup_t", "fifo_file", "its first line is told where it fails", "write"),
	may("lbsup_hook_t", "shell_exec_t", "file", "it may be a script", "execute"),
	may("lbsup_hook_t", "http_port_t", "tcp_socket", "it tells a web server", "name_connect"),
	may("lbsup_hook_t", "smtp_port_t", "tcp_socket", "it tells a mail server", "name_connect"),
	may("lbsup_hook_t", "syslogd_t", "unix_dgram_socket", "it tells the log", "sendto"),
	may("init_t", "lbsup_probe_t", "process", "the end of the unit is theirs", "sigkill", "signal"),
	may("init_t", "lbsup_hook_t", "process", "the end of the unit is theirs", "sigkill", "signal"),

	may("init_t", "lbsup_wire_t", "process", "systemd starts the listener in its domain", "transition"),
	may("init_t", "lbsup_wire_t", "process2", "its unit has NoNewPrivileges", "nnp_transition"),
	may("lbsup_wire_t", "lbsup_wire_t", "packet_socket", "it hears adverts that the firewall drops", "create", "bind", "read", "write", "setopt"),
	may("lbsup_wire_t", "lbsup_wire_t", "rawip_socket", "it hears adverts that the firewall lets through", "create", "read", "setopt"),
	may("lbsup_wire_t", "lbsup_t", "unix_stream_socket", "it answers on the socket that systemd holds, which has the label of the program's first domain", "accept", "read", "write"),
	may("lbsup_t", "lbsup_t", "unix_stream_socket", "the supervisor asks it", "connectto"),
	may("lbsup_t", "lbsup_var_run_t", "sock_file", "the supervisor asks it", "write"),
	may("init_t", "lbsup_orphans_t", "process", "systemd starts the removal of orphans in its domain", "transition"),
	may("lbsup_orphans_t", "lbsup_orphans_t", "capability", "it takes addresses off", "net_admin"),
	may("lbsup_orphans_t", "lbsup_orphans_t", "netlink_route_socket", "it takes addresses off", "nlmsg_write"),
	may("lbsup_orphans_t", "lbsup_var_lib_t", "file", "which addresses, the installed generation says", "open", "read"),

	may("lbsup_check_t", "lbsup_var_run_t", "sock_file", "it asks the health socket", "write"),
	may("lbsup_check_t", "lbsup_t", "unix_stream_socket", "it asks the health socket", "connectto"),
	may("lbsup_check_t", "lbsup_check_t", "file", "its arguments come from /proc/self/cmdline", "open", "read"),

	may("lbsup_t", "lbsup_t", "unix_stream_socket", "it answers on the sockets that systemd holds", "accept", "listen", "read", "write"),
	may("lbsup_t", "init_t", "unix_dgram_socket", "READY=1 and the watchdog", "sendto"),
	may("lbsup_t", "init_var_run_t", "sock_file", "READY=1 and the watchdog", "write"),
	may("lbsup_t", "lbsup_t", "unix_dgram_socket", "the journal takes fields, from a socket that was given a name", "create", "bind", "write"),
	may("lbsup_t", "syslogd_var_run_t", "sock_file", "the journal takes fields", "write"),
	may("lbsup_t", "syslogd_var_run_t", "dir", "the journal takes fields", "search"),
	may("lbsup_t", "syslogd_t", "unix_dgram_socket", "the journal takes fields", "sendto"),
	may("lbsup_t", "keepalived_var_run_t", "file", "it replaces track files", "create", "open", "write", "rename", "unlink", "setattr"),
	may("lbsup_t", "keepalived_var_run_t", "dir", "it replaces track files", "add_name", "remove_name", "write", "search"),
	may("lbsup_t", "lbsup_var_run_t", "fifo_file", "it reads keepalived's transitions, and holds the FIFO open", "open", "read", "write"),
	may("lbsup_t", "haproxy_var_run_t", "sock_file", "master CLI and runtime API", "write"),
	may("lbsup_t", "haproxy_t", "unix_stream_socket", "master CLI and runtime API", "connectto"),
	may("lbsup_t", "haproxy_t", "file", "/proc/PID/stat tells a worker from its master", "open", "read"),
	may("lbsup_t", "system_dbusd_t", "unix_stream_socket", "systemd is asked over D-Bus", "connectto"),
	may("lbsup_t", "init_t", "dbus", "systemd is asked over D-Bus", "send_msg"),
	may("init_t", "lbsup_t", "dbus", "systemd answers, and tells what happened", "send_msg"),
	may("lbsup_t", "init_t", "system", "Subscribe", "status"),
	may("lbsup_t", "haproxy_unit_file_t", "service", "HAProxy is watched, started and restarted", "status", "start"),
	may("lbsup_t", "keepalived_unit_file_t", "service", "keepalived is watched, started and reloaded; stop stands for KillUnit", "status", "start", "reload", "stop"),
	may("lbsup_t", "lbsup_apply_unit_file_t", "service", "an apply is started", "status", "start"),
	may("lbsup_t", "lbsup_etc_t", "file", "the cluster file says what is wanted", "open", "read"),
	may("lbsup_t", "lbsup_etc_t", "dir", "an edit is seen", "watch", "read"),
	may("lbsup_t", "lbsup_daemon_conf_t", "dir", "drift is seen", "watch", "read"),
	may("lbsup_t", "lbsup_daemon_conf_t", "file", "drift is seen", "getattr"),
	may("lbsup_t", "cert_t", "dir", "a renewed certificate is seen", "watch", "read"),
	may("lbsup_t", "lbsup_var_lib_t", "file", "reports and generations", "open", "read"),
	may("lbsup_t", "lbsup_record_t", "file", "history", "create", "write", "rename", "unlink"),
	may("lbsup_t", "lbsup_peers_port_t", "tcp_socket", "peers ask, and are asked", "name_bind", "name_connect"),
	may("lbsup_t", "lbsup_t", "tcp_socket", "peers ask, and are asked", "bind", "listen", "accept", "connect"),
	may("lbsup_t", "node_t", "tcp_socket", "at the node's own address", "node_bind"),
	may("lbsup_t", "lbsup_own_secret_t", "file", "the key of peers, the page's certificate, headers of webhooks", "open", "read"),
	may("lbsup_t", "lbsup_handover_t", "file", "what HAProxy keeps of its servers through a reload", "open", "write"),
	may("haproxy_t", "lbsup_handover_t", "file", "what it keeps of its servers through a reload", "open", "read"),
	may("haproxy_t", "lbsup_var_run_t", "dir", "what it keeps of its servers through a reload", "search"),
	may("lbsup_t", "lbsup_t", "netlink_route_socket", "addresses and links", "bind", "read", "nlmsg_read"),
	may("lbsup_t", "http_port_t", "tcp_socket", "http checks", "name_connect"),
	may("lbsup_t", "lbsup_port_t", "tcp_socket", "checks of the API's port", "name_connect"),
	may("lbsup_t", "haproxy_exec_t", "file", "a plan asks for the version", "execute", "execute_no_trans"),

	may("lbsup_apply_t", "lbsup_etc_t", "file", "the cluster file", "open", "read"),
	may("lbsup_apply_t", "lbsup_secret_t", "file", "passwords", "open", "read"),
	may("lbsup_apply_t", "cert_t", "file", "certificates and their keys", "open", "read"),
	may("lbsup_apply_t", "lbsup_daemon_conf_t", "dir", "staged beside, then renamed", "add_name", "remove_name", "write"),
	may("lbsup_apply_t", "lbsup_daemon_conf_t", "file", "staged beside, then renamed; the backup is a link", "create", "write", "rename", "link", "unlink", "setattr"),
	may("lbsup_apply_t", "lbsup_var_lib_t", "dir", "generations", "create", "rename", "rmdir", "add_name"),
	may("lbsup_apply_t", "lbsup_var_lib_t", "file", "generations, the journal, the lock", "create", "write", "rename", "lock"),
	may("lbsup_apply_t", "lbsup_var_lib_t", "lnk_file", "the link to the current generation is the commit", "create", "rename", "read"),
	may("lbsup_apply_t", "haproxy_t", "process", "haproxy -c judges in its own domain", "transition", "sigkill"),
	may("lbsup_apply_t", "haproxy_t", "process2", "apply has NoNewPrivileges", "nnp_transition"),
	may("lbsup_apply_t", "keepalived_t", "process", "keepalived -t judges in its own domain", "transition", "sigkill"),
	may("lbsup_apply_t", "keepalived_t", "process2", "apply has NoNewPrivileges", "nnp_transition"),
	may("haproxy_t", "lbsup_apply_t", "fifo_file", "what haproxy -c says is read through a pipe", "write"),
	may("keepalived_t", "lbsup_apply_t", "fifo_file", "what keepalived -t says is read through a pipe", "write"),
	may("lbsup_apply_t", "keepalived_var_run_t", "dir", "track files without a directory are refused", "getattr"),
	may("lbsup_apply_t", "lbsup_apply_t", "netlink_route_socket", "an interface that is not there is refused, and a VIP that is the host's own", "create", "bind", "write", "read", "nlmsg_read", "getattr"),
	may("lbsup_apply_t", "lbsup_apply_t", "unix_stream_socket", "HAProxy is given renewed certificates", "create", "connect", "read", "write"),
	may("lbsup_apply_t", "haproxy_var_run_t", "sock_file", "HAProxy is given renewed certificates", "write"),
	may("lbsup_apply_t", "haproxy_t", "unix_stream_socket", "HAProxy is given renewed certificates", "connectto"),
	may("lbsup_apply_t", "http_port_t", "tcp_socket", "trial binds", "name_bind"),
	may("lbsup_apply_t", "lbsup_port_t", "tcp_socket", "trial binds", "name_bind"),

	may("haproxy_t", "lbsup_daemon_conf_t", "file", "its configuration", "open", "read"),
	may("haproxy_t", "lbsup_etc_t", "dir", "certificates in /etc/lbsup/certs", "search"),
	may("haproxy_t", "cert_t", "file", "certificates in /etc/lbsup/certs", "open", "read"),
	may("haproxy_t", "lbsup_port_t", "tcp_socket", "the API and machine config ports, on both sides", "name_bind", "name_connect"),
	may("keepalived_t", "lbsup_daemon_conf_t", "file", "its configuration", "open", "read"),
	may("keepalived_t", "lbsup_var_run_t", "fifo_file", "it tells its transitions, and opens the FIFO for both", "open", "read", "write"),
	may("keepalived_t", "keepalived_var_run_t", "dir", "inotify on track files", "watch"),
	may("keepalived_t", "keepalived_t", "capability", "real-time scheduling and locked memory outlive a reload", "sys_nice", "sys_resource", "ipc_lock"),
	may("keepalived_t", "keepalived_t", "process", "real-time scheduling", "setsched", "setrlimit"),
	may("init_t", "lbsup_var_run_t", "sock_file", "systemd makes the sockets, and removes them", "create", "setattr", "unlink"),
	may("init_t", "lbsup_t", "unix_stream_socket", "the sockets are labelled as their service", "create", "bind", "listen"),
	may("systemd_tmpfiles_t", "lbsup_var_run_t", "fifo_file", "the FIFO is there before keepalived", "create", "setattr", "relabelto"),
}

// missing are the permissions that a policy does not give.
func (n need) missing(all rules) []string {
	var lacking []string
	for _, permission := range n.permissions {
		if len(all.granted(n.source, n.target, n.class, permission)) == 0 {
			lacking = append(lacking, permission)
		}
	}
	return lacking
}

func TestMust(t *testing.T) {
	all := rulesOf(t, mustCompile(t, full(t)))
	for _, n := range needs {
		if lacking := n.missing(all); len(lacking) > 0 {
			t.Errorf("%s may not %v %s:%s: %s", n.source, lacking, n.target, n.class, n.why)
		}
	}
}

// The module with each rule turned into one that grants nothing lacks all of it.
func TestMustSees(t *testing.T) {
	src := full(t)
	for _, name := range module {
		src[name] = strings.ReplaceAll(src[name], "(allow ", "(dontaudit ")
	}
	src["one.cil"] = "(allow lbsup_t self (fd (use)))\n" // without any rule sesearch has nothing to say
	all := rulesOf(t, mustCompile(t, src))
	for _, n := range needs {
		if len(n.missing(all)) != len(n.permissions) {
			t.Errorf("%s is still said to have %v of %s:%s", n.source, n.permissions, n.target, n.class)
		}
	}
}
