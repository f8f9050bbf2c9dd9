package apply

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"syscall"
)

// Disk is everything that an apply asks of the file system it writes to. Each function is one step after which the
// machine may stop; tests stop it after every single one.
type Disk struct {
	Create   func(name string, data []byte, mode fs.FileMode, gid int) error // new, complete and on the disk when it returns nil
	Link     func(oldname, newname string) error
	Rename   func(oldname, newname string) error
	Symlink  func(target, name string) error
	Mkdir    func(name string, mode fs.FileMode, gid int) error
	Remove   func(name string) error
	Sync     func(dir string) error
	Read     func(name string) ([]byte, error)
	Lstat    func(name string) (fs.FileInfo, error)
	List     func(dir string) ([]string, error) // sorted
	Readlink func(name string) (string, error)
}

// noGroup leaves a file's group alone.
const noGroup = -1

// maxFile is more than any configuration, and less than what hurts.
const maxFile = 64 << 20

// HostDisk is the Disk of the host.
func HostDisk() Disk {
	return Disk{
		Create:   createFile,
		Link:     os.Link,
		Rename:   os.Rename,
		Symlink:  os.Symlink,
		Mkdir:    makeDir,
		Remove:   os.Remove,
		Sync:     syncDir,
		Read:     readFile,
		Lstat:    os.Lstat,
		List:     listDir,
		Readlink: os.Readlink,
	}
}

func createFile(name string, data []byte, mode fs.FileMode, gid int) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, mode&0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, bytes.NewReader(data)); err != nil {
		return err
	}
	if gid != noGroup {
		if err := f.Chown(-1, gid); err != nil {
			return err
		}
	}
	if err := f.Chmod(mode); err != nil { // the umask has cut what OpenFile was given
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close() // NFS and quotas may only say here that the file is not complete
}

func makeDir(name string, mode fs.FileMode, gid int) error {
	if err := os.Mkdir(name, mode&0o700); err != nil {
		return err
	}
	if gid != noGroup {
		if err := os.Chown(name, -1, gid); err != nil {
			return err
		}
	}
	return os.Chmod(name, mode)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func readFile(name string) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s is larger than %d MiB", name, maxFile>>20)
	}
	return data, err
}

func listDir(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	slices.Sort(names)
	return names, nil
}
