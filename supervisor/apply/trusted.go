package apply

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// What the files of an administrator may weigh.
const (
	maxClusterFile = 1 << 20
	maxSecretFile  = 4 << 10
	maxCertificate = 4 << 20
	maxLinks       = 40 // the kernel's own limit, path_resolution(7)
)

// trust says whose files may decide what root installs: files that nobody but root can have written, in directories
// of which the same is true.
type trust struct {
	below  string // directories down to this one are taken as they are; empty on a host
	anyone bool   // whoever wrote it
}

// read returns the content of a trusted regular file, and what the file was then.
func (t trust) read(what, name string, limit int64) ([]byte, fs.FileInfo, error) {
	data, info, err := t.readWhole(name, limit)
	var h hinted
	switch {
	case err == nil:
		return data, info, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, hinted{fmt.Errorf("cannot read %s %q: it does not exist", what, name), absentHint(what, name)}
	case errors.As(err, &h):
		return nil, nil, hinted{fmt.Errorf("cannot read %s %q: %w", what, name, h.error), h.hint}
	default:
		return nil, nil, fmt.Errorf("cannot read %s %q: %w", what, name, err)
	}
}

// absentHint says how a file of that kind comes to be.
func absentHint(what, name string) string {
	switch what {
	case "cluster file":
		return "examples are in /usr/share/doc/lbsup/examples, every key is in lbsup.yaml(5)"
	case "password file":
		return "write the password into it and nothing else: install -m 0600 /dev/stdin " + name
	default:
		return ""
	}
}

func (t trust) readWhole(name string, limit int64) ([]byte, fs.FileInfo, error) {
	resolved, err := t.resolve(name)
	if err != nil {
		return nil, nil, err
	}
	// O_NONBLOCK: a FIFO in the place of a file must not hold the apply up.
	f, err := os.OpenFile(resolved, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, errors.New("it is not a regular file")
	}
	if err := t.check(resolved, info); err != nil {
		return nil, nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("it is larger than %d KiB", limit>>10)
	}
	return data, info, err
}

// resolve follows the symbolic links of a path by hand, so that every directory on the way is looked at. Links are
// allowed (certificates usually are some): in a trusted directory only root can have made them.
func (t trust) resolve(name string) (string, error) {
	if !filepath.IsAbs(name) {
		return "", errors.New("it is not an absolute path")
	}
	at, rest := "/", parts(name)
	for links := 0; len(rest) > 0; {
		next := filepath.Join(at, rest[0])
		rest = rest[1:]
		info, err := os.Lstat(next)
		if err != nil {
			return "", err
		}
		if info.Mode().Type() == fs.ModeSymlink {
			if links++; links > maxLinks {
				return "", errors.New("too many symbolic links")
			}
			target, err := os.Readlink(next)
			if err != nil {
				return "", err
			}
			if filepath.IsAbs(target) {
				at = "/"
			}
			rest = append(parts(target), rest...)
			continue
		}
		if err := t.check(next, info); err != nil {
			return "", err
		}
		at = next
	}
	return at, nil
}

// check refuses what somebody other than root could have written. The group bits also cover POSIX ACLs, whose mask is
// shown there, acl(5).
func (t trust) check(name string, info fs.FileInfo) error {
	if t.anyone || t.below != "" && strings.HasPrefix(t.below+"/", name+"/") {
		return nil
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return fmt.Errorf("cannot tell who owns %q", name)
	case stat.Uid != 0 && int(stat.Uid) != os.Geteuid():
		return hinted{fmt.Errorf("%w: %q belongs to user %d, not to root", errUnsafe, name, stat.Uid), "chown root " + name}
	case info.Mode().Perm()&0o022 != 0:
		return hinted{fmt.Errorf("%w: %q (mode %04o) can be written by others than root", errUnsafe, name, info.Mode().Perm()), "chmod go-w " + name}
	default:
		return nil
	}
}

// errUnsafe is a file, or a directory on the way to it, that somebody other than root could have written.
var errUnsafe = errors.New("it is not safe")

func parts(path string) []string {
	return slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" || s == "." })
}
