package lab

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// haproxyConfig is what a distribution's package leaves: a service that runs and serves nothing. The machine's own file may have been edited.
const haproxyConfig = `global
	log /dev/log local0
	stats socket /run/haproxy-default.sock mode 660 level admin
	stats timeout 30s
	user haproxy
	group haproxy

defaults
	log global
	mode http
	timeout connect 5s
	timeout client 50s
	timeout server 50s
`

// prepare gives a host its own identity, and the state in which a fresh installation with the two daemons' packages would be.
func prepare(root string, node Host, t Topology) error {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails
	files := []struct{ path, text string }{
		{"etc/hostname", node.Name + "\n"},
		{"etc/machine-id", hex.EncodeToString(id) + "\n"},
		{"etc/hosts", hosts(node, t)},
		{"etc/resolv.conf", resolvConf(t)},
		{"etc/haproxy/haproxy.cfg", haproxyConfig},
	}
	for _, dir := range []string{"etc/keepalived", "etc/lbsup", "var/lib/lbsup", "var/log/journal"} {
		if err := empty(filepath.Join(root, dir)); err != nil {
			return err
		}
	}
	for _, file := range files {
		if err := replace(filepath.Join(root, file.path), file.text); err != nil {
			return err
		}
	}
	return units(root)
}

// hosts names the backends too: HAProxy asks the C library once at its start and the nameserver later.
func hosts(node Host, t Topology) string {
	var b strings.Builder
	fmt.Fprintf(&b, "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n", node.Name)
	for _, server := range t.Servers {
		fmt.Fprintf(&b, "%s %s\n", server.Address, server.Name)
	}
	return b.String()
}

func resolvConf(t Topology) string {
	if !t.Nameserver.IsValid() {
		return ""
	}
	return fmt.Sprintf("nameserver %s\noptions timeout:1 attempts:1\n", t.Nameserver)
}

// units forgets what the machine's admin and other packages enabled, instead of naming all that a host does not need: a database, update timers, the
// network's own manager. What the vendors link statically stays, except logins on consoles that are not there.
func units(root string) error {
	admin := filepath.Join(root, "etc/systemd/system")
	// Where dbus.service is an alias of dbus-broker.service, the alias is one of the links that go.
	bus, busErr := os.Readlink(filepath.Join(admin, "dbus.service"))
	if err := empty(admin); err != nil {
		return err
	}
	links := map[string]string{"getty.target": "/dev/null", "console-getty.service": "/dev/null", "systemd-firstboot.service": "/dev/null"}
	if busErr == nil {
		links["dbus.service"] = bus
	}
	for _, unit := range []string{"haproxy.service", "keepalived.service"} {
		vendor, err := vendorUnit(root, unit)
		if err != nil {
			return err
		}
		links["multi-user.target.wants/"+unit] = vendor
	}
	if err := os.MkdirAll(filepath.Join(admin, "multi-user.target.wants"), 0o755); err != nil {
		return fmt.Errorf("cannot prepare units: %v", err)
	}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(admin, name)); err != nil {
			return fmt.Errorf("cannot prepare units: %v", err)
		}
	}
	return nil
}

func vendorUnit(root, unit string) (string, error) {
	for _, dir := range []string{"/usr/lib/systemd/system", "/lib/systemd/system"} {
		if _, err := os.Stat(filepath.Join(root, dir, unit)); err == nil {
			return filepath.Join(dir, unit), nil
		}
	}
	return "", fmt.Errorf("cannot find unit %q: is its package installed on this machine?", unit)
}

// empty makes dir exist with nothing in it.
func empty(dir string) error {
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return fmt.Errorf("cannot empty %q: %v", dir, err)
	}
	return nil
}

// replace writes a new file where one, or a link that leads out of the root, may be.
func replace(path, text string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot replace %q: %v", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("cannot replace %q: %v", path, err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return fmt.Errorf("cannot replace %q: %v", path, err)
	}
	return nil
}
