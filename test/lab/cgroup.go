package lab

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Where systemd is PID 1, nspawn asks it for a scope. Elsewhere nspawn stays in its caller's cgroup, and two containers that
// share one would take each other's services for their own: so each gets a cgroup of its own, in the hierarchies that systemd manages.

func systemdManagesMachine() bool {
	_, err := os.Stat("/run/systemd/system")
	return err == nil
}

// hierarchies are the mount points of cgroup2 and of version 1's name=systemd.
func hierarchies() []string {
	file, err := os.Open("/proc/self/mounts")
	if err != nil {
		return nil
	}
	defer file.Close()
	var points []string
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		f := strings.Fields(scanner.Text())
		if len(f) > 3 && (f[2] == "cgroup2" || f[2] == "cgroup" && slices.Contains(strings.Split(f[3], ","), "name=systemd")) {
			points = append(points, f[1])
		}
	}
	return points
}

func makeCgroups(name string) ([]string, error) {
	var dirs []string
	for _, point := range hierarchies() {
		dir := filepath.Join(point, name)
		if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("cannot make cgroup %q: %v", dir, err)
		}
		dirs = append(dirs, dir)
	}
	return dirs, nil
}

// removeCgroups removes every cgroup whose name starts so, from the leaves up. A cgroup stays busy until its last zombie is reaped.
func removeCgroups(prefix string) error {
	var problems []error
	for _, point := range hierarchies() {
		tops, _ := filepath.Glob(filepath.Join(point, prefix+"*"))
		for _, top := range tops {
			problems = append(problems, removeCgroup(top))
		}
	}
	return errors.Join(problems...)
}

func removeCgroup(top string) error {
	var dirs []string
	_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			dirs = append(dirs, path)
		}
		return nil // what vanishes meanwhile need not be removed
	})
	for _, dir := range slices.Backward(dirs) {
		if err := removeBusy(dir); err != nil {
			return fmt.Errorf("cannot remove cgroup %q: %v", dir, err)
		}
	}
	return nil
}

func removeBusy(dir string) error {
	for tries := 0; ; tries++ {
		err := unix.Rmdir(dir)
		if err == nil || errors.Is(err, unix.ENOENT) {
			return nil
		}
		if !errors.Is(err, unix.EBUSY) || tries == 100 {
			return err
		}
		<-time.After(20 * time.Millisecond)
	}
}
