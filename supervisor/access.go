package supervisor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

// access knows what user lbsup may not see. Root, who applies, sees everything: without a word of it a renewed certificate
// or an edit would just not be noticed.
type access struct {
	stat func(string) (fs.FileInfo, error)
	read func(string) error
}

// ownAccess is that of this process.
var ownAccess = access{stat: os.Stat, read: func(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return f.Close()
}}

// findings are about the cluster file and about what is named in it. A file that is not there is told of elsewhere.
func (a access) findings(clusterFile string, local *cluster.Local) []status.Finding {
	var out []status.Finding
	if err := a.read(clusterFile); errors.Is(err, fs.ErrPermission) {
		out = append(out, failing(fmt.Sprintf("`chgrp lbsup %s; chmod 0640 %s`", clusterFile, clusterFile),
			"lbsup may not read %s: edits are not noticed, and lbsup plan does not work", clusterFile))
	}
	if local == nil {
		return out
	}
	for _, path := range append(local.CertificateFiles(), local.SecretFiles()...) {
		if _, err := a.stat(path); errors.Is(err, fs.ErrPermission) {
			out = append(out, warning(fmt.Sprintf("`setfacl -m u:lbsup:x %s`, or `lbsup reload` after each change", a.barrier(path)),
				"lbsup may not see %s: it does not notice when that file changes", path))
		}
	}
	return out
}

// barrier is the directory that lets user lbsup no further: the last one on the way to a file that can be seen.
func (a access) barrier(path string) string {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if _, err := a.stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
	}
}
