package apply

import (
	"io/fs"
	"os"
	"syscall"
	"time"
)

// Identity is which file on the disk is meant. Inode, size and time of change are enough to see that somebody wrote it, without the right to read it.
type Identity struct {
	Size    int64     `json:"size,omitempty"`
	Inode   uint64    `json:"inode,omitempty"`
	ModTime time.Time `json:"mtime,omitzero"`
}

func (i *Identity) identify(info fs.FileInfo) {
	i.Size, i.ModTime = info.Size(), info.ModTime().UTC()
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		i.Inode = stat.Ino
	}
}

// unchanged says whether info is still the file that was recorded.
func (i Identity) unchanged(info fs.FileInfo) bool {
	now := Identity{}
	now.identify(info)
	return now.Size == i.Size && now.Inode == i.Inode && now.ModTime.Equal(i.ModTime)
}

// Input is a file of a person's, beside the cluster file, as an apply has read it: a password, a certificate, hand-written configuration.
type Input struct {
	Path string `json:"path"`
	Identity
}

// Rewritten returns the inputs that somebody has written or taken away since. What may not be looked at tells nothing.
func (m Manifest) Rewritten() []string {
	var out []string
	for _, i := range m.Inputs {
		info, err := os.Stat(i.Path) // through links, as it was read
		if os.IsNotExist(err) || err == nil && !i.unchanged(info) {
			out = append(out, i.Path)
		}
	}
	return out
}

// took notes that a file has been read.
func (a *attempt) took(name string, info fs.FileInfo) {
	i := Input{Path: name}
	i.identify(info)
	a.inputs = append(a.inputs, i)
}
