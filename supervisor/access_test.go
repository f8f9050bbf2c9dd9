package supervisor

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

// behind is what a process sees that may not enter a directory, nor read one file.
func behind(dir, unreadable string) access {
	refused := func(name, path string) error {
		if path != "" && strings.HasPrefix(name, path) {
			return &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
		}
		return nil
	}
	return access{
		stat: func(name string) (fs.FileInfo, error) { return nil, refused(name, dir) },
		read: func(name string) error { return refused(name, unreadable) },
	}
}

func TestWhatUserLbsupMayNotSee(t *testing.T) {
	const file = "/etc/lbsup/lbsup.yaml"
	text := strings.Replace(openshift(t), "mode: tcp\n    balance: roundrobin", "mode: http\n    tls: {certificates: [/etc/ssl/private/deep/api.pem]}\n    balance: roundrobin", 1)
	local := viewed(t, text)
	for _, row := range []struct {
		name string
		a    access
		want []status.Finding
	}{
		{"everything is seen", behind("", ""), nil},
		{"a directory of keys", behind("/etc/ssl/private/", ""), []status.Finding{warning("`setfacl -m u:lbsup:x /etc/ssl/private`, or `lbsup reload` after each change",
			"lbsup may not see /etc/ssl/private/deep/api.pem: it does not notice when that file changes")}},
		{"the cluster file", behind("", file), []status.Finding{failing("`chgrp lbsup /etc/lbsup/lbsup.yaml; chmod 0640 /etc/lbsup/lbsup.yaml`",
			"lbsup may not read /etc/lbsup/lbsup.yaml: edits are not noticed, and lbsup plan does not work")}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, row.a.findings(file, local)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
	if got := behind("/etc", file).findings(file, nil); len(got) != 1 {
		t.Errorf("before anything was installed: %+v", got)
	}
	if got := ownAccess.findings(t.TempDir()+"/none", nil); got != nil {
		t.Errorf("a cluster file that is not there: %+v", got)
	}
}
