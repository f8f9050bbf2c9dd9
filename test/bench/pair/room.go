package pair

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

const (
	// inotifyLimit is how many inotify instances one user may have. All hosts of all labs count as one: root of this machine.
	inotifyLimit = "/proc/sys/fs/inotify/max_user_instances"
	// inotifyOfPair is more than two hosts use: systemd, D-Bus, polkit, logind, udev, keepalived and lbsup have some each, and others on this machine some too.
	inotifyOfPair = 80
)

// MakeRoom sees to it that so many pairs can run at the same time, and returns what puts the machine back as it was. Without room, a host does not even boot.
func MakeRoom(pairs int) (back func() error, err error) { return makeRoom(inotifyLimit, pairs) }

func makeRoom(path string, pairs int) (back func() error, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot make room for %d pairs: %v", pairs, err)
	}
	had, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("cannot make room for %d pairs: %s: got %q, want a number", pairs, path, text)
	}
	want := pairs * inotifyOfPair
	if had >= want {
		return func() error { return nil }, nil
	}
	if err := os.WriteFile(path, []byte(strconv.Itoa(want)), 0o644); err != nil {
		return nil, fmt.Errorf("cannot make room for %d pairs: %v", pairs, err)
	}
	return func() error { return os.WriteFile(path, text, 0o644) }, nil
}
