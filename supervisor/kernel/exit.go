package kernel

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Exit returns a channel that is closed when a process has ended; at once if there is no such process. When ctx ends first
// the channel stays open for good. The pidfd waits in the runtime's poller, so a watched process costs no thread, and it
// cannot be taken for a later process with the same PID.
func Exit(ctx context.Context, pid int) (<-chan struct{}, error) {
	end := make(chan struct{})
	file, err := openProcess(pid)
	if errors.Is(err, unix.ESRCH) {
		close(end)
		return end, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot watch process %d: %v", pid, err)
	}
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("cannot watch process %d: %v", pid, err)
	}
	go func() {
		stop := context.AfterFunc(ctx, func() { file.Close() })
		defer stop()
		defer file.Close()
		over := false
		if err := raw.Read(func(fd uintptr) bool { over = readable(fd); return over }); err == nil && over {
			close(end)
		}
	}()
	return end, nil
}

func openProcess(pid int) (*os.File, error) {
	if pid <= 0 {
		return nil, unix.EINVAL
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return nil, err
	}
	// PIDFD_NONBLOCK would do the same, from Linux 5.10 on.
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), "pidfd"), nil
}

// readable reports whether the process behind a pidfd has ended (pidfd_open(2), "Notes").
func readable(fd uintptr) bool {
	set := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(set, 0)
		if err != unix.EINTR {
			return err == nil && n > 0
		}
	}
}
