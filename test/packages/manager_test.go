package packages

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

// manager is a package manager of a host, with the packages in /root.
type manager struct {
	node                           *lab.Node
	install, upgrade, back, remove string
	version                        string            // of what is installed
	files                          map[string]string // name → version
}

// managers of the pair: dpkg with its database, and rpm with its own, which knows of no other package.
func managers(l *lab.Lab) []manager {
	return []manager{
		{node: l.Nodes[0], install: "dpkg -i /root/" + deb(older), upgrade: "dpkg -i /root/" + deb(newer), back: "dpkg -i /root/" + deb(older), remove: "dpkg -r lbsup",
			version: "dpkg-query -W -f '${Version}' lbsup",
			files:   map[string]string{deb(older): older, deb(newer): newer}},
		{node: l.Nodes[1], install: "rpm -i --nodeps /root/lbsup-*" + older + "-1.*.rpm", upgrade: "rpm -U --nodeps /root/lbsup-*" + newer + "-1.*.rpm",
			back: "rpm -U --nodeps --oldpackage /root/lbsup-*" + older + "-1.*.rpm", remove: "rpm -e --nodeps lbsup lbsup-selinux",
			version: "rpm -q --qf '%{VERSION}-%{RELEASE}' lbsup",
			files:   map[string]string{rpm(older): older, rpmSELinux(older): older, rpm(newer): newer, rpmSELinux(newer): newer}},
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
