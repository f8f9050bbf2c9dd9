package doctor

import (
	"path/filepath"
	"strings"

	"github.com/lbsup/lbsup/render/haproxy"
)

// loadedLeft finds the files that HAProxy's unit has it load beside haproxy.cfg, as EL's does.
func (h Host) loadedLeft() (out []Leftover) {
	var unit strings.Builder
	for _, pattern := range haproxy.UnitFiles() {
		for _, path := range h.list(pattern) {
			text, _ := h.read(path)
			unit.WriteString(text + "\n")
		}
	}
	if !haproxy.LoadsConfigDir(unit.String()) {
		return nil
	}
	for _, path := range h.list(haproxy.ConfigDir + "/*.cfg") {
		if !strings.HasPrefix(filepath.Base(path), ".") {
			out = append(out, Leftover{Kind: kindLoaded, Path: path})
		}
	}
	return out
}

// loaded names such files together: they are moved together.
func loaded(e *examination, left []Leftover) {
	var paths []string
	for _, l := range left {
		if l.Kind == kindLoaded {
			paths = append(paths, l.Path)
		}
	}
	if len(paths) > 0 {
		e.warn("leftover."+kindLoaded, see("cat "+strings.Join(paths, " ")),
			"haproxy.service loads %s too, which lbsup does not render: move what is there into services, and remove it", joined(paths))
	}
}
