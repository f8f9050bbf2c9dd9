package watch

import (
	"os"
	"syscall"
	"time"
)

// look is what a glance at a file shows: enough to tell that it is another file or has other content, without reading it.
type look struct {
	exists  bool
	device  uint64
	inode   uint64
	size    int64
	mode    os.FileMode
	written time.Time
	changed syscall.Timespec // of owner, mode or content
}

func glance(path string) look {
	info, err := os.Stat(path)
	if err != nil {
		return look{}
	}
	seen := look{exists: true, size: info.Size(), mode: info.Mode(), written: info.ModTime()}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		seen.device, seen.inode, seen.changed = stat.Dev, stat.Ino, stat.Ctim
	}
	return seen
}
