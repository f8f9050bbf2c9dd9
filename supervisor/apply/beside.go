package apply

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/render/haproxy"
)

// preflightBeside finds what HAProxy's unit loads beside the files that lbsup renders or is told of, so that HAProxy
// judges all of it together: a name or a port that is in both would otherwise only be seen at the reload.
func (a *attempt) preflightBeside() problems {
	files := a.otherFiles()
	if len(files) == 0 || !a.loadsOthers() {
		return nil
	}
	var refused problems
	for _, name := range files {
		data, _, err := a.trusted().read("HAProxy file", name, maxFile)
		if err != nil {
			refused = append(refused, reasons(err)...)
		}
		a.mask.learn(data)
	}
	a.beside = files
	a.note(fmt.Sprintf("haproxy.service loads %s too, which lbsup does not render: move what is there into services, and remove it",
		strings.Join(files, ", ")))
	return refused
}

// otherFiles are those that HAProxy takes from a directory, in its order (management manual, section 3: -f).
func (a *attempt) otherFiles() []string {
	found, err := filepath.Glob(filepath.Join(a.HAProxyDir, "*.cfg"))
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(found, func(name string) bool {
		info, err := os.Stat(name)
		return strings.HasPrefix(filepath.Base(name), ".") || err == nil && !info.Mode().IsRegular() ||
			a.local != nil && slices.Contains(a.local.HAProxy.Files, name)
	})
}

// loadsOthers reads HAProxy's unit. One that SELinux keeps from lbsup is taken to be EL's: it is where SELinux enforces
// and where there is such a directory.
func (a *attempt) loadsOthers() bool {
	var unit strings.Builder
	for _, pattern := range a.HAProxyUnit {
		found, err := filepath.Glob(pattern)
		if err != nil {
			continue
		}
		for _, name := range found {
			text, err := os.ReadFile(name)
			if errors.Is(err, fs.ErrPermission) {
				return true
			}
			unit.Write(append(text, '\n'))
		}
	}
	return haproxy.LoadsConfigDir(unit.String())
}
