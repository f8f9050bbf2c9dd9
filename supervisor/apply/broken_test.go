package apply

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
)

// fault says what happens to the n-th call that an apply makes of its disk.
type fault struct {
	name  string
	err   error // nil: the machine stops
	half  bool  // what the call does is done by half
	done  bool  // it is done, and fails all the same, as where fsync(2) or close(2) tell late
	stays bool  // every later call that writes fails too, until the apply has ended
}

// faults is the table of what can go wrong with one call.
var faults = []fault{
	{name: "ENOSPC", err: syscall.ENOSPC},
	{name: "EROFS", err: syscall.EROFS},
	{name: "EIO", err: syscall.EIO},
	{name: "EDQUOT", err: syscall.EDQUOT},
	{name: "ENOSPC halfway", err: syscall.ENOSPC, half: true},
	{name: "EIO halfway", err: syscall.EIO, half: true},
	{name: "EIO when it was done", err: syscall.EIO, done: true},
	{name: "ENOSPC from then on", err: syscall.ENOSPC, stays: true},
	{name: "EROFS from then on", err: syscall.EROFS, stays: true},
	{name: "EIO from then on", err: syscall.EIO, stays: true},
	{name: "stop"},
	{name: "stop halfway", half: true},
}

// broken is a disk of which one call goes wrong. After a stop nothing is done any more, as on a machine without power.
type broken struct {
	fault
	at, calls int
	last      string
	stopped   bool
	halves    map[int]bool // calls that can be done by half
}

type stop struct{}

var errStopped = errors.New("the machine has stopped")

func (b *broken) call(what string, half, do func() error) error {
	if b.stopped {
		return errStopped
	}
	b.calls++
	if half != nil && b.halves != nil {
		b.halves[b.calls] = true
	}
	if b.calls < b.at || b.at == 0 || b.calls > b.at && !(b.stays && b.hits(what)) {
		return do()
	}
	if b.calls == b.at {
		b.last = what
	}
	if b.half && half != nil {
		_ = half()
	}
	if b.done {
		_ = do()
	}
	if b.err != nil {
		return &fs.PathError{Op: what, Path: "x", Err: b.err}
	}
	b.stopped = true
	panic(stop{})
}

// hits says whether an error that stays is met by a call of this kind. A full disk lets everything go on that needs no
// space, a disk that is read-only lets read, and one that is broken does nothing.
func (b *broken) hits(what string) bool {
	kind, _, _ := strings.Cut(what, " ")
	switch b.err {
	case syscall.ENOSPC:
		return slices.Contains([]string{"create", "mkdir", "symlink", "link"}, kind)
	case syscall.EROFS:
		return !slices.Contains([]string{"read", "lstat", "list", "readlink", "sync"}, kind)
	default:
		return true
	}
}

func (b *broken) disk() Disk {
	d := HostDisk()
	two := func(what string, f func(x, y string) error) func(x, y string) error {
		return func(x, y string) error { return b.call(what+" "+x+" "+y, nil, func() error { return f(x, y) }) }
	}
	one := func(what string, f func(x string) error) func(x string) error {
		return func(x string) error { return b.call(what+" "+x, nil, func() error { return f(x) }) }
	}
	return Disk{
		Create: func(name string, data []byte, mode fs.FileMode, gid int) error {
			half := func() error { return os.WriteFile(name, data[:len(data)/2], 0o600) }
			return b.call("create "+name, half, func() error { return d.Create(name, data, mode, gid) })
		},
		Mkdir: func(name string, mode fs.FileMode, gid int) error {
			half := func() error { return os.Mkdir(name, 0o700) }
			return b.call("mkdir "+name, half, func() error { return d.Mkdir(name, mode, gid) })
		},
		Link: two("link", d.Link), Rename: two("rename", d.Rename), Symlink: two("symlink", d.Symlink),
		Remove: one("remove", d.Remove), Sync: one("sync", d.Sync),
		Read: func(name string) (data []byte, err error) {
			err = b.call("read "+name, nil, func() (e error) { data, e = d.Read(name); return e })
			return data, err
		},
		Lstat: func(name string) (info fs.FileInfo, err error) {
			err = b.call("lstat "+name, nil, func() (e error) { info, e = d.Lstat(name); return e })
			return info, err
		},
		List: func(name string) (names []string, err error) {
			err = b.call("list "+name, nil, func() (e error) { names, e = d.List(name); return e })
			return names, err
		},
		Readlink: func(name string) (target string, err error) {
			err = b.call("readlink "+name, nil, func() (e error) { target, e = d.Readlink(name); return e })
			return target, err
		},
	}
}

// interrupted applies with a broken disk; the report is only worth something when the machine did not stop.
func interrupted(h *host, b *broken, request string) (r Report, stopped bool) {
	h.Disk = b.disk()
	defer func() {
		h.Disk = HostDisk()
		if p := recover(); p != nil {
			if _, ours := p.(stop); !ours {
				panic(p)
			}
			stopped = true
		}
	}()
	return h.apply(request), false
}
