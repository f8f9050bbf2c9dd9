package standin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	again  = 10 * time.Millisecond // between two looks for a process that is not there
	glance = 500                   // milliseconds after which a waiting looks whether it shall end
)

// Follow writes 0 into the file while a process of that name lives and 1 while none does.
func Follow(ctx context.Context, name, file string) error {
	for ctx.Err() == nil {
		pids := living(name)
		if err := write(file, len(pids) > 0); err != nil {
			return err
		}
		if len(pids) == 0 {
			select {
			case <-time.After(again):
			case <-ctx.Done():
			}
			continue
		}
		for _, pid := range pids {
			if err := outlive(ctx, pid); err != nil {
				return err
			}
		}
	}
	return nil
}

// write says whether all is well, unless the file says so already: keepalived hears of every writing.
func write(file string, well bool) error {
	text := "1\n"
	if well {
		text = "0\n"
	}
	if old, err := os.ReadFile(file); err == nil && string(old) == text {
		return nil
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return fmt.Errorf("cannot write track file %q: %v", file, err)
	}
	return nil
}

// living are the processes of a name that have not ended. One that nobody has waited for yet has ended.
func living(name string) []int {
	paths, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is a constant and good
	var pids []int
	for _, path := range paths {
		if text, err := os.ReadFile(path); err == nil && alive(string(text), name) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// alive reads the second and third field of /proc/PID/stat (proc(5)).
func alive(stat, name string) bool {
	open, end := strings.IndexByte(stat, '('), strings.LastIndexByte(stat, ')')
	if open < 0 || end < open || stat[open+1:end] != name {
		return false
	}
	fields := strings.Fields(stat[end+1:])
	return len(fields) > 0 && fields[0] != "Z" && fields[0] != "X"
}

// outlive waits for the end of a process.
func outlive(ctx context.Context, pid int) error {
	file, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot follow process %d: %v", pid, err)
	}
	defer unix.Close(file)
	for ctx.Err() == nil {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(file), Events: unix.POLLIN}}, glance)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("cannot follow process %d: %v", pid, err)
		}
		if n > 0 {
			return nil
		}
	}
	return nil
}
