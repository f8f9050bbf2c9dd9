package systemd

import (
	"bytes"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNotify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	must(t, err)
	defer socket.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	for _, word := range []string{Ready, Alive, Stopping, Status + "well"} {
		must(t, Notify(word))
		buffer := make([]byte, 100)
		n, err := socket.Read(buffer)
		must(t, err)
		if got := string(buffer[:n]); got != word {
			t.Errorf("got %q, want %q", got, word)
		}
	}
	t.Setenv("NOTIFY_SOCKET", filepath.Join(t.TempDir(), "none"))
	if err := Notify(Ready); err == nil || !strings.HasPrefix(err.Error(), "cannot notify systemd: ") {
		t.Errorf("got %v", err)
	}
	t.Setenv("NOTIFY_SOCKET", "")
	must(t, Notify(Ready))
}

func TestWatchdog(t *testing.T) {
	for _, test := range []struct {
		name, usec, pid string
		want            time.Duration
	}{
		{"wanted", "5000000", fmt.Sprint(os.Getpid()), 5 * time.Second},
		{"wanted of anybody", "20000", "", 20 * time.Millisecond},
		{"wanted of another process", "5000000", "1", 0},
		{"not wanted", "", "", 0},
		{"garbage", "soon", "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("WATCHDOG_USEC", test.usec)
			t.Setenv("WATCHDOG_PID", test.pid)
			if test.pid == "" {
				os.Unsetenv("WATCHDOG_PID")
			}
			if got, wanted := Watchdog(); got != test.want || wanted != (test.want > 0) {
				t.Errorf("got %v, %v, want %v", got, wanted, test.want)
			}
		})
	}
}

// TestMain lets a test run this program as a service that systemd gives sockets to.
func TestMain(m *testing.M) {
	if os.Getenv("LISTEN_FDS") == "" {
		os.Exit(m.Run())
	}
	listeners, err := Listeners()
	if err != nil {
		fmt.Println(err)
		os.Exit(0)
	}
	for _, name := range slices.Sorted(maps.Keys(listeners)) {
		for _, listener := range listeners[name] {
			fmt.Println(name, filepath.Base(listener.Addr().String()))
		}
	}
	again, err := Listeners()
	fmt.Println(len(again), err)
	os.Exit(0)
}

func TestListeners(t *testing.T) {
	dir := t.TempDir()
	listen := func(name string) *os.File {
		listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, name), Net: "unix"})
		must(t, err)
		t.Cleanup(func() { listener.Close() })
		file, err := listener.File()
		must(t, err)
		return file
	}
	plain, err := os.Open(os.DevNull)
	must(t, err)
	for _, test := range []struct {
		name, fds, names, want string
		files                  []*os.File
	}{
		{"two names", "3", "health:control:control", "control c1\ncontrol c2\nhealth h\n0 <nil>\n", []*os.File{listen("h"), listen("c1"), listen("c2")}},
		{"no names", "1", "", "LISTEN_FD_3 x\n0 <nil>\n", []*os.File{listen("x")}},
		{"none", "0", "", "0 <nil>\n", nil},
		{"no socket", "1", "health", "cannot take the socket \"health\" that systemd holds: file file+net health: getsockopt: socket operation on non-socket\n", []*os.File{plain}},
	} {
		t.Run(test.name, func(t *testing.T) {
			// systemd sets LISTEN_PID in the child; a shell that becomes the child does the same.
			command := exec.Command("/bin/sh", "-c", `LISTEN_PID=$$ exec "$0"`, os.Args[0])
			command.Env = []string{"LISTEN_FDS=" + test.fds, "LISTEN_FDNAMES=" + test.names}
			command.ExtraFiles = test.files
			var said bytes.Buffer
			command.Stdout, command.Stderr = &said, &said
			must(t, command.Run())
			if got := said.String(); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}
