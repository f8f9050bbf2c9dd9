package selinux

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/render"
)

// Each path has the label that the rules are about, under /run as under /var/run.
func TestLabels(t *testing.T) {
	p := mustCompile(t, full(t))
	for _, row := range []struct{ kind, path, want string }{
		{"file", "/usr/bin/lbsup", "lbsup_exec_t"},
		{"file", render.CheckClient, "lbsup_check_exec_t"},
		{"file", "/usr/libexec/lbsup/checks/disk", "lbsup_probe_exec_t"},
		{"file", "/usr/libexec/lbsup/hooks/page-me", "lbsup_hook_exec_t"},
		{"dir", "/etc/lbsup", "lbsup_etc_t"},
		{"file", render.ClusterFile, "lbsup_etc_t"},
		{"file", "/etc/lbsup/haproxy.env", "lbsup_etc_t"},
		{"file", "/etc/lbsup/stats.password", "lbsup_secret_t"},
		{"dir", "/etc/lbsup/passwords", "lbsup_etc_t"},
		{"file", "/etc/lbsup/passwords/vrrp", "lbsup_secret_t"},
		{"file", "/etc/lbsup/peers.key", "lbsup_own_secret_t"},
		{"file", "/etc/lbsup/peers.ca.pem", "lbsup_own_secret_t"},
		{"file", "/etc/lbsup/status.pem", "lbsup_own_secret_t"},
		{"file", "/etc/lbsup/notify.headers", "lbsup_own_secret_t"},
		{"file", "/etc/lbsup/notify/pager", "lbsup_own_secret_t"},
		{"dir", "/etc/lbsup/notify", "lbsup_etc_t"},
		{"file", "/etc/lbsup/certs/shop.pem", "cert_t"},
		{"dir", "/etc/lbsup/certs", "cert_t"},
		{"dir", "/etc/haproxy", "lbsup_daemon_conf_t"},
		{"file", render.HAProxyConfig, "lbsup_daemon_conf_t"},
		{"file", render.KeepalivedConfig, "lbsup_daemon_conf_t"},
		{"file", "/etc/haproxy/.haproxy.cfg.lbsup-new", "lbsup_daemon_conf_t"},
		{"dir", render.StateDir, "lbsup_var_lib_t"},
		{"file", render.StateDir + "/report.json", "lbsup_var_lib_t"},
		{"file", render.GenerationsDir + "/12/lbsup.yaml", "lbsup_var_lib_t"},
		{"file", render.GenerationsDir + "/12/haproxy.cfg", "lbsup_daemon_conf_t"},
		{"file", render.GenerationsDir + "/12/found-keepalived.conf", "lbsup_daemon_conf_t"},
		{"file", render.GenerationsDir + "/12/hand-written-1-mine.cfg", "lbsup_daemon_conf_t"},
		{"lnk_file", render.GenerationsDir + "/current", "lbsup_var_lib_t"},
		{"dir", render.RecordsDir, "lbsup_record_t"},
		{"file", render.RecordsDir + "/change-1.json", "lbsup_record_t"},
		{"file", render.RecordsDir + "/timeline/1", "lbsup_record_t"},
		{"sock_file", render.WireSocket, "lbsup_var_run_t"},
		{"sock_file", render.HealthSocket, "lbsup_var_run_t"},
		{"sock_file", "/var" + render.HealthSocket, "lbsup_var_run_t"},
		{"sock_file", render.ControlSocket, "lbsup_var_run_t"},
		{"fifo_file", render.NotifyFIFO, "lbsup_var_run_t"},
		{"file", render.ServerStateFile, "lbsup_handover_t"},
		{"file", "/var" + render.ServerStateFile, "lbsup_handover_t"},
		{"sock_file", render.MasterSocket, "haproxy_var_run_t"},
		{"sock_file", render.StatsSocket, "haproxy_var_run_t"},
		{"sock_file", "/var" + render.StatsSocket, "haproxy_var_run_t"},
		{"dir", render.TrackDir, "keepalived_var_run_t"},
		{"file", render.TrackDir + "/web", "keepalived_var_run_t"},
		{"file", "/usr/lib/systemd/system/lbsup.service", "lbsup_unit_file_t"},
		{"file", "/usr/lib/systemd/system/lbsup-health.socket", "lbsup_unit_file_t"},
		{"file", "/usr/lib/systemd/system/lbsup-recover.service", "lbsup_unit_file_t"},
		{"file", "/usr/lib/systemd/system/lbsup-wire.service", "lbsup_unit_file_t"},
		{"file", "/usr/lib/systemd/system/lbsup-orphans.service", "lbsup_apply_unit_file_t"},
		{"file", "/usr/lib/systemd/system/lbsup-apply@.service", "lbsup_apply_unit_file_t"},
	} {
		got := strings.TrimSpace(ask(t, "matchpathcon", "-N", "-n", "-f", p.contexts, "-m", row.kind, row.path))
		if want := "system_u:object_r:" + row.want + ":s0"; got != want {
			t.Errorf("%s is labelled %s, want %s", row.path, got, want)
		}
	}
}
