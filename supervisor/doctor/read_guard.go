package doctor

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
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
		f.Problem, f.NoTool = "nft is not installed", true
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
	for _, dir := range h.modules() {
		s.Modules = append(s.Modules, filepath.Base(dir))
	}
	if out, code, err := h.Run(ctx, "semanage", "port", "-l"); err == nil && code == 0 {
		s.Ports = parsePorts(out)
	}
	return s
}

// modules are the directories of those of any priority but the distribution's own, which is 100.
func (h Host) modules() []string { return h.list("/var/lib/selinux/*/active/modules/[2-9]*/*") }

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
