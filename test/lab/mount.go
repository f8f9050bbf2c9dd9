package lab

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// mountRoot lays an overlay over / at dir/root. The upper layer is a tmpfs: an overlay's upper may not be on another overlay, which / is in
// many containers, and what a host writes is forgotten with it anyway.
func mountRoot(dir string) (root string, err error) {
	upper, work, root := filepath.Join(dir, "upper"), filepath.Join(dir, "work"), filepath.Join(dir, "root")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("cannot make directory %q: %v", dir, err)
	}
	if err := unix.Mount("lbsup-lab", dir, "tmpfs", 0, "size=1g,mode=755"); err != nil {
		return "", fmt.Errorf("cannot mount a tmpfs at %q: %v", dir, err)
	}
	for _, d := range []string{upper, work, root} {
		if err := os.Mkdir(d, 0o755); err != nil {
			return "", fmt.Errorf("cannot make directory %q: %v", d, err)
		}
	}
	options := "lowerdir=/,upperdir=" + upper + ",workdir=" + work
	if err := unix.Mount("lbsup-lab", root, "overlay", 0, options); err != nil {
		return "", fmt.Errorf("cannot mount an overlay of / at %q: %v", root, err)
	}
	return root, nil
}

// unmountAll unmounts everything at or below dir, the deepest first.
func unmountAll(dir string) error {
	file, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return fmt.Errorf("cannot list mounts: %v", err)
	}
	defer file.Close()
	var points []string
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		if fields := strings.Fields(scanner.Text()); len(fields) > 4 && strings.HasPrefix(fields[4], dir+"/") {
			points = append(points, fields[4])
		}
	}
	var problems []error
	for _, point := range slices.Backward(points) {
		if err := unix.Unmount(point, unix.MNT_DETACH); err != nil {
			problems = append(problems, fmt.Errorf("cannot unmount %q: %v", point, err))
		}
	}
	return errors.Join(problems...)
}
