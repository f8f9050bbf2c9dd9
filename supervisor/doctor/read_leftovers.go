package doctor

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

const kindSudoers, kindSELinux, kindCheck, kindRoot, kindScript, kindSysctl, kindFirewalld, kindLoaded = "sudoers", "selinux", "check", "root", "script", "sysctl", "firewalld", "loaded"

// leftovers are what guides have people make by hand.
func (h Host) leftovers() (out []Leftover) {
	for _, path := range append([]string{"/etc/sudoers"}, h.list("/etc/sudoers.d/*")...) {
		if strings.Contains(filepath.Base(path), ".") || strings.HasSuffix(path, "~") {
			continue // which sudo does not read (sudoers(5), "@includedir")
		}
		out = append(out, found(h, path, sudoersLeft)...)
	}
	for _, dir := range h.modules() {
		if name := filepath.Base(dir); name != "keepalived" && name != "haproxy" && (strings.Contains(name, "keepalived") || strings.Contains(name, "haproxy")) {
			out = append(out, Leftover{Kind: kindSELinux, Path: dir, Text: name})
		}
	}
	config, _ := h.read("/etc/keepalived/keepalived.conf")
	ours := strings.Contains(firstLine(config), "Written by lbsup")
	if !ours {
		out = append(out, keepalivedLeft("/etc/keepalived/keepalived.conf", config)...)
	}
	out = append(out, h.scriptsLeft()...)
	for _, path := range append([]string{"/etc/sysctl.conf"}, h.list("/etc/sysctl.d/*.conf")...) {
		out = append(out, found(h, path, sysctlLeft)...)
	}
	for _, name := range []string{"VRRP", "vrrp", "haproxy", "keepalived"} {
		if path := "/etc/firewalld/services/" + name + ".xml"; h.there(path) {
			out = append(out, Leftover{Kind: kindFirewalld, Path: path, Text: name})
		}
	}
	return append(out, h.loadedLeft()...)
}

// scriptsLeft finds scripts that neither daemon's configuration names: none, where these cannot be read.
func (h Host) scriptsLeft() (out []Leftover) {
	var configs []byte
	for _, c := range configPaths {
		text, err := h.bytes(c.path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		configs = append(configs, text...)
	}
	for _, path := range h.list("/etc/keepalived/*.sh") {
		if !bytes.Contains(configs, []byte(path)) {
			out = append(out, Leftover{Kind: kindScript, Path: path})
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
				out = append(out, Leftover{Kind: kindSudoers, Path: path, Text: program, User: firstWord(line)})
			}
		}
	}
	return out
}

func firstWord(line string) string { return strings.Fields(line)[0] }

// keepalivedLeft finds checks that look at a process, and checks that run as root.
func keepalivedLeft(path, text string) (out []Leftover) {
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) >= 2 && f[0] == "script" && slices.ContainsFunc(processChecks, func(p string) bool { return strings.Contains(line, p) }):
			out = append(out, Leftover{Kind: kindCheck, Path: path, Text: strings.Trim(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "script")), `"`)})
		case len(f) >= 2 && f[0] == "script_user" && f[1] == "root":
			out = append(out, Leftover{Kind: kindRoot, Path: path})
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
			out = append(out, Leftover{Kind: kindSysctl, Path: path, Text: key})
		}
	}
	return out
}
