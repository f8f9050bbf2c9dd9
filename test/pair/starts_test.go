package pair

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/test/lab"
)

// start is a program that a node started: which, as whom, in which unit.
type start struct {
	program string
	user    string // the user ID; root is 0
	unit    string // empty outside of every service
}

// starts records every program that a node starts. fanotify(7) asks before each, and the program waits for the answer: none is too
// short to be seen. What the tests themselves start on the node is left out.
type starts struct {
	file *os.File
	init int // PID 1 of the node, as the machine sees it
	done chan struct{}

	mu  sync.Mutex
	all []start
}

// watchStarts records until the test ends.
func watchStarts(t *testing.T, n *lab.Node) *starts {
	t.Helper()
	fd, err := unix.FanotifyInit(unix.FAN_CLASS_CONTENT|unix.FAN_CLOEXEC|unix.FAN_NONBLOCK, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_LARGEFILE)
	if err != nil {
		t.Fatalf("cannot watch for programs: %v", err)
	}
	w := &starts{file: os.NewFile(uintptr(fd), "fanotify"), init: n.PID(1), done: make(chan struct{})}
	root := fmt.Sprintf("/proc/%d/root", w.init)
	if err := unix.FanotifyMark(fd, unix.FAN_MARK_ADD|unix.FAN_MARK_FILESYSTEM, unix.FAN_OPEN_EXEC_PERM, unix.AT_FDCWD, root); err != nil {
		w.file.Close()
		t.Fatalf("cannot watch for programs: %v", err)
	}
	go func() {
		defer close(w.done)
		if err := w.run(); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s: cannot watch for programs: %v", n.Name, err)
		}
	}()
	t.Cleanup(func() { w.file.Close(); <-w.done })
	return w
}

func (w *starts) run() error {
	buffer := make([]byte, 64<<10)
	for {
		size, err := w.file.Read(buffer)
		if err != nil {
			return err
		}
		for rest := bytes.NewReader(buffer[:size]); rest.Len() > 0; {
			var event unix.FanotifyEventMetadata
			if err := binary.Read(rest, binary.NativeEndian, &event); err != nil {
				return err
			}
			if err := w.answer(event); err != nil {
				return err
			}
			if _, err := rest.Seek(int64(event.Event_len)-int64(event.Metadata_len), io.SeekCurrent); err != nil {
				return err
			}
		}
	}
}

// answer lets a program start, and writes it down.
func (w *starts) answer(event unix.FanotifyEventMetadata) error {
	defer unix.Close(int(event.Fd))
	if w.own(int(event.Pid)) {
		program, _ := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", event.Fd))
		w.mu.Lock()
		w.all = append(w.all, start{program, status(int(event.Pid), "Uid:", 2), unit(int(event.Pid))})
		w.mu.Unlock()
	}
	return binary.Write(w.file, binary.NativeEndian, unix.FanotifyResponse{Fd: event.Fd, Response: unix.FAN_ALLOW})
}

// counts says how often each was started.
func (w *starts) counts() map[start]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := map[start]int{}
	for _, one := range w.all {
		all[one]++
	}
	return all
}

// more waits until a program was started so many times more.
func (w *starts) more(t *testing.T, program string, times int) {
	t.Helper()
	count := func() (n int) {
		for s, c := range w.counts() {
			if s.program == program {
				n += c
			}
		}
		return n
	}
	enough := count() + times
	eventually(t, program+" was started again", func() bool { return count() >= enough })
}

// own says whether a process comes from the node's own PID 1, rather than from a test that entered the node.
func (w *starts) own(pid int) bool {
	for pid > 1 && pid != w.init {
		pid, _ = strconv.Atoi(status(pid, "PPid:", 1))
	}
	return pid == w.init
}

// status is a field of a line of /proc/PID/status, see proc_pid_status(5).
func status(pid int, key string, field int) string {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // it waits for us, so it is there
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > field && f[0] == key {
			return f[field]
		}
	}
	return ""
}

// unit is the service whose cgroup a process is in.
func unit(pid int) string {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	for line := range strings.Lines(string(data)) {
		for part := range strings.SplitSeq(strings.TrimSpace(line), "/") {
			if strings.HasSuffix(part, ".service") {
				return part
			}
		}
	}
	return ""
}
