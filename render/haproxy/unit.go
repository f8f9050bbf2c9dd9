package haproxy

import "strings"

// ConfigDir is a directory of which EL's unit has HAProxy load every *.cfg, behind haproxy.cfg.
const ConfigDir = "/etc/haproxy/conf.d"

// UnitFiles are HAProxy's unit and its drop-ins, as patterns in the order in which later ones count.
func UnitFiles() []string {
	return []string{
		"/usr/lib/systemd/system/haproxy.service", "/etc/systemd/system/haproxy.service",
		"/usr/lib/systemd/system/haproxy.service.d/*.conf", "/etc/systemd/system/haproxy.service.d/*.conf",
	}
}

// LoadsConfigDir says whether the unit, all of its files one after the other, has HAProxy load ConfigDir. EL's unit calls
// it $CFGDIR.
func LoadsConfigDir(unit string) bool {
	loads := false
	for line := range strings.Lines(strings.ReplaceAll(unit, "\\\n", " ")) {
		if command, found := strings.CutPrefix(strings.TrimSpace(line), "ExecStart="); found {
			loads = strings.Contains(command, "CFGDIR") || strings.Contains(command, ConfigDir)
		}
	}
	return loads
}
