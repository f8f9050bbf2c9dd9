package doctor

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/supervisor/doctor/ruleset"
)

func (h Host) firewall(ctx context.Context) (f Firewall) {
	names, _ := h.read("/proc/net/ip_tables_names") // there is such a file only where the old iptables is
	f.Legacy = strings.Contains(names, "filter")
	_, code, err := h.Run(ctx, "firewall-cmd", "--state")
	f.Firewalld = err == nil && code == 0
	out, code, err := h.Run(ctx, "nft", "--json", "list", "ruleset")
	switch {
	case err != nil:
		f.Problem = "nft is not installed"
	case code != 0:
		f.Problem = firstLine(out)
	default:
		if f.Ruleset, err = ruleset.Parse([]byte(out)); err != nil {
			f.Problem = err.Error()
		}
	}
	return f
}

// selinux asks the kernel. Which modules there are the policy's store tells; which port has which type only semanage, which is slow and often
// not installed.
func (h Host) selinux(ctx context.Context) (s SELinux) {
	enforce, ok := h.read("/sys/fs/selinux/enforce")
	if !ok {
		return s
	}
	s.Enabled, s.Enforcing = true, strings.TrimSpace(enforce) == "1"
	boolean, _ := h.read("/sys/fs/selinux/booleans/haproxy_connect_any")
	s.ConnectAny = strings.HasPrefix(boolean, "1")
	s.Modules = h.modules()
	if out, code, err := h.Run(ctx, "semanage", "port", "-l"); err == nil && code == 0 {
		s.Ports = parsePorts(out)
	}
	return s
}

// modules are those of any priority but the distribution's own, which is 100.
func (h Host) modules() (out []string) {
	for _, dir := range h.list("/var/lib/selinux/*/active/modules/[2-9]*/*") {
		out = append(out, filepath.Base(dir))
	}
	return out
}

// parsePorts reads semanage port -l: a type, a protocol, and ports or ranges of them. A single port wins over a range, as in the kernel, where the
// more specific entry stands first.
func parsePorts(text string) map[int]string {
	ranged, single := map[int]string{}, map[int]string{}
	for line := range strings.Lines(text) {
		f := strings.Fields(strings.ReplaceAll(line, ",", " "))
		if len(f) < 3 || f[1] != "tcp" {
			continue
		}
		for _, word := range f[2:] {
			low, high, isRange := strings.Cut(word, "-")
			from, err := strconv.ParseUint(low, 10, 16)
			if err != nil {
				continue
			}
			if !isRange {
				single[int(from)] = f[0]
				continue
			}
			to, err := strconv.ParseUint(high, 10, 16)
			if err != nil || to-from > 1000 && from < to { // unreserved_port_t and its like: no type that HAProxy may use, nor one in the way
				continue
			}
			for port := from; port <= to; port++ {
				ranged[int(port)] = f[0]
			}
		}
	}
	maps.Copy(ranged, single)
	return ranged
}

// listeners are what ss tells.
func (h Host) listeners(ctx context.Context) (l Listeners) {
	out, code, err := h.Run(ctx, "ss", "--no-header", "--listening", "--numeric", "--tcp", "--processes")
	switch {
	case err != nil:
		l.Problem = "ss is not installed"
	case code != 0:
		l.Problem = fmt.Sprintf("ss ended with exit code %d", code)
	default:
		l.All = parseListeners(out)
	}
	return l
}

const kindSudoers, kindSELinux, kindCheck, kindRoot, kindScript, kindSysctl, kindFirewalld = "sudoers", "selinux", "check", "root", "script", "sysctl", "firewalld"

// leftovers are what guides have people make by hand.
func (h Host) leftovers() (out []Leftover) {
	for _, path := range append([]string{"/etc/sudoers"}, h.list("/etc/sudoers.d/*")...) {
		out = append(out, found(h, path, sudoersLeft)...)
	}
	for _, name := range h.modules() {
		if name != "keepalived" && name != "haproxy" && (strings.Contains(name, "keepalived") || strings.Contains(name, "haproxy")) {
			out = append(out, Leftover{kindSELinux, "", name})
		}
	}
	config, _ := h.read("/etc/keepalived/keepalived.conf")
	ours := strings.Contains(firstLine(config), "Written by lbsup")
	if !ours {
		out = append(out, keepalivedLeft("/etc/keepalived/keepalived.conf", config)...)
	}
	for _, path := range h.list("/etc/keepalived/*.sh") {
		if !strings.Contains(config, path) {
			out = append(out, Leftover{kindScript, path, ""})
		}
	}
	for _, path := range append([]string{"/etc/sysctl.conf"}, h.list("/etc/sysctl.d/*.conf")...) {
		out = append(out, found(h, path, sysctlLeft)...)
	}
	for _, name := range []string{"VRRP", "vrrp", "haproxy", "keepalived"} {
		if path := "/etc/firewalld/services/" + name + ".xml"; h.there(path) {
			out = append(out, Leftover{kindFirewalld, path, name})
		}
	}
	return out
}

func found(h Host, path string, look func(path, text string) []Leftover) []Leftover {
	text, ok := h.read(path)
	if !ok {
		return nil
	}
	return look(path, text)
}

// sudoersLeft finds rights that checks were given: a NOPASSWD line with the program of one.
func sudoersLeft(path, text string) (out []Leftover) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") || !strings.Contains(line, "NOPASSWD") {
			continue
		}
		for _, program := range []string{"systemctl", "killall", "pidof"} {
			if strings.Contains(line, "/"+program) && (program != "systemctl" || strings.HasPrefix(line, "keepalived") || strings.HasPrefix(line, "haproxy")) {
				out = append(out, Leftover{kindSudoers, path, program})
			}
		}
	}
	return out
}

// keepalivedLeft finds checks that look at a process, and checks that run as root.
func keepalivedLeft(path, text string) (out []Leftover) {
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) >= 2 && f[0] == "script" && slices.ContainsFunc(processChecks, func(p string) bool { return strings.Contains(line, p) }):
			out = append(out, Leftover{kindCheck, path, strings.Trim(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "script")), `"`)})
		case len(f) >= 2 && f[0] == "script_user" && f[1] == "root":
			out = append(out, Leftover{kindRoot, path, ""})
		}
	}
	return out
}

var processChecks = []string{"killall", "systemctl", "pidof", "pgrep", "pkill"}

func sysctlLeft(path, text string) (out []Leftover) {
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		key = strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(key), "-"), "/", ".")
		if (key == "net.ipv4.ip_nonlocal_bind" || key == "net.ipv6.ip_nonlocal_bind") && strings.TrimSpace(value) == "1" {
			out = append(out, Leftover{kindSysctl, path, key})
		}
	}
	return out
}
