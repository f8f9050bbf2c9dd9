package apply

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
)

// A generation's directory has one of these suffixes while it is being written or removed, so that no reader takes it
// for a whole one.
const (
	freshSuffix = ".new"
	staleSuffix = ".old"
)

func (e *Engine) generation(n int) string { return filepath.Join(e.generationsDir(), strconv.Itoa(n)) }

// write puts a whole generation on the disk, under a name that no reader takes for one. The cluster file and the
// manifest are for the group; everything else may hold passwords.
func (e *Engine) write(m Manifest, contents map[string][]byte) error {
	dir := e.generation(m.Number) + freshSuffix
	gid := e.group()
	if err := e.removeDir(dir); err != nil {
		return err
	}
	if err := e.Disk.Mkdir(dir, 0o750, gid); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		mode, owner := fs.FileMode(0o600), noGroup
		if name == clusterName {
			mode, owner = 0o640, gid
		}
		if err := e.Disk.Create(filepath.Join(dir, name), contents[name], mode, owner); err != nil {
			return err
		}
	}
	return e.writeJSON(filepath.Join(dir, manifestName), m, 0o640, gid)
}

// reveal gives a written generation the name under which readers find it.
func (e *Engine) reveal(n int) error {
	if err := e.Disk.Rename(e.generation(n)+freshSuffix, e.generation(n)); err != nil {
		return err
	}
	return e.Disk.Sync(e.generationsDir())
}

// point makes a generation the current one, in one step.
func (e *Engine) point(n int) error {
	link := filepath.Join(e.generationsDir(), currentName)
	if err := e.discard(link + freshSuffix); err != nil {
		return err
	}
	if err := e.Disk.Symlink(strconv.Itoa(n), link+freshSuffix); err != nil {
		return err
	}
	return e.Disk.Rename(link+freshSuffix, link)
}

// pointsAt is the number of the current generation, 0 when there is none.
func (e *Engine) pointsAt() (int, error) {
	target, err := e.Disk.Readlink(filepath.Join(e.generationsDir(), currentName))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("cannot find the current generation: %w", err)
	}
	n, _ := number(target)
	return n, nil
}

// next is a number that no generation has had.
func (e *Engine) next() (int, error) {
	names, err := e.Disk.List(e.generationsDir())
	if err != nil {
		return 0, err
	}
	last, err := e.pointsAt()
	for _, name := range names {
		if n, ok := number(name); ok {
			last = max(last, n)
		}
	}
	return last + 1, err
}

// removeDir removes a generation's directory, which has no directories in it.
func (e *Engine) removeDir(dir string) error {
	names, err := e.Disk.List(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := e.discard(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return e.discard(dir)
}

// weigh is what a generation takes on the disk: the manifest counts, for that of a refused one quotes the daemons.
func weigh(m Manifest, contents map[string][]byte) int64 {
	var sum int64
	if text, err := json.MarshalIndent(m, "", "  "); err == nil {
		sum = int64(len(text))
	}
	for _, data := range contents {
		sum += int64(len(data))
	}
	return sum
}
