package packages

import (
	"context"
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/lab"
)

var vip = netip.MustParseAddr("172.18.100.100")

const api = "http://172.18.100.100:6443/"

// up boots a pair of hosts with the daemons and nothing of lbsup.
func up(t *testing.T) *lab.Lab {
	t.Helper()
	if err := lab.Missing(); err != nil {
		missing(t, err)
	}
	l, err := lab.Up(t.Context(), lab.OpenShift(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, node := range l.Nodes {
			if t.Failed() {
				journal, _ := node.Run(context.Background(), "journalctl", "--boot", "--no-pager", "--lines", "60", "--output", "short-precise")
				t.Logf("%s:\n%s", node.Name, journal)
			}
		}
		if err := l.Down(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// manager is a package manager of a host, with the packages in /root.
type manager struct {
	node                           *lab.Node
	install, upgrade, back, remove string
	files                          map[string]string // name → version
}

// managers of the pair: dpkg with its database, and rpm with its own, which knows of no other package.
func managers(l *lab.Lab) []manager {
	return []manager{
		{node: l.Nodes[0], install: "dpkg -i /root/" + deb(older), upgrade: "dpkg -i /root/" + deb(newer), back: "dpkg -i /root/" + deb(older), remove: "dpkg -r lbsup",
			files: map[string]string{deb(older): older, deb(newer): newer}},
		{node: l.Nodes[1], install: "rpm -i --nodeps /root/lbsup-*" + older + "-1.*.rpm", upgrade: "rpm -U --nodeps /root/lbsup-*" + newer + "-1.*.rpm",
			back: "rpm -U --nodeps --oldpackage /root/lbsup-*" + older + "-1.*.rpm", remove: "rpm -e --nodeps lbsup lbsup-selinux",
			files: map[string]string{rpm(older): older, rpmSELinux(older): older, rpm(newer): newer, rpmSELinux(newer): newer}},
	}
}

// bring puts the packages on the host.
func (m manager) bring(t *testing.T) {
	t.Helper()
	dirs := map[string]string{older: packagesIn(t, first), newer: packagesIn(t, upgrade)}
	for name, version := range m.files {
		data, err := os.ReadFile(filepath.Join(dirs[version], name))
		if err != nil {
			t.Fatal(err)
		}
		if err := m.node.Write(t.Context(), "/root/"+name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// sh runs a shell command on the host and returns what it printed, trimmed; the test fails if the command does.
func sh(t *testing.T, n *lab.Node, command string) string {
	t.Helper()
	out, err := n.Run(t.Context(), "/bin/sh", "-c", command)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

func write(t *testing.T, n *lab.Node, path, text string, mode os.FileMode) {
	t.Helper()
	if err := n.Write(t.Context(), path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	for !ok() {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func holds(t *testing.T, n *lab.Node) bool {
	t.Helper()
	held, err := n.Holds(vip)
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// configure is what the package tells the admin to do.
func configure(t *testing.T, n *lab.Node, start string) {
	t.Helper()
	cluster, err := os.ReadFile("../clusters/ocp-ibm-z.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, n, "/etc/lbsup/stats.password", "nobody-looks-here\n", 0o600)
	write(t, n, "/etc/lbsup/lbsup.yaml", string(cluster), 0o640)
	sh(t, n, "chgrp lbsup /etc/lbsup/lbsup.yaml && lbsup validate && "+start)
}

// well waits until the supervisor of this version says that all is.
func well(t *testing.T, n *lab.Node, version string) {
	t.Helper()
	var last string
	defer func() {
		if t.Failed() {
			t.Log(last)
		}
	}()
	eventually(t, n.Name+" is well with version "+version, func() bool {
		last, _ = n.Run(t.Context(), "lbsup", "status", "--json")
		var s struct {
			Version string
			Well    bool
		}
		return json.Unmarshal([]byte(last), &s) == nil && s.Well && s.Version == version
	})
}

// settled waits until keepalived has the priority that lbsup wants: a check that was new rises first.
func settled(t *testing.T, n *lab.Node, priority string) {
	t.Helper()
	const last = "journalctl --unit keepalived.service --output cat --no-pager | grep 'effective priority' | tail -n 1"
	eventually(t, n.Name+" has priority "+priority, func() bool { return strings.HasSuffix(sh(t, n, last), "to "+priority) })
}

// processes are the daemons' main ones: whoever restarts a daemon changes them.
func processes(t *testing.T, n *lab.Node) string {
	t.Helper()
	return sh(t, n, "systemctl show -P MainPID haproxy.service keepalived.service")
}

// raw is sh with all that was printed.
func raw(t *testing.T, n *lab.Node, command string) string {
	t.Helper()
	out, err := n.Run(t.Context(), "/bin/sh", "-c", command)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tree is every file of the host and every folder that is named after lbsup, without what any running host writes and what package managers keep about
// packages. Users stay when a package goes, as the distributions have it: nobody else shall get their numbers, and their files. The folders that
// packages share belong to a package that rpm's own database here does not know.
func tree(t *testing.T, n *lab.Node) map[string]bool {
	t.Helper()
	const find = `find /etc /usr /var -xdev \( -path /var/tmp -o -path /var/log -o -path /var/cache -o -path /var/lib/systemd -o -path /var/lib/dpkg -o -path /var/lib/rpm ` +
		`-o -path '/etc/*-' -o -path /etc/.pwd.lock -o -path /var/lib/private -o -path /usr/local \) -prune -o \( ! -type d -o -name '*lbsup*' \) -print`
	files := map[string]bool{}
	for file := range strings.Lines(sh(t, n, find)) {
		files[strings.TrimSpace(file)] = true
	}
	return files
}

// serves waits until a client is answered over the VIP.
func serves(t *testing.T, l *lab.Lab) {
	t.Helper()
	client := l.Client(2 * time.Second)
	eventually(t, "a client is answered over the VIP", func() bool {
		_, err := lab.Ask(t.Context(), client, api)
		return err == nil
	})
}

// undisturbed fails the test when the deed costs a client an answer, moves the VIP, fails a check of keepalived's or restarts a daemon.
func undisturbed(t *testing.T, l *lab.Lab, both []manager, deed func()) {
	t.Helper()
	const news = "journalctl --unit keepalived.service --output cat --no-pager | grep -E 'Entering|returning|timed out|effective priority|FAULT' || true"
	serves(t, l)
	was := map[string]string{}
	for _, m := range both {
		was[m.node.Name] = processes(t, m.node) + "\n" + sh(t, m.node, news)
	}
	probe := l.Probe(api, 10*time.Millisecond, 5*time.Second)
	deed()
	asked := len(probe.Report().Samples)
	eventually(t, "the client asked on", func() bool { return len(probe.Report().Samples) > asked+20 })
	if report := probe.Stop(); report.Failed > 0 {
		t.Errorf("the client met: %v", report)
	}
	for _, m := range both {
		if diff := cmp.Diff(was[m.node.Name], processes(t, m.node)+"\n"+sh(t, m.node, news)); diff != "" {
			t.Errorf("%s: processes and keepalived's news (-before +after)\n%s", m.node.Name, diff)
		}
	}
}
