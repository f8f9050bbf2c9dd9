package apply

import (
	"fmt"
	"net/netip"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// preflightKeepalived looks at what `keepalived -t` lets pass and a running keepalived does not survive: a device that is
// not there ends it with its VIPs left behind, a quote without its end kills the VRRP process, an empty file drops every VIP.
func (a *attempt) preflightKeepalived() problems {
	t := a.targets[1]
	if t.intent != install {
		return nil
	}
	refused := preflightText(t.path, string(t.text))
	if a.local == nil {
		return refused
	}
	if info, err := os.Stat(a.TrackDir); err != nil || !info.IsDir() {
		refused = append(refused, Problem{Message: fmt.Sprintf("cannot track the files in %q: there is no such directory", a.TrackDir),
			Hint: "systemd-tmpfiles --create lbsup.conf"})
	}
	if _, err := user.Lookup(a.ScriptUser); err != nil {
		refused = append(refused, Problem{Message: fmt.Sprintf("cannot run lbsup-check: there is no user %q", a.ScriptUser),
			Hint: "systemd-sysusers lbsup.conf"})
	}
	links, err := a.Links()
	if err != nil {
		return append(refused, reasons(err)...)
	}
	refused = append(refused, preflightDevices(a.local.VRRP.Instances, links)...)
	if a.local.VRRP.Unicast {
		refused = append(refused, preflightUnicast(a.local, links)...)
		a.noteForeignSource(links)
	}
	return append(refused, a.preflightVIPs(links)...)
}

// preflightText reads a keepalived.conf that lbsup may not have rendered: a rollback can bring one from before it came.
func preflightText(path, text string) problems {
	var refused problems
	content := false
	n := 0
	for line := range strings.Lines(text) {
		n++
		bare, open := uncommented(line)
		words := strings.Fields(bare)
		content = content || len(words) > 0
		if open > 0 {
			refused = append(refused, Problem{File: path, Line: n, Column: open,
				Message: "cannot read this line: a quote is not closed", Hint: "keepalived crashes on it"})
		}
		if len(words) == 2 && words[0] == "include" && !included(filepath.Dir(path), unquote(words[1])) {
			refused = append(refused, Problem{File: path, Line: n, Column: strings.Index(line, "include") + 1,
				Message: fmt.Sprintf("cannot include %s: there is no such file", words[1])})
		}
	}
	if !content {
		refused = append(refused, Problem{File: path, Message: fmt.Sprintf("cannot use %q: there is nothing in it", path),
			Hint: "keepalived would take it and drop every VIP; to end it, stop its unit"})
	}
	return refused
}

// uncommented is a line without its comment, for which keepalived knows two signs, and the column of a quote that is not
// closed, 0 if there is none.
func uncommented(line string) (bare string, open int) {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && open > 0:
			i++
		case c == '"' && open > 0:
			open = 0
		case c == '"':
			open = i + 1
		case (c == '#' || c == '!') && open == 0:
			return line[:i], 0
		}
	}
	return line, open
}

func included(dir, pattern string) bool {
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(dir, pattern)
	}
	found, err := filepath.Glob(pattern)
	return err == nil && len(found) > 0
}

// preflightDevices needs not look at tracked interfaces: the cluster file lets only those of instances be tracked.
func preflightDevices(instances []cluster.Instance, links map[string][]netip.Addr) problems {
	var refused problems
	want := func(name, path, what string) {
		if _, there := links[name]; !there {
			refused = append(refused, Problem{Path: path, Message: fmt.Sprintf("cannot %s %q: this host has no such interface", what, name),
				Hint: "keepalived would end and leave its VIPs behind; ip link shows the interfaces"})
		}
	}
	for _, i := range instances {
		path := "vrrp.instances." + i.Name
		want(i.Interface, path+".interface", "send adverts on")
		for _, vip := range i.Addresses {
			if vip.Interface != i.Interface {
				want(vip.Interface, path+".addresses", "put "+vip.Address.String()+" on")
			}
		}
	}
	return refused
}

func preflightUnicast(l *cluster.Local, links map[string][]netip.Addr) problems {
	var refused problems
	if !has(links, l.Node.Address) {
		refused = append(refused, Problem{Path: "nodes." + l.Node.Name + ".address",
			Message: fmt.Sprintf("cannot send unicast adverts from %s: this host has no such address", l.Node.Address),
			Hint:    "is this host node " + l.Node.Name + "?"})
	}
	for _, peer := range l.Peers {
		if has(links, peer.Address) {
			refused = append(refused, Problem{Path: "nodes." + peer.Name + ".address",
				Message: fmt.Sprintf("cannot send unicast adverts to %s: it is an address of this host itself", peer.Address),
				Hint:    "is this host node " + peer.Name + "?"})
		}
	}
	return refused
}

// noteForeignSource tells of unicast adverts whose address is on another interface: keepalived sends them by the
// instance's all the same, and with a strict rp_filter there neither node hears the other.
func (a *attempt) noteForeignSource(links map[string][]netip.Addr) {
	from := a.local.Node.Address
	for _, i := range a.local.VRRP.Instances {
		if from.Is4() && has(links, from) && !slices.Contains(links[i.Interface], from) {
			a.note(fmt.Sprintf("vrrp.instances.%s: its adverts leave by %s and come from %s, which is on another interface: a peer with a strict rp_filter "+
				"drops them, and then both nodes hold the VIPs; give the nodes their addresses on %s, or the instance the interface of the addresses, "+
				"or set net.ipv4.conf.%s.rp_filter=2 on every node", i.Name, i.Interface, from, i.Interface, strings.ReplaceAll(i.Interface, ".", "/")))
		}
	}
}

// preflightVIPs refuses an address that the host has as its own: keepalived would take it away with the VIPs. An address
// that any generation has had as a VIP, or that is one in what is installed now, may be here because keepalived holds it.
func (a *attempt) preflightVIPs(links map[string][]netip.Addr) problems {
	var refused problems
	for _, i := range a.local.VRRP.Instances {
		for _, vip := range i.Addresses {
			if has(links, vip.Address.Addr()) && !a.everVirtual(vip.Address.Addr()) {
				refused = append(refused, Problem{Path: "vrrp.instances." + i.Name + ".addresses",
					Message: fmt.Sprintf("cannot use %s as a VIP: this host has it as an address of its own", vip.Address.Addr()),
					Hint:    "a VIP belongs to no host: take it out of the host's own network configuration"})
			}
		}
	}
	return refused
}

func (a *attempt) everVirtual(vip netip.Addr) bool {
	if mentions(a.targets[1].old, vip) { // before lbsup was ever started, a check has no generation to look into
		return true
	}
	all, _ := a.store.List() // one that cannot be read is told of elsewhere
	return slices.ContainsFunc(all, func(m Manifest) bool {
		text, err := a.Disk.Read(a.store.file(m.Number, keepalivedName))
		return err == nil && mentions(text, vip)
	})
}

// mentions says whether a keepalived.conf has an address in it, however it is spelled.
func mentions(text []byte, address netip.Addr) bool {
	words := strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(" \t\r\n/{}\"", r) })
	return slices.ContainsFunc(words, func(word string) bool {
		a, err := netip.ParseAddr(word)
		return err == nil && a == address
	})
}

func has(links map[string][]netip.Addr, address netip.Addr) bool {
	for _, addresses := range links {
		if slices.Contains(addresses, address) {
			return true
		}
	}
	return false
}
